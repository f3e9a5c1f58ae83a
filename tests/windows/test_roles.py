"""Whose account it is, by what its events tell."""

import numpy as np
import pytest

from detector.categories import BITS
from detector.windows import EVENT, FEATURES, fold
from detector.windows.roles import ADMIN, NOBODYS, SEAT, SHARING_BITS, UNTOLD
from tests.support.rows import empty_rows


def folded(*roles: int, excused: int = 0) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    """Logins of one account, of which each tells a role."""
    events = np.zeros(len(roles), EVENT)
    events["time_ms"] = 1_780_243_200_000 + np.arange(len(roles)) * 60_000
    events["role"] = roles
    events["account"] = 1
    events["excused"] = excused
    return fold(events, empty_rows(1))


@pytest.mark.parametrize(
    ("roles", "seat"),
    [
        ((NOBODYS,), 0),
        ((UNTOLD,), SEAT),
        ((SEAT,), SEAT),
        ((ADMIN,), ADMIN),
        ((ADMIN, UNTOLD), ADMIN),
        ((ADMIN, NOBODYS), ADMIN),
        ((ADMIN, SEAT), SEAT),
        ((SEAT, NOBODYS), SEAT),
        ((UNTOLD, NOBODYS), 0),
    ],
)
def test_an_event_that_tells_less_is_taken_by_those_before(roles: tuple[int, ...], seat: int) -> None:
    assert seat == folded(*roles)["seat"][-1]


@pytest.mark.parametrize(
    ("role", "excused", "then"),
    [
        (ADMIN, 0, SHARING_BITS),
        (SEAT, 0, 0),
        (SEAT, BITS["seat_sharing"], SHARING_BITS),
        (SEAT, BITS["account_sharing"], SHARING_BITS),
        (NOBODYS, BITS["seat_sharing"], BITS["seat_sharing"]),
        (ADMIN, BITS["crawler"], SHARING_BITS | BITS["crawler"]),
    ],
)
def test_an_administrator_shares_nothing_and_a_seat_is_excused_as_an_account_is(
    role: int, excused: int, then: int
) -> None:
    assert then == folded(role, excused=excused)["excused"][-1]


def test_a_feature_holds_every_role() -> None:
    assert ADMIN < 1 << 8 * FEATURES["seat"].itemsize

"""Days of use from hosting networks, and whose use it is."""

from typing import Any

import pytest

from detector.windows.hosting import A_DAYS_USE
from tests.support.spots import CLOUD, DAY_MS, HOUR_MS, MINUTE_MS, SHANGHAI, Account


def days(*uses: int, apart: int = 1, account: Account | None = None) -> Any:
    """So many uses of a cloud on each day, the days so far `apart`; what is seen after the last one."""
    account = account or Account()
    for day, count in enumerate(uses):
        for number in range(count):
            seen = account.sees_at(day * apart * DAY_MS + 2 * HOUR_MS + number * MINUTE_MS, CLOUD)
    return seen


def test_a_day_of_stray_use_does_not_count() -> None:
    assert 1 == days(A_DAYS_USE, A_DAYS_USE - 1)["hosting_days_14d"]
    assert 2 == days(A_DAYS_USE, A_DAYS_USE)["hosting_days_14d"]


def test_a_day_counts_once() -> None:
    assert 1 == days(3 * A_DAYS_USE)["hosting_days_14d"]


@pytest.mark.parametrize(("apart", "expected"), [(13, 2), (14, 1), (70, 1)])
def test_two_weeks_forget_at_their_edge_and_not_before(apart: int, expected: int) -> None:
    assert expected == days(A_DAYS_USE, A_DAYS_USE, apart=apart)["hosting_days_14d"]


def test_days_of_use_are_counted_wherever_it_comes_from_but_for_open_pages() -> None:
    account = Account()
    for day in range(5):
        account.sees_at(day * DAY_MS, SHANGHAI)
    for day in (5, 6):
        account.sees_at(day * DAY_MS, SHANGHAI, kind="heartbeat")
    assert 6 == account.sees_at(7 * DAY_MS, CLOUD)["used_days_14d"]
    assert 3 == account.sees_at(17 * DAY_MS, CLOUD)["used_days_14d"]


def test_days_are_told_only_where_a_cloud_is_used() -> None:
    account = Account()
    days(A_DAYS_USE, account=account)
    assert 0 == account.sees_at(3 * HOUR_MS, SHANGHAI)["hosting_days_14d"]
    assert 0 == account.sees_at(3 * HOUR_MS, CLOUD, kind="heartbeat")["hosting_use"]


def stranger_after(known_days: int) -> tuple[int, int]:
    """What a new device in a cloud adds on its first day and on its third, where the holder is at home."""
    account = Account()
    account.sees_at(0, SHANGHAI)
    counts = []
    for day in (known_days, known_days + 2):
        for number in range(A_DAYS_USE):
            seen = account.sees_at(day * DAY_MS + HOUR_MS + number, CLOUD, device=2)
        assert 1 == seen["hosting_use"]
        counts.append(int(seen["hosting_24h"]))
    return counts[0], counts[1]


def test_a_strangers_first_day_is_not_the_accounts() -> None:
    assert (0, A_DAYS_USE) == stranger_after(known_days=2)
    assert (A_DAYS_USE, A_DAYS_USE) == stranger_after(known_days=0)

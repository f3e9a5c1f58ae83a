"""What a crowd's row says of sign-ups, one cell at a time."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.windows.crowds.layout import DAY_MS, ENTRIES
from detector.windows.crowds.signups import CLOSE, SIGNUP_CELL, SIGNUP_ROW, TRAITS, fold_signups

START_MS = 1_780_243_200_000


def fold(*told: dict[str, Any]) -> tuple[NDArray[np.void], Any]:
    """Fold sign-ups an hour apart into one row; return the features and the row."""
    cells = np.zeros(len(told), SIGNUP_CELL)
    for number, facts in enumerate(told):
        cells["time_ms"][number] = START_MS + number * 3_600_000
        cells["name"][number] = 1_000 + number
        for name, value in facts.items():
            cells[name][number] = value
    rows = np.zeros(1, SIGNUP_ROW)
    return fold_signups(cells, rows), rows[0]


def shared(features: NDArray[np.void], place: int) -> set[str]:
    """Which traits the sign-up in a place of the ring shares with the newest one."""
    bits = int(features["shared"][-1][place])
    return {name for bit, name in enumerate((*TRAITS, "close")) if bits >> bit & 1}


def test_two_sign_ups_share_what_is_known_of_both_and_equal() -> None:
    features, _ = fold({"phone": 7, "client": 1, "device": 0}, {"phone": 7, "client": 2, "device": 0})
    assert {"phone"} == shared(features, 0)


def test_a_refused_try_and_its_success_are_one_sign_up_that_succeeded() -> None:
    features, row = fold({"name": 5, "refused": 1}, {"name": 5, "refused": 1}, {"name": 5, "account": 9})
    assert [0, 0, 0] == features["slot"].tolist()
    assert [1, 1, 0] == features["refused"][:, 0].tolist()
    assert 1 == row["hours"].sum()


def test_one_name_of_two_accounts_is_two_sign_ups() -> None:
    features, _ = fold({"name": 5, "account": 1}, {"name": 5, "account": 2})
    assert [0, 1] == features["slot"].tolist()


def test_a_name_that_comes_again_after_a_week_is_another_sign_up() -> None:
    features, _ = fold({"name": 5}, {"name": 5, "time_ms": START_MS + 7 * DAY_MS + 1})
    assert [0, 1] == features["slot"].tolist()


def numbers(one: int, other: int, digits: int) -> set[str]:
    told = [{"stem": 3, "number": number, "digits": digits} for number in (one, other)]
    return shared(fold(*told)[0], 0) - {"stem"}


def test_running_numbers_are_close_as_far_as_their_digits_can_count() -> None:
    assert {"close"} == numbers(2864, 2864 + 64, 5)
    assert set() == numbers(2864, 2864 + 65, 5)
    assert {"close"} == numbers(100, 110, 3)
    assert set() == numbers(100, 111, 3)
    assert set() == numbers(12, 13, 2)


def test_years_of_birth_do_not_run_on() -> None:
    assert set() == numbers(1990, 1991, 4)
    assert {"close"} == numbers(2030, 2031, 4)
    assert {"close"} == numbers(1939, 1938, 4)


def test_numbers_of_other_names_are_not_close() -> None:
    features, _ = fold({"stem": 3, "number": 500, "digits": 4}, {"stem": 4, "number": 501, "digits": 4})
    assert set() == shared(features, 0)
    assert CLOSE == len(TRAITS)


def test_equal_addresses_prefixes_and_devices_have_one_label() -> None:
    features, _ = fold({"address": 1, "prefix": 1}, {"address": 2, "prefix": 1}, {"address": 1, "device": 4})
    assert [0, 1, 0] == features["addresses"][-1][:3].tolist()
    assert [0, 0, 2] == features["prefixes"][-1][:3].tolist()
    assert [0, 0, 2] == features["devices"][-1][:3].tolist()


def test_the_ring_forgets_the_oldest() -> None:
    features, _ = fold(*({"phone": 1} for _ in range(ENTRIES + 1)))
    assert 0 == features["slot"][-1]
    assert ENTRIES == np.count_nonzero(features["age_ms"][-1] >= 0)
    assert (ENTRIES - 1) * 3_600_000 == features["age_ms"][-1].max()


def test_the_usual_hour_and_day_are_those_of_the_days_before() -> None:
    days = [day for day, count in enumerate((1, 4, 2, 7, 9)) for _ in range(count)]
    features, _ = fold(*({"time_ms": START_MS + day * DAY_MS} for day in days))
    assert ([4.0, 6.0], [3, 3]) == (features["usual"][-1].tolist(), features["like_days"][-1].tolist())
    assert [0.0, 0.0] == features["usual"][0].tolist()

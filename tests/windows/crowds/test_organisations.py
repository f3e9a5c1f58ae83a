"""What an organisation's row says of its seats, one sign of work at a time."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detector.windows.crowds.layout import DAY_MS, ENTRIES
from detector.windows.crowds.organisations import (
    ORGANISATION_CELL,
    ORGANISATION_ROW,
    SEATS,
    fold_organisations,
)

START_MS = 1_780_243_200_000
"""Midnight in China."""
HASH = 2**63
"""Hashes fill 64 bits."""
MINUTE_MS = 60_000


def sign(seat: int, device: int = 0, *, day: int = 0, minute: int = 0, **facts: int) -> dict[str, int]:
    """A seat at work, on a computer unless `device` is 0."""
    return {
        "time_ms": START_MS + day * DAY_MS + minute * MINUTE_MS,
        "seat": HASH + seat,
        "device": HASH + device if device else 0,
        "prefix": 7,
        "computer": 1,
        "people": 1,
        **facts,
    }


def fold(*told: dict[str, int]) -> NDArray[np.void]:
    """Fold signs into one row; return the features."""
    cells = np.zeros(len(told), ORGANISATION_CELL)
    for number, facts in enumerate(told):
        for name, value in facts.items():
            cells[name][number] = value
    return fold_organisations(cells, np.zeros(1, ORGANISATION_ROW))


def last(*told: dict[str, int]) -> Any:
    """What is read after the last of them."""
    return fold(*told)[-1]


def test_a_seat_is_counted_once_a_day() -> None:
    seen = fold(sign(1), sign(1), sign(2), sign(1, day=1), sign(2, day=1))
    assert [1, 1, 2, 1, 2] == seen["seats_day"].tolist()


def test_as_many_seats_are_counted_exactly_as_there_are_places() -> None:
    assert SEATS == last(*(sign(number) for number in range(SEATS)))["seats_day"]


def test_a_seat_counts_by_those_who_are_proven_to_use_it() -> None:
    seen = fold(sign(1), sign(1, people=3), sign(1, people=2), sign(2), sign(1, day=1))
    assert [1, 3, 3, 4, 1] == seen["people_day"].tolist()


def test_an_administrator_is_no_seat() -> None:
    assert (1, 1) == tuple(last(sign(1), sign(9, 5, admin=1))[["seats_day", "people_day"]])


def test_days_are_over_that_had_more_people_than_seats() -> None:
    told = [sign(seat, day=day, bought=2) for day in (0, 1, 8) for seat in range(3)]
    assert [0, 0, 1, 1, 1, 2, 0, 0, 1] == fold(*told)["over_days_7d"].tolist()


def test_people_are_at_once_from_the_first_to_the_last_sign_of_a_day_and_half_an_hour_longer() -> None:
    told = [sign(1), sign(1, minute=60), sign(2, minute=100, bought=1), sign(2, minute=105, bought=1)]
    assert [0, 0, 2, 2] == fold(*told)["at_once_day"].tolist()
    assert 1 == last(sign(1), sign(1, minute=60), sign(2, minute=105, bought=1))["at_once_day"]


def test_those_who_share_a_seat_are_there_at_once() -> None:
    assert 3 == last(sign(1, people=2, bought=2), sign(2, bought=2))["at_once_day"]


def test_seats_that_are_bought_later_in_the_day_count_for_all_of_it() -> None:
    assert 0 == last(*(sign(seat, bought=2) for seat in range(3)), sign(0, bought=3))["over_days_7d"]


def test_a_number_that_nobody_told_is_never_passed() -> None:
    assert (0, 0) == tuple(last(*(sign(seat) for seat in range(9)))[["bought", "over_days_7d"]])


def test_a_computer_is_shared_that_several_seats_use_within_a_week() -> None:
    assert 0 == last(sign(1, 5), sign(2, 5, day=7))["computers_7d"]
    seen = last(sign(1, 5), sign(2, 5, day=6))
    assert (1, 2, 2, 0) == tuple(seen[["computers_7d", "among_7d", "seat_days_7d", "changes_7d"]])


def test_changes_are_shared_computers_beyond_the_first_of_a_seats_day() -> None:
    told = [sign(seat, device, minute=seat + device) for seat in (1, 2) for device in (5, 6, 7)]
    assert (3, 2, 2, 4) == tuple(
        last(*told)[["computers_7d", "among_7d", "seat_days_7d", "changes_7d"]],
    )


def test_a_computer_that_an_administrator_uses_is_nobodys() -> None:
    told = [sign(1, 5), sign(2, 5), sign(9, 5, admin=1), sign(1, 5, minute=40)]
    assert [0, 1, 0, 0] == fold(*told)["computers_7d"].tolist()


@pytest.mark.parametrize(("minute", "turns"), [(60, 1), (61, 0)])
def test_a_turn_is_a_return_within_an_hour_after_another_seat(minute: int, turns: int) -> None:
    assert turns == last(sign(1, 5), sign(2, 5, minute=30), sign(1, 5, minute=minute))["turns_day"]


def test_who_goes_on_takes_no_turn() -> None:
    assert 0 == last(sign(2, 5), sign(1, 5, minute=15), sign(1, 5, minute=30))["turns_day"]


def test_a_seat_that_is_at_work_elsewhere_as_well_takes_no_turns() -> None:
    seen = last(sign(1, 6), sign(1, 5), sign(2, 5, minute=20), sign(1, 5, minute=40), sign(2, 5, minute=50))
    assert (1, 1) == tuple(seen[["turns_day", "turned_seats"]])


def test_own_computers_count_beyond_two_a_day_from_their_second_day_on() -> None:
    told = [sign(1, device, day=day, minute=device) for day in range(3) for device in (5, 6, 7, 8, 9)]
    seen = fold(*told)
    assert (0, 0) == tuple(seen[4][["own_14d", "beyond_14d"]])
    assert (5, 6) == tuple(seen[-1][["own_14d", "beyond_14d"]])  # of three more than two, two count


def test_a_computer_in_another_network_is_not_counted_with_these() -> None:
    told = [sign(1, device, day=day, prefix=device) for day in range(3) for device in (5, 6, 7)]
    assert (1, 0) == tuple(last(*told)[["own_14d", "beyond_14d"]])


def test_only_first_signs_of_a_day_are_remembered_one_by_one() -> None:
    told = [sign(1, 5), sign(1, 5, minute=20), sign(1, 6, minute=40), sign(9, 5, admin=1), sign(2, day=1)]
    assert [0, -1, 1, -1, 2] == fold(*told)["slot"].tolist()


def test_slots_are_of_this_day_this_seat_and_those_that_several_use() -> None:
    seen = last(sign(1), sign(1, day=1, people=2), sign(2, day=1))
    assert (0b110, 0b010, 0b100) == tuple(seen[["day_slots", "several_slots", "own_slots"]])


def test_the_ring_goes_round() -> None:
    slots = fold(*(sign(number) for number in range(ENTRIES + 2)))["slot"].tolist()
    assert [*range(ENTRIES), 0, 1] == slots

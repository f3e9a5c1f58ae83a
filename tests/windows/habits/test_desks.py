"""Computers of one seat at work at once in one network."""

from typing import Any

import pytest

from detector.windows.roles import ADMIN, NOBODYS, SEAT, UNTOLD
from tests.support.spots import BEIJING, CARRIER, SHANGHAI, Spot
from tests.windows.habits.lives import MONDAY, Life


def turns(
    *devices: int, role: int = SEAT, gap: float = 3.0, day: int = MONDAY, life: Life | None = None
) -> Any:
    """Computers of an office sign by turns, each so many minutes after the other; what is seen at the end."""
    life = life or Life()
    seen: Any = None
    for number, device in enumerate(devices):
        seen = life.on(day, 10, device, minute=number * gap, role=role)
    return seen


def of_desks(seen: Any) -> tuple[int, int, int]:
    return int(seen["desk_people"]), int(seen["desk_sure"]), int(seen["desk_days_14d"])


def test_computers_meet_that_are_at_work_between_signs_of_each_other() -> None:
    assert (2, 4, 1) == of_desks(turns(*(1, 2) * 5))


def test_fewer_than_three_times_are_none() -> None:
    assert (1, 0, 0) == of_desks(turns(1, 2, 1, 2))


def test_who_moves_from_one_computer_to_another_meets_nobody() -> None:
    assert (0, 0, 0) == of_desks(turns(*(1,) * 20, *(2,) * 20))


def test_signs_too_far_apart_show_nothing() -> None:
    assert (0, 0, 0) == of_desks(turns(*(1, 2) * 9, gap=8.0))


def test_three_computers_that_meet_are_three_people() -> None:
    assert 3 == turns(*(1, 2, 3) * 9)["desk_people"]


@pytest.mark.parametrize("role", [NOBODYS, ADMIN])
def test_it_is_told_of_seats_only(role: int) -> None:
    assert (0, 0, 0) == of_desks(turns(*(1, 2) * 9, role=role))


def test_an_organisations_account_is_a_seat_where_nothing_else_is_told() -> None:
    assert 2 == turns(*(1, 2) * 9, role=UNTOLD)["desk_people"]


def test_computers_of_two_networks_are_no_desk() -> None:
    life, spots = Life(), (SHANGHAI, BEIJING)
    seen: Any = None
    for number in range(18):
        spot: Spot = spots[number % 2]
        seen = life.on(MONDAY, 10, 1 + number % 2, spot, minute=number * 3.0, role=SEAT)
    assert (0, 0, 0) == of_desks(seen)


def test_a_phone_beside_the_computer_is_no_desk() -> None:
    life = Life()
    seen: Any = None
    for number in range(18):
        seen = life.on(MONDAY, 10, 1 + number % 2, minute=number * 3.0, role=SEAT, desktop=number % 2)
    assert (0, 0, 0) == of_desks(seen)


def test_a_carriers_network_is_no_desk() -> None:
    life = Life()
    seen: Any = None
    for number in range(18):
        seen = life.on(MONDAY, 10, 1 + number % 2, CARRIER, minute=number * 3.0, role=SEAT)
    assert (0, 0, 0) == of_desks(seen)


def test_meetings_are_halved_every_week() -> None:
    life = Life()
    before = turns(*(1, 2) * 9, life=life)
    after = life.on(MONDAY + 7, 10, role=SEAT)
    assert before["desk_sure"] // 2 == after["desk_sure"]

"""Hands that come back after one another."""

import pytest

from tests.support.spots import BEIJING, SHANGHAI, SHANGHAI_OTHER_LINE, Spot
from tests.windows.habits.lives import SATURDAY, Life


def turns(there: Spot, hours: tuple[float, ...] = (11,), days: int = 5, first: int = 0) -> list[int]:
    """Two computers by turns, each at its line: at each hour of each day the other one."""
    life = Life()
    number = 0
    for day in range(first, first + days):
        for hour in hours:
            place = number % 2
            seen = life.on(day, hour, 1 + place, (SHANGHAI, there)[place])
            number += 1
    return [int(seen["far_turns_14d"]), int(seen["near_turns_14d"])]


@pytest.mark.parametrize(("there", "expected"), [(BEIJING, [3, 0]), (SHANGHAI_OTHER_LINE, [0, 0])])
def test_a_hand_that_comes_back_from_another_city_takes_a_turn(there: Spot, expected: list[int]) -> None:
    assert expected == turns(there)


@pytest.mark.parametrize(("there", "expected"), [(BEIJING, [13, 0]), (SHANGHAI_OTHER_LINE, [0, 5])])
def test_within_a_city_only_who_comes_back_on_the_same_day_takes_a_turn(
    there: Spot, expected: list[int]
) -> None:
    assert expected == turns(there, hours=(10, 12, 16))


def test_within_a_city_nobody_takes_turns_by_minutes() -> None:
    assert [0, 0] == turns(SHANGHAI_OTHER_LINE, hours=(10, 10.1, 10.2, 10.3), days=1)
    assert [0, 1] == turns(SHANGHAI_OTHER_LINE, hours=(10, 10.1, 10.3), days=1)


def test_hours_of_those_who_take_turns_are_compared() -> None:
    life = Life()
    for day in range(5):
        life.on(day, 10.5)
        seen = life.on(day, 16.5, device=2, spot=BEIJING)
    assert 1.0 == float(seen["turns_apart"])
    for day in range(7, 11):
        life.on(day, 16.5)
        seen = life.on(day, 16.6, device=2, spot=BEIJING)
    assert 0.0 < float(seen["turns_apart"]) < 0.7


def test_home_in_the_evening_and_at_work_in_the_daytime_are_no_turns() -> None:
    assert [0, 0] == turns(BEIJING, hours=(11, 20))


@pytest.mark.parametrize(
    ("there", "hours", "expected"),
    [
        pytest.param(BEIJING, (18.1, 20, 22), 2, id="far and back in one evening"),
        pytest.param(BEIJING, (17.9, 20, 22), 0, id="from work"),
        pytest.param(SHANGHAI_OTHER_LINE, (18.1, 20, 22), 0, id="to a neighbour and back"),
        pytest.param(BEIJING, (18.1, 20, 25), 0, id="back by night"),
    ],
)
def test_far_and_back_in_one_evening_is_two_turns(
    there: Spot, hours: tuple[float, ...], expected: int
) -> None:
    assert [expected, 0] == turns(there, hours, days=1)


def test_a_phone_far_away_takes_no_turn_in_the_evening() -> None:
    life = Life()
    life.on(0, 19)
    life.on(0, 20, device=2, spot=BEIJING, desktop=0)
    assert 0 == life.on(0, 21)["far_turns_14d"]


def test_a_weekend_elsewhere_is_no_turn() -> None:
    life = Life()
    for week in range(2):
        for day in (0, 1, 2, 3, 4):
            life.on(7 * week + day, 11)
        seen = life.on(7 * week + SATURDAY, 11, device=2, spot=BEIJING)
    assert 0 == seen["far_turns_14d"]


def test_turns_are_forgotten_after_two_weeks() -> None:
    life = Life()
    for day in range(5):
        life.on(day, 11, 1 + day % 2, (SHANGHAI, BEIJING)[day % 2])
    assert 1 == life.on(16, 10)["far_turns_14d"]
    assert 0 == life.on(30, 11)["far_turns_14d"]

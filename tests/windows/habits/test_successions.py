"""Some hands gone for good before the next ones came."""

from dataclasses import replace
from typing import Any

import pytest

from tests.support.spots import (
    BEIJING,
    BEIJING_OTHER_LINE,
    CARRIER,
    CHENGDU,
    SHANGHAI,
    SHANGHAI_OTHER_LINE,
    Spot,
)
from tests.windows.habits.lives import Life


def handed_over(there: Spot = BEIJING, hour: float = 10, **more: Any) -> Life:
    """A week by one device, then from the weekend to Thursday by another one elsewhere."""
    life = Life()
    for day in range(5):
        life.on(day, 10)
    for day in range(5, 11):
        life.on(day, hour, device=2, spot=there, **more)
    return life


def test_what_came_before_and_what_came_after_are_told() -> None:
    seen = handed_over().on(11, 10, device=2, spot=BEIJING)
    assert (5, 5, 1, 1) == seen[["old_days", "new_days", "clients_new", "moved_far"]].tolist()
    assert 4.0 == float(seen["missed_days"])
    assert 2 == seen["successions"]


def test_whoever_comes_every_other_day_is_missed_half_as_much() -> None:
    life = Life()
    for day in (0, 2, 4):
        life.on(day, 10)
    missed = [float(life.on(day, 10, 2, BEIJING)["missed_days"]) for day in range(5, 12)]
    assert pytest.approx([0.0, 0.0, 0.0, 0.6, 1.2, 1.8, 2.4]) == missed


def test_a_user_of_other_hours_keeps_other_hours() -> None:
    assert 0.0 == handed_over().on(11, 10, 2, BEIJING)["hours_apart"]
    assert 1.0 == handed_over(hour=22).on(11, 22, 2, BEIJING)["hours_apart"]


def test_another_line_of_the_same_city_is_not_far() -> None:
    assert 0 == handed_over(SHANGHAI_OTHER_LINE).on(11, 10, 2, SHANGHAI_OTHER_LINE)["moved_far"]


def test_a_client_that_was_there_before_is_not_new() -> None:
    seen = handed_over(fingerprint=1001).on(11, 10, 2, BEIJING, fingerprint=1001)
    assert (5, 0) == (seen["old_days"], seen["clients_new"])


def test_nobody_left_who_comes_back() -> None:
    life = handed_over()
    life.on(11, 8)
    assert 0 == life.on(11, 10, 2, BEIJING)["old_days"]


def test_nobody_left_whose_phone_is_still_there() -> None:
    life = Life()
    for day in range(5):
        life.on(day, 10)
        life.on(day, 12, device=3, spot=CARRIER)
    for day in range(5, 9):
        life.on(day, 10, device=2, spot=BEIJING)
        life.on(day, 12, device=3, spot=CARRIER)
    assert 0 == life.on(11, 10, 2, BEIJING)["old_days"]


def bought(*owned: tuple[int, Spot], days: int = 6) -> Any:
    """A week by one device, then every day all that the buyer owns, by turns; what the last day shows."""
    life = Life()
    for day in range(5):
        life.on(day, 10)
    for day in range(5, 6 + days):
        for number, (device, spot) in enumerate(owned):
            seen = life.on(day, 10 + number, device, spot)
    return seen


@pytest.mark.parametrize(
    "owned",
    [
        pytest.param([(2, BEIJING), (3, BEIJING_OTHER_LINE)], id="a computer at each of two lines"),
        pytest.param([(3, CARRIER), (2, BEIJING)], id="a phone that came first, and a computer"),
        pytest.param([(3, CARRIER), (4, BEIJING_OTHER_LINE), (2, BEIJING)], id="all of these"),
    ],
)
def test_whoever_comes_with_several_devices_and_lines_is_one_newcomer(owned: list[tuple[int, Spot]]) -> None:
    seen = bought(*owned)
    assert (5, 5, 1, 1) == seen[["old_days", "new_days", "clients_new", "moved_far"]].tolist()
    assert 4.0 == float(seen["missed_days"])


def test_a_newcomer_with_one_line_near_the_old_one_has_not_moved_far() -> None:
    assert 0 == bought((2, SHANGHAI_OTHER_LINE), (3, BEIJING))["moved_far"]


def test_a_phone_known_before_that_joins_what_is_new_holds_its_owner() -> None:
    life = Life()
    for day in range(5):
        life.on(day, 10)
        life.on(day, 12, device=3, spot=CARRIER)
    for day in range(5, 12):
        life.on(day, 10, device=2, spot=BEIJING)
        seen = life.on(day, 20, device=3, spot=BEIJING)
    assert (0, 0) == (seen["old_days"], seen["missed_days"])


@pytest.mark.parametrize("stays", [(1, SHANGHAI), (4, SHANGHAI), (3, CARRIER)])
def test_nobody_left_of_whom_one_of_several_things_stays(stays: tuple[int, Spot]) -> None:
    life = Life()
    for day in range(5):
        life.on(day, 9, 1)
        life.on(day, 10, *stays)
    for day in range(5, 11):
        life.on(day, 10, 2, BEIJING)
        life.on(day, 11, 5, BEIJING_OTHER_LINE)
    life.on(8, 12, *stays)
    assert 0 == life.on(11, 10, 2, BEIJING)["old_days"]


@pytest.mark.parametrize(
    "after",
    [
        pytest.param({"device": 1, "spot": BEIJING}, id="the same device elsewhere"),
        pytest.param({"device": 2, "spot": replace(SHANGHAI, prefix=70)}, id="a new one on the old line"),
    ],
)
def test_nobody_left_where_something_stays(after: dict[str, Any]) -> None:
    life = Life()
    for day in range(5):
        life.on(day, 10)
    for day in range(5, 9):
        seen = life.on(day, 10, **after)
    assert (0, 0) == (seen["old_days"], seen["successions"])


def test_a_string_of_users_is_counted() -> None:
    life = Life()
    for day, spot in enumerate((SHANGHAI, SHANGHAI, BEIJING, BEIJING, CHENGDU, CHENGDU)):
        seen = life.on(day, 10, device=day // 2, spot=spot, fingerprint=day // 2)
    assert 4 == seen["successions"]


def test_a_user_of_one_day_counts_half() -> None:
    life = Life()
    for day, spot in enumerate((SHANGHAI, BEIJING, CHENGDU)):
        seen = life.on(day, 10, device=day + 1, spot=spot, fingerprint=day)
    assert (2, 3, 0) == seen[["successions", "hands_once_14d", "hands_14d"]].tolist()


@pytest.mark.parametrize(
    ("minute", "expected"),
    [
        pytest.param(-1, 0, id="by those before"),
        pytest.param(1, 1, id="by the one who came"),
        pytest.param(24 * 60 + 1, 0, id="days after"),
    ],
)
def test_a_password_is_new_with_the_one_who_changed_it_on_coming(minute: int, expected: int) -> None:
    life = Life()
    for day in range(5):
        life.on(day, 10)
    if minute > 0:
        life.on(7, 9, 2, BEIJING)
    device, spot = (2, BEIJING) if minute > 0 else (1, SHANGHAI)
    life.on(7, 9, device, spot, minute=minute, kind="password_change")
    assert expected == life.on(9, 10, 2, BEIJING)["password_new"]

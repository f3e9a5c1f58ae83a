"""How many people: hands that are at work at once."""

from typing import Any

import pytest

from detector.windows.habits.lines import FAR, NEAR
from detector.windows.habits.people import AT_ONCE
from detector.windows.habits.stints import WEIGHTS
from tests.support.spots import BEIJING, BEIJING_6, CHENGDU, SHANGHAI, SHANGHAI_OTHER_LINE, Spot
from tests.windows.habits.lives import Life


def at_once(*spots: Spot, times: int, every: float = 6, more: dict[str, Any] | None = None) -> Any:
    """A device at each spot, one after the other, each `times` times and the first once more."""
    life = Life()
    seen = None
    for number in range(times * len(spots) + 1):
        place = number % len(spots)
        given = more or {} if place else {}
        seen = life.on(0, 9, place + 1, spots[place], minute=number * every, **given)
    return seen


@pytest.mark.parametrize(("there", "weight"), [(BEIJING, WEIGHTS[FAR]), (SHANGHAI_OTHER_LINE, WEIGHTS[NEAR])])
def test_two_computers_that_interleave_often_enough_are_two_peoples(there: Spot, weight: int) -> None:
    # Every sign after the first two interleaves with the one before.
    enough = -(-AT_ONCE // weight) + 1
    assert 1 == at_once(SHANGHAI, there, times=(enough - 1) // 2)["people"]
    seen = at_once(SHANGHAI, there, times=(enough + 1) // 2)
    assert 2 == seen["people"]
    assert AT_ONCE <= seen["people_sure"]
    assert 0b11 == seen["hand_slots"]


def test_three_are_three() -> None:
    assert 3 == at_once(SHANGHAI, BEIJING, CHENGDU, times=6, every=5)["people"]


@pytest.mark.parametrize(
    ("there", "given"),
    [
        pytest.param(SHANGHAI, {}, id="one line"),
        pytest.param(BEIJING_6, {}, id="the other IP version"),
        pytest.param(BEIJING, {"more": {"desktop": 0}}, id="a phone"),
        pytest.param(BEIJING, {"every": 16}, id="a quarter of an hour between"),
        pytest.param(BEIJING, {"more": {"kind": "heartbeat"}}, id="an open page"),
    ],
)
def test_one_person_may_have(there: Spot, given: dict[str, Any]) -> None:
    assert 1 == at_once(SHANGHAI, there, times=20, **given)["people"]


def test_an_interleaving_is_counted_once_in_five_minutes() -> None:
    seen = at_once(SHANGHAI, SHANGHAI_OTHER_LINE, times=20, every=0.5)
    assert 1 == seen["people"]


def test_interleavings_fade_by_half_a_week() -> None:
    life = Life()
    for number in range(10):
        life.on(0, 9, 1 + number % 2, (SHANGHAI, BEIJING)[number % 2], minute=number * 6)
    assert [2, 2, 2, 1] == [life.on(7 * week, 9)["people"] for week in range(4)]


def test_a_device_seen_at_both_lines_takes_it_all_back() -> None:
    life = Life()
    for number in range(10):
        life.on(0, 9, 1 + number % 2, (SHANGHAI, BEIJING)[number % 2], minute=number * 6)
    assert 2 == life.on(0, 12)["people"]
    assert 1 == life.on(0, 13, spot=BEIJING)["people"]

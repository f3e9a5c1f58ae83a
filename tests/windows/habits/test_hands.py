"""What hangs together is one hand; what has nothing in common is another one."""

from dataclasses import replace

import pytest

from detector.windows.habits.layout import HANDS
from tests.support.spots import BEIJING, CARRIER, CHENGDU, SHANGHAI, SHANGHAI_OTHER_LINE, Spot
from tests.windows.habits.lives import Life


def spot(number: int) -> Spot:
    """A line like no other."""
    return replace(SHANGHAI, prefix=900 + number, asn=900 + number, region=900 + number)


def test_devices_of_one_line_are_one_hand() -> None:
    life = Life()
    assert [1, 1] == [life.on(0, 9, device=device)["hand"] for device in (1, 2)]


def test_lines_of_one_device_are_one_hand() -> None:
    life = Life()
    assert [1, 1] == [life.on(0, 9, spot=where)["hand"] for where in (SHANGHAI, BEIJING)]


@pytest.mark.parametrize("other", [BEIJING, SHANGHAI_OTHER_LINE])
def test_another_device_on_another_line_is_another_hand(other: Spot) -> None:
    life = Life()
    life.on(0, 9)
    assert 2 == life.on(0, 10, device=2, spot=other)["hand"]


def test_an_address_dealt_out_anew_is_the_same_line() -> None:
    life = Life()
    life.on(0, 9)
    assert 1 == life.on(1, 9, device=2, spot=replace(SHANGHAI, prefix=77, version=6))["hand"]


def test_a_carriers_gateway_belongs_to_nobody() -> None:
    life = Life()
    assert 0 == life.on(0, 9, spot=CARRIER)["hand"]
    assert 0 == life.on(0, 10, device=2, spot=CARRIER)["hand"]
    assert 1 == life.on(0, 11, device=2)["hand"]
    assert 1 == life.on(0, 12, device=2, spot=CARRIER)["hand"]


def test_a_phone_that_was_in_both_places_makes_them_one_hand() -> None:
    life = Life()
    life.on(0, 9, device=1, spot=SHANGHAI)
    life.on(0, 20, device=2, spot=BEIJING)
    life.on(1, 9, device=3, spot=SHANGHAI)
    assert 2 == life.hands
    seen = life.on(1, 20, device=3, spot=BEIJING)
    assert (1, 1, 2) == (life.hands, seen["hand"], seen["hand_days"])


def test_hands_seen_on_two_days_of_the_last_two_weeks_are_counted() -> None:
    life = Life()
    for day in range(2):
        life.on(day, 9, device=1)
        life.on(day, 10, device=2, spot=BEIJING)
    life.on(1, 11, device=3, spot=CHENGDU)
    assert 2 == life.on(2, 9)["hands_14d"]
    assert 1 == life.on(15, 9)["hands_14d"]


def test_the_hand_with_fewest_days_makes_room() -> None:
    life = Life()
    for day in range(2):
        for device in range(2, HANDS + 1):
            life.on(day, 9, device=device, spot=spot(device))
    life.on(2, 9, device=1, spot=spot(1))
    life.on(3, 9, device=50, spot=spot(50))
    assert HANDS == life.hands
    assert 3 == life.on(4, 9, device=2, spot=spot(2))["hand_days"]
    assert 1 == life.on(4, 9, device=1, spot=spot(1))["hand_days"]


def test_usual_hours_are_a_share_of_all() -> None:
    life = Life()
    for day in range(4):
        life.on(day, 9)
        life.on(day, 9, minute=30)
    assert pytest.approx(1 / 5) == float(life.on(4, 20)["hours_share"])
    assert pytest.approx(5 / 6) == float(life.on(4, 10)["hours_share"])

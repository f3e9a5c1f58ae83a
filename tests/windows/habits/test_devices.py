"""Which device an event comes from."""

from dataclasses import replace
from typing import Any

import pytest

from detector.windows.habits.devices import CLEARS_COOKIES
from detector.windows.habits.layout import DEVICES
from tests.support.spots import BEIJING, CARRIER, SHANGHAI
from tests.windows.habits.lives import Life


def test_a_device_is_known_by_its_id_wherever_it_is() -> None:
    life = Life()
    assert [1, 2, 3] == [
        life.on(day, 9, spot=spot)["device_days"] for day, spot in enumerate((SHANGHAI, BEIJING, CARRIER))
    ]


def test_two_signs_of_one_day_are_one_day() -> None:
    life = Life()
    assert [1, 1] == [life.on(0, hour)["device_days"] for hour in (9, 20)]


def test_a_cleared_cookie_is_the_same_device() -> None:
    life = Life()
    life.on(0, 9, device=1, fingerprint=5)
    assert 2 == life.on(1, 9, device=2, fingerprint=5)["device_days"]
    assert [2] == life.devices


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"fingerprint": 6}, id="another client"),
        pytest.param({"fingerprint": 5, "spot": BEIJING}, id="another network"),
    ],
)
def test_a_new_id_of(other: dict[str, Any]) -> None:
    life = Life()
    life.on(0, 9, device=1, fingerprint=5)
    life.on(1, 9, device=2, **other)
    assert [1, 2] == life.devices


def test_an_id_that_comes_back_was_never_cleared() -> None:
    life = Life()
    for day, device in enumerate((1, 2, 1, 2)):
        life.on(day, 9, device=device, fingerprint=5)
    assert [1, 2] == life.devices
    assert 0 == life.rows["habits"]["renewals"][0]


def test_who_clears_cookies_by_habit_has_the_same_device_elsewhere_too() -> None:
    life = Life()
    for number in range(CLEARS_COOKIES + 1):
        life.on(number, 9, device=1 + number, fingerprint=5)
    assert 5 == life.on(5, 9, device=99, fingerprint=5, spot=BEIJING)["device_days"]


def test_a_missing_id_is_unknown_not_new() -> None:
    life = Life()
    life.on(0, 9, device=1)
    assert 0 == life.on(1, 9, device=0, fingerprint=7, spot=BEIJING)["device_days"]
    assert [1] == life.devices


def test_a_missing_id_at_the_same_line_is_the_same_clients() -> None:
    life = Life()
    life.on(0, 9, device=1, fingerprint=5)
    assert 2 == life.on(1, 9, device=0, fingerprint=5, spot=replace(SHANGHAI, prefix=77))["device_days"]


def test_where_there_are_no_ids_a_client_stands_for_a_device() -> None:
    life = Life()
    seen = [
        life.on(day, 9, device=0, fingerprint=5, spot=spot) for day, spot in enumerate((SHANGHAI, BEIJING))
    ]
    assert [1, 2] == [one["device_days"] for one in seen]
    assert [5] == life.devices


def test_a_first_id_is_no_cleared_cookie() -> None:
    life = Life()
    life.on(0, 9, device=0, fingerprint=5)
    life.on(1, 9, device=8, fingerprint=5)
    assert [8] == life.devices
    assert 0 == life.rows["habits"]["renewals"][0]


def test_the_device_with_fewest_days_makes_room() -> None:
    life = Life()
    for day in range(2):
        for device in range(2, DEVICES + 1):
            life.on(day, 9, device=device)
    life.on(2, 9, device=1)
    life.on(3, 9, device=50)
    assert [*range(2, DEVICES + 1), 50] == life.devices


def test_days_are_forgotten_after_64() -> None:
    life = Life()
    life.on(0, 9)
    assert 2 == life.on(63, 9)["device_days"]
    assert 2 == life.on(64, 9)["device_days"]
    assert 1 == life.on(64 + 64, 9)["device_days"]
    assert 1 == life.on(10 * 64, 9)["device_days"]


@pytest.mark.parametrize("more", [{"kind": "heartbeat"}, {"account": 0}, {"excused": 1}, {"kind": "logout"}])
def test_nobodys_sign_is_not_remembered(more: dict[str, Any]) -> None:
    life = Life()
    life.on(0, 9, **more)
    assert [] == life.devices

"""Days of rounds: four provinces at work in a day, a provider's lines in two of them at most."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from detector.categories import CITY_SWITCHING_BIT
from detector.windows.itinerary.layout import STOPS
from detector.windows.layout import IPV6
from tests.support.spots import (
    BEIJING,
    BEIJING_OTHER_LINE,
    CARRIER,
    CHENGDU,
    CLOUD,
    NANJING,
    SHANGHAI,
    SHANGHAI_OTHER_LINE,
    Account,
    Spot,
)

GUANGZHOU = Spot(prefix=11, asn=4134, region=44, lat=23.1317, lon=113.266)
WUHAN = Spot(prefix=12, asn=4134, region=42, lat=30.5928, lon=114.305)
DAY = 24 * 60
"""Minutes."""
ROUND = (NANJING, CHENGDU, BEIJING, SHANGHAI)
"""Two provinces of one provider, and one each of two others."""


def day(account: Account, spots: Sequence[Spot], number: int = 0, signs: int = 3, **more: Any) -> int:
    """Work in one place after the other, go back to the first, and move on; return days of rounds."""
    minute = number * DAY
    for spot in (*spots, spots[0]):
        for _ in range(signs):
            account.sees(minute, spot, **more)
            minute += 5
    return int(account.sees(minute, spots[min(2, len(spots) - 1)], **more)["round_days_7d"])


def test_four_provinces_in_a_day_are_rounds() -> None:
    assert 1 == day(Account(), ROUND)
    assert 0 == day(Account(), ROUND[:3])


@pytest.mark.parametrize(
    ("spots", "days"),
    [
        pytest.param((NANJING, CHENGDU, GUANGZHOU, WUHAN), 0, id="four of one provider"),
        pytest.param((NANJING, CHENGDU, GUANGZHOU, WUHAN, BEIJING), 0, id="and one of another"),
        pytest.param((NANJING, CHENGDU, GUANGZHOU, WUHAN, BEIJING, SHANGHAI), 1, id="and one of a third"),
        pytest.param((NANJING, CHENGDU, SHANGHAI, SHANGHAI_OTHER_LINE), 0, id="two providers in one"),
        pytest.param(
            (BEIJING, BEIJING_OTHER_LINE, CHENGDU, SHANGHAI, NANJING), 1, id="four and a fifth line"
        ),
        pytest.param(
            (NANJING, CHENGDU, GUANGZHOU, replace(GUANGZHOU, asn=4837), BEIJING), 1, id="a third by another"
        ),
        pytest.param((BEIJING, SHANGHAI, CHENGDU, BEIJING_OTHER_LINE), 0, id="the first again by another"),
        pytest.param((*ROUND[:3], CARRIER), 0, id="a carrier's gateway"),
        pytest.param((*ROUND[:3], CLOUD), 0, id="a cloud"),
        pytest.param((*ROUND[:3], replace(SHANGHAI, region=0)), 0, id="an unknown province"),
        pytest.param((*ROUND[:3], replace(SHANGHAI, version=IPV6)), 0, id="the other IP version"),
        pytest.param([replace(spot, version=IPV6) for spot in ROUND], 1, id="all of the other IP version"),
    ],
)
def test_a_providers_lines_count_for_two_provinces_at_most(spots: Sequence[Spot], days: int) -> None:
    assert days == day(Account(), spots)


def test_a_stray_sign_is_no_work() -> None:
    assert 0 == day(Account(), ROUND, signs=1)


@pytest.mark.parametrize("more", [{"handheld": 1}, {"excused": CITY_SWITCHING_BIT}, {"account": 0}])
def test_phones_visitors_and_what_is_excused_make_no_rounds(more: dict[str, Any]) -> None:
    account = Account()
    for number, spot in enumerate(spot for spot in ROUND for _ in range(3)):
        account.sees(number * 5, spot, **more)
    assert 0 == day(account, ROUND[:3], 1)


def test_days_of_a_week_add_up() -> None:
    account = Account()
    assert [1, 1, 2, 2] == [
        day(account, spots, number) for number, spots in enumerate((ROUND, ROUND[:3]) * 2)
    ]
    assert [2, 1] == [day(account, ROUND[:3], number) for number in (6, 7)]
    assert 0 == day(account, ROUND[:3], 9)
    assert 1 == day(account, ROUND, 100)


def test_the_parts_of_two_days_are_no_rounds() -> None:
    account = Account()
    assert [0, 0] == [day(account, ROUND[:2]), day(account, ROUND[2:], 1)]


def test_more_stops_than_are_remembered_change_nothing() -> None:
    many = [replace(WUHAN, prefix=100 + n, region=100 + n, lon=100.0 + n) for n in range(STOPS + 1)]
    assert 0 == day(Account(), many)
    assert 1 == day(Account(), [*ROUND, *many])
    assert 1 == day(Account(), [BEIJING, *many[: STOPS - 2], SHANGHAI])


def test_a_stop_too_many_takes_no_others_place() -> None:
    strays = [replace(WUHAN, prefix=100 + n, region=100 + n) for n in range(STOPS - 3)]
    work = [spot for spot in ROUND[:3] for _ in range(3)]
    account = Account()
    for number, spot in enumerate((*work, *strays, SHANGHAI, SHANGHAI, SHANGHAI, BEIJING)):
        seen = account.sees(5 * number, spot)
    assert 0 == seen["round_days_7d"]

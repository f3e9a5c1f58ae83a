"""What is worth a note before it is worth a step, and what is not."""

from collections.abc import Iterable

import pytest

from detector.rules.base import ALWAYS_OBSERVE
from detector.rules.datacenter_use import DatacenterUse
from detector.rules.declared_bot import DeclaredBot
from tests.rules.events import HOUR_MS, LAPTOP, MINUTE_MS, NOON_MS, OTHER_BOT_AGENT, Event, Hand, every
from tests.rules.judging import findings
from tests.rules.networks import ALIYUN_BEIJING, BEIJING, GOOGLEBOT, SHANGHAI
from tests.rules.streams import (
    VISITOR,
    Crossing,
    between_two_cities,
    couriers,
    days_of_rounds,
    faster_than_an_airliner,
    googlebot,
    guesses_all_day,
    three_cities_in_a_day,
)

THRESHOLD = 0.5


def noted(rule: str, events: Iterable[Event]) -> list[float]:
    return [finding.strength for finding in findings(events) if finding.rule == rule]


def test_the_first_event_from_a_cloud_is_noted() -> None:
    assert [ALWAYS_OBSERVE] == noted("datacenter_use", [LAPTOP.behind(ALIYUN_BEIJING).login(NOON_MS)])


def test_a_visitor_from_a_cloud_uses_no_account() -> None:
    visits = VISITOR.behind(ALIYUN_BEIJING).pages(every(30 * MINUTE_MS, 30))
    assert [] == noted("datacenter_use", visits)


def test_one_long_day_in_a_cloud_is_worth_a_warning_and_the_second_one_more() -> None:
    days = [
        list(LAPTOP.behind(ALIYUN_BEIJING).pages(every(3 * MINUTE_MS, 160, NOON_MS + day * 24 * HOUR_MS)))
        for day in range(2)
    ]
    assert DatacenterUse().one_day == max(noted("datacenter_use", days[0]))
    assert 1.0 == max(noted("datacenter_use", [*days[0], *days[1]]))


def test_one_impossible_journey_is_noted() -> None:
    assert [ALWAYS_OBSERVE] == noted("impossible_travel", couriers([BEIJING, SHANGHAI], 20 * MINUTE_MS))


def test_a_day_later_a_note_is_forgotten() -> None:
    back = LAPTOP.login(NOON_MS + 24 * HOUR_MS)
    assert [] == noted("datacenter_use", [LAPTOP.behind(ALIYUN_BEIJING).login(NOON_MS), back])[1:]


def test_a_declared_bot_is_noted_after_a_few_requests() -> None:
    few = DeclaredBot().few
    bot = Hand(agent=OTHER_BOT_AGENT, account=None, device=None)
    assert [] == noted("declared_bot", bot.pages(every(HOUR_MS, few - 1)))
    assert [ALWAYS_OBSERVE] == noted("declared_bot", bot.pages(every(HOUR_MS, few)))


def test_only_a_failed_login_speaks_of_guessing() -> None:
    guessed = list(guesses_all_day(0))
    later = [LAPTOP.login(time_ms) for time_ms in every(2 * HOUR_MS, 5, guessed[-1]["time"] + HOUR_MS)]
    assert {"login_failure"} == {
        finding.evidence[-1].type for finding in findings([*guessed, *later]) if finding.rule == "brute_force"
    }


def test_however_many_cities_were_agreed_on_nobody_is_in_two_at_once() -> None:
    found = findings(faster_than_an_airliner(0), max_cities=10)
    assert {"impossible_travel"} == {one.rule for one in found if one.strength >= THRESHOLD}


@pytest.mark.parametrize(
    ("rule", "cities", "build"),
    [
        ("city_alternation", 2, between_two_cities),
        ("city_rounds", 3, three_cities_in_a_day),
        ("city_rounds", 4, days_of_rounds),
    ],
)
def test_cities_that_were_agreed_on_are_no_switching(rule: str, cities: int, build: Crossing) -> None:
    for agreed, expected in ((cities - 1, {rule}), (cities, set())):
        found = findings(build(0), max_cities=agreed)
        assert expected == {one.rule for one in found if one.rule == rule and one.strength >= THRESHOLD}


def test_a_published_crawlers_name_alone_excuses_nothing() -> None:
    impostor = ({**event, "ip": BEIJING.ip} for event in googlebot())
    assert max(noted("declared_bot", impostor)) > ALWAYS_OBSERVE


def test_a_published_crawlers_address_alone_excuses_nothing() -> None:
    somebody = Hand(GOOGLEBOT, None, OTHER_BOT_AGENT, None)
    assert max(noted("declared_bot", somebody.pages(every(8_000, 600)))) > ALWAYS_OBSERVE

"""Where nobody said which proxies are the platform's, an event with a chain says nothing by its address."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

import pytest

from detector.alerts import NotEvaluated
from detector.findings import Finding
from detector.rules import RULES
from detector.rules.brute_force import BruteForce
from detector.stages.judge import ADDRESSED as ADDRESSED_CATEGORIES
from tests.rules.crowds.streams import CROSSINGS as OF_CROWDS
from tests.rules.crowds.streams import LOOK_ALIKES as CROWDS_LOOK_ALIKES
from tests.rules.events import NOON_MS, Event, Hand
from tests.rules.judging import crowd_findings, findings
from tests.rules.networks import ALIYUN_BEIJING
from tests.rules.streams import CROSSINGS, LOOK_ALIKES, bot_by_its_own_word, guesses_at_once, many_pages

LOUDER = 12
ADDRESSED = {rule.name for rule in RULES if rule.places or rule.category in ADDRESSED_CATEGORIES}
every_crossing = pytest.mark.parametrize("crossing", [*chain(*CROSSINGS.values())])


def proxied(events: Iterable[Event], **more: Any) -> list[Event]:
    return [{**event, "forwarded_for": ["198.51.100.7"], **more} for event in events]


def test_rules_on_places_networks_and_takeovers_rest_on_addresses() -> None:
    some = {"overlapping_use", "city_alternation", "datacenter_use", "brute_force", "session_moved"}
    assert some <= ADDRESSED
    assert ADDRESSED.isdisjoint({"crawl_rate", "declared_bot"})


def unjudged(finding: Finding) -> set[str]:
    return {doubt.signal for doubt in finding.not_evaluated if doubt.code == "unknown_proxy"}


@every_crossing
def test_what_rests_on_an_address_is_silent_but_to_protect(crossing: Any) -> None:
    found = [one for one in findings(proxied(crossing(LOUDER))) if one.rule in ADDRESSED]
    assert {"protect"} >= {one.purpose for one in found}


@every_crossing
def test_a_visitor_is_never_accused(crossing: Any) -> None:
    visitors = ({name: v for name, v in event.items() if name != "account_id"} for event in crossing(LOUDER))
    allowed = [event for event in visitors if event["type"] in {"request", "login_failure"}]
    assert [] == findings(proxied(allowed))


@pytest.mark.parametrize("innocent", LOOK_ALIKES, ids=lambda one: f"{one.rule}-{one.build.__name__}")
def test_a_forged_chain_accuses_no_innocent(innocent: Any) -> None:
    found = findings(proxied(innocent.build(), ip=ALIYUN_BEIJING.ip), innocent.allow)
    assert {"protect"} >= {one.purpose for one in found if one.strength >= 0.5}


def test_a_chain_that_is_not_known_to_be_forged_leaves_earlier_events_what_they_were() -> None:
    visits = [*bot_by_its_own_word(0)]
    alone = findings(visits)
    among = findings([*visits, *proxied({**event, "event_id": f"p{event['event_id']}"} for event in visits)])
    assert alone
    assert [(one.event_id, one.value) for one in alone] == [(one.event_id, one.value) for one in among]


def test_a_finding_names_what_could_not_be_judged() -> None:
    found = findings(proxied(many_pages(LOUDER)))
    assert {"crawl_rate"} <= {one.rule for one in found}
    assert [ADDRESSED] * len(found) == [unjudged(one) for one in found]


def test_protection_goes_on_and_says_so() -> None:
    login, *guesses = guesses_at_once(8 * BruteForce().level)
    found, *_ = findings([login, *proxied(guesses)])
    rule = BruteForce().name
    assert (rule, True) == (found.rule, NotEvaluated(rule, "unknown_proxy") in found.not_evaluated)


@pytest.mark.parametrize("crossing", [*chain(*OF_CROWDS.values())])
def test_crowds_of_an_address_do_not_form(crossing: Any) -> None:
    assert {"network"}.isdisjoint(one.subject.type for one in crowd_findings(proxied(crossing(LOUDER))))


@pytest.mark.parametrize("innocent", CROWDS_LOOK_ALIKES, ids=lambda one: one.build.__name__)
def test_a_chain_makes_no_crowd_of_innocents(innocent: Any) -> None:
    assert [] == crowd_findings(proxied(innocent.build(), ip=ALIYUN_BEIJING.ip))


def test_the_person_behind_a_proxy_and_the_one_who_comes_directly_are_not_held_against_each_other() -> None:
    hand = Hand(ALIYUN_BEIJING)
    direct, behind = hand.login(NOON_MS), proxied([hand.login(NOON_MS + 1)])
    assert ["datacenter_use"] == [one.rule for one in findings([direct])]
    assert [] == findings(behind)
    assert ["datacenter_use"] == [one.rule for one in findings([direct, *behind])]

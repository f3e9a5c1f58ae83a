"""From what a rule says to a finding: whom it is about, what it rests on, what could not be judged."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec
import pytest
from msgspec import UNSET

from detector.alerts import NotEvaluated, Origin, Subject
from detector.findings import Finding
from detector.policy import Entitlements, Stamped
from detector.policy.entitlements import Entitlement
from detector.rules.brute_force import BruteForce
from detector.rules.declared_bot import DeclaredBot
from detector.rules.overlapping_use import OverlappingUse
from detector.stages.judge import REBUILT_FOR_MS
from detector.stages.masks import HIDDEN
from detector.stages.raised import AGAIN_MS, LOUDER, SURE
from detector.windows.layout import WITNESSES
from tests.policy.making import SHIPPED, addresses_shown, book, edited
from tests.rules.client_streams import a_plug_in, by
from tests.rules.events import (
    HOUR_MS,
    LAPTOP,
    MINUTE_MS,
    NOON_MS,
    OTHER_BOT_AGENT,
    PHONE_APP,
    Event,
    Hand,
    every,
)
from tests.rules.judging import alerts, findings, workshop
from tests.rules.networks import ALIYUN_BEIJING, BEIJING, BEIJING_UNICOM, RELAY_SYDNEY, SHANGHAI, VPN, Network
from tests.rules.streams import (
    GOOGLE,
    STRANGER,
    bot_by_its_own_word,
    by_turns,
    from_a_cloud,
    guesses_at_once,
    two_cities_at_once,
    two_lines_at_once,
)

CLOUD = LAPTOP.behind(ALIYUN_BEIJING)


class KafkaRecord(NamedTuple):
    value: bytes
    offset: int
    timestamp: int


def judged(events: Iterable[Event], *, rebuilt_ms: int = 0, **given: Any) -> list[Finding]:
    """Return what a shard of partition 3 finds in events that lie in Kafka from offset 100 on."""
    shard = workshop(**given).accounts("session-events", 3)
    if rebuilt_ms:
        shard.rebuild(rebuilt_ms)
    shard.read(
        [
            KafkaRecord(msgspec.json.encode(event), 100 + place, event["time"])
            for place, event in enumerate(events)
        ]
    )
    shard.raise_frontier(shard.newest + 1)
    ordered = shard.close()
    for key in shard.missing(ordered):
        shard.table.put(key, None, None)
    return shard.judge(ordered)


def doubts(found: Iterable[Finding], rule: str) -> set[NotEvaluated]:
    return {doubt for finding in found if finding.rule == rule for doubt in finding.not_evaluated}


def test_an_accounts_finding_is_about_the_account() -> None:
    (found,) = findings([{**CLOUD.login(NOON_MS), "org_id": "org-1"}])
    assert (Subject("account", "acc-1"), "acc-1", "org-1") == (found.subject, found.account_id, found.org_id)


@pytest.mark.parametrize(
    ("told", "categories"),
    [
        ({}, {"account_sharing"}),
        ({"org_id": "firm", "role": "seat"}, {"seat_sharing"}),
        ({"org_id": "firm"}, {"seat_sharing"}),
        ({"org_id": "firm", "role": "admin"}, set()),
    ],
)
def test_what_is_sharing_of_an_account_is_of_a_seat_and_nothing_of_an_administrator(
    told: dict[str, str], categories: set[str]
) -> None:
    found = findings({**event, **told} for event in two_lines_at_once(9))
    assert categories == {one.category for one in found if one.rule == "overlapping_lines"}


@pytest.mark.parametrize("excused", ["seat_sharing", "account_sharing"])
def test_a_seat_is_excused_by_an_entry_for_either_kind_of_sharing(excused: str) -> None:
    events = ({**event, "org_id": "firm", "role": "seat"} for event in two_lines_at_once(9))
    allow = [{"kind": "cidr", "value": "0.0.0.0/0", "for": [excused]}]
    assert set() == {one.category for one in findings(events, allow)} & {"seat_sharing", "account_sharing"}


@pytest.mark.parametrize(
    ("ip", "network"), [("1.86.208.7", "1.86.208.7"), ("2400:9380:80b0:1:2::7", "2400:9380:80b0:1::/64")]
)
def test_a_visitors_finding_is_about_the_network(ip: str, network: str) -> None:
    events = [{**event, "ip": ip} for event in bot_by_its_own_word(0)]
    *_, found = findings(events)
    assert (Subject("network", network), None) == (found.subject, found.account_id)


def test_what_is_noted_of_a_verified_crawler_is_noted_once_of_its_operators_network() -> None:
    networks = [GOOGLE.network._replace(ip=f"66.249.66.{host}") for host in range(1, 9)]
    events = [event for network in networks for event in a_few_pages(GOOGLE.behind(network))]
    assert 8 == len({event["ip"] for event in events}) == len(findings(events))
    assert {Subject("network", "asn:15169")} == {found.subject for found in findings(events)}
    assert ["observe"] == [alert.action for alert in alerts(events)]


def test_who_only_calls_himself_a_crawler_is_no_part_of_its_operators_network() -> None:
    events = [*a_few_pages(GOOGLE.behind(BEIJING)), *a_few_pages(replace(GOOGLE, agent=OTHER_BOT_AGENT))]
    ips = (BEIJING.ip, GOOGLE.network.ip)
    assert {Subject("network", ip) for ip in ips} == {found.subject for found in findings(events)}


def a_few_pages(hand: Hand) -> Iterator[Event]:
    for event in hand.pages(every(5 * MINUTE_MS, DeclaredBot().few)):
        yield {**event, "event_id": f"{hand.network.ip}/{event['event_id']}"}


def test_a_finding_says_which_rule_found_what_and_when() -> None:
    rule = OverlappingUse()
    *_, last = two_cities_at_once(0)
    (found,) = [one for one in findings(two_cities_at_once(0)) if one.rule == rule.name]
    assert (last["time"], last["event_id"]) == (found.time, found.event_id)
    assert (rule.version, rule.category, rule.purpose) == (found.rule_version, found.category, found.purpose)
    assert ("far_overlaps_24h", rule.overlaps, rule.overlaps) == (found.signal, found.value, found.threshold)
    assert 0.5 == found.strength


def test_evidence_begins_with_both_places_of_an_overlap() -> None:
    (found,) = [one for one in findings(two_cities_at_once(0)) if one.rule == "overlapping_use"]
    shown = [(one.city, one.country, one.asn, one.network, one.device_id) for one in found.evidence]
    assert [
        ("Beijing", "CN", BEIJING.asn, "residential", "laptop"),
        ("Shanghai", "CN", SHANGHAI.asn, "residential", "desktop"),
    ] == shown[:2]


def test_evidence_shows_both_lines_of_one_city() -> None:
    (found,) = [one for one in findings(two_lines_at_once(0)) if one.rule == "overlapping_lines"]
    assert [("Beijing", BEIJING.asn), ("Beijing", BEIJING_UNICOM.asn)] == [
        (one.city, one.asn) for one in found.evidence[:2]
    ]


def test_evidence_of_failed_logins_are_the_newest_of_them() -> None:
    *_, found = findings(guesses_at_once(2 * WITNESSES))
    assert WITNESSES == len(found.evidence)
    assert {"login_failure"} == {event.type for event in found.evidence}


def test_what_is_not_known_is_left_out_of_evidence() -> None:
    bot = Hand(VPN, None, OTHER_BOT_AGENT, None)
    found, *_ = findings(bot.pages(every(1000, DeclaredBot().requests)))
    (event,) = {one for one in found.evidence if one.event_id == found.event_id}
    assert {UNSET} == {event.device_id, event.session_id, event.city, event.region, event.origin}


def test_evidence_says_where_in_kafka_it_lies() -> None:
    (found,) = judged([LAPTOP.login(NOON_MS), CLOUD.login(NOON_MS + 1)])
    assert [Origin("session-events", 3, 101)] == [event.origin for event in found.evidence]


@pytest.mark.parametrize(
    ("how", "shown"), [("clear", "47.95.0.7"), ("truncated", "47.95.0.0/24"), ("hashed", HIDDEN)]
)
def test_addresses_are_shown_as_the_policy_says(how: str, shown: str) -> None:
    event = {**CLOUD.login(NOON_MS), "ip": "47.95.0.7"}
    (found,) = judged([event], book=book(addresses_shown(how)))
    assert [shown] == [one.ip for one in found.evidence]


def test_addresses_are_shown_as_the_accounts_plan_and_the_moment_have_it() -> None:
    plan = '\n[plans.trial.privacy]\naddresses = "truncated"\n'
    later = edited('version = "1"', 'version = "2"\neffective = 2030-01-01T00:00:00Z', plan)
    events = [{**CLOUD.login(moment), "ip": "47.95.0.7"} for moment in (NOON_MS, 1_900_000_000_000)]

    def shown(plan: str) -> list[str]:
        entitlements = Entitlements()
        entitlements.put(Stamped("acc-1", 0, Entitlement(plan=plan)))
        found = judged(events, book=book(SHIPPED, later), entitlements=entitlements)
        return [one.evidence[-1].ip for one in found]

    assert ["47.95.0.7", "47.95.0.0/24"] == shown("trial")
    assert ["47.95.0.7", "47.95.0.7"] == shown("member")


@pytest.mark.parametrize("how", ["truncated", "hashed"])
def test_a_visitors_network_is_named_however_addresses_are_shown(how: str) -> None:
    bot = Hand(VPN, None, OTHER_BOT_AGENT, None)
    pages = list(bot.pages(every(1000, DeclaredBot().requests)))
    said = [judged(pages, book=book(text)) for text in (SHIPPED, addresses_shown(how))]
    clear, other = [[(one.subject, one.event_id, one.rule) for one in found] for found in said]
    assert clear == other
    assert {"network"} == {one.subject.type for one in said[1]}


@pytest.mark.parametrize(
    ("network", "codes"),
    [
        (BEIJING, set()),
        (RELAY_SYDNEY, {"anonymous_network"}),
        (VPN, {"anonymous_network", "missing_geo"}),
    ],
)
def test_a_rule_on_places_says_what_could_not_be_placed(network: Network, codes: set[str]) -> None:
    rule = OverlappingUse()
    later = LAPTOP.behind(network).login(NOON_MS + 2 * HOUR_MS)
    found = findings([*two_cities_at_once(0), later])
    assert {NotEvaluated(rule.name, code) for code in codes} == doubts(found, rule.name)


def test_a_rule_that_does_not_rest_on_places_has_no_doubts_about_them() -> None:
    login, *guesses = guesses_at_once(0)
    found = findings([login, *({**event, "ip": VPN.ip} for event in guesses)])
    assert [BruteForce().name] == [one.rule for one in found]
    assert set() == doubts(found, BruteForce().name)


def test_after_a_loss_of_rows_it_is_said_that_windows_may_be_cut_short() -> None:
    cut_short = {NotEvaluated("datacenter_use", "rebuilt")}
    events = [CLOUD.login(NOON_MS)]
    for ago_ms, expected in ((0, cut_short), (REBUILT_FOR_MS - 1, cut_short), (REBUILT_FOR_MS, set())):
        assert expected == doubts(judged(events, rebuilt_ms=NOON_MS - ago_ms), "datacenter_use")
    assert set() == doubts(judged(events), "datacenter_use")


@pytest.mark.parametrize(("gap_ms", "heard"), [(AGAIN_MS - 1, [0]), (AGAIN_MS, [0, AGAIN_MS])])
def test_what_goes_on_is_heard_once_an_hour(gap_ms: int, heard: list[int]) -> None:
    assert heard == [one.time - NOON_MS for one in findings(CLOUD.login(t) for t in every(gap_ms, 2))]


def test_who_reports_a_misuse_is_heard_as_often_as_he_says_so() -> None:
    reports = [LAPTOP.report(t) for t in every(MINUTE_MS, 3)]
    found = [one for one in findings(reports) if one.rule == "misuse_reported"]
    assert [0, MINUTE_MS, 2 * MINUTE_MS] == [one.time - NOON_MS for one in found]


def test_what_grows_louder_is_heard_at_once() -> None:
    requests = 3 * DeclaredBot().requests
    bot = Hand(agent=OTHER_BOT_AGENT, account=None, device=None)
    found = findings(bot.pages(every(1000, requests)))
    heard = [one.strength for one in found if one.rule == "declared_bot" and one.strength >= 0.5]
    assert [0.5, 0.5 * LOUDER, 0.5 * LOUDER**2] == pytest.approx(heard[:3], rel=0.02)
    assert all(later >= min(LOUDER * before, SURE) for before, later in pairwise(heard))


def test_an_allow_entry_excuses_its_categories_only() -> None:
    events = [*from_a_cloud(3, 1)]
    entry = {"kind": "ip", "value": ALIYUN_BEIJING.ip}
    assert [] == findings(events, [entry])
    assert {"datacenter_use"} == {one.rule for one in findings(events, [{**entry, "for": ["crawler"]}])}


def test_an_allow_entry_that_has_expired_excuses_nothing() -> None:
    entry = {"kind": "ip", "value": ALIYUN_BEIJING.ip, "expires": NOON_MS}
    assert [] == findings([CLOUD.login(NOON_MS - 1)], [entry])
    assert 1 == len(findings([CLOUD.login(NOON_MS)], [entry]))


def test_findings_come_in_the_order_of_their_events() -> None:
    guessed = list(guesses_at_once(4))
    shared = by_turns(Hand(account="acc-2"), Hand(SHANGHAI, "desktop", account="acc-2"), 20)
    found = findings([*shared, *guessed, *(STRANGER.failure(NOON_MS + HOUR_MS, number=n) for n in range(30))])
    assert 3 < len(found)
    assert [(one.time, one.event_id) for one in found] == sorted((one.time, one.event_id) for one in found)


def test_without_a_list_of_clients_findings_about_clients_say_so() -> None:
    events = [*a_plug_in(0)]
    told = {found.not_evaluated for found in judged(events, own_clients=("web",))}
    untold = {found.not_evaluated for found in judged(events)}
    assert ({()}, {(NotEvaluated("foreign_client", "unknown_clients"),)}) == (told, untold)


def test_with_a_list_of_clients_any_other_is_foreign() -> None:
    events = [*by("tv", PHONE_APP, 5), *by("youcloud-7", PHONE_APP, 5, LAPTOP.behind(SHANGHAI))]
    own = ("Web", "youcloud-*")
    assert [] == judged(events)
    assert {5.0} == {found.value for found in judged(events, own_clients=own) if found.strength >= 0.5}
    assert [] == judged(events, own_clients=(*own, "tv"))

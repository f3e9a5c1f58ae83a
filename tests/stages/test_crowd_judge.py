"""By whose product and plan a crowd's findings are decided."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from msgspec import UNSET

from detector.cells import Cell, CrowdKey
from detector.findings import WAITS, WAITS_MS, Block, Finding, decode_block, encode_block
from detector.policy import Book, Entitlement, Stamped
from detector.rules.crowds import CROWD_RULES
from detector.stages.assemble import Workshop
from detector.stages.crowd_judge import ALONE, MOST_RELATED, OF_RINGS, TOGETHER
from detector.stages.crowd_ledger import member
from detector.stages.raised import AGAIN_MS, SURE
from detector.windows.crowds.layout import ENTRIES
from tests.ladder.making import HOUR_MS, START_MS
from tests.policy.making import SHIPPED, addresses_shown, book, edited, in_mode
from tests.rules.crowds.crawls import one_device_with_many_accounts
from tests.rules.crowds.logins import CROSSINGS as LOGINS
from tests.rules.crowds.organisations import far_more_than_seats
from tests.rules.crowds.signups import CROSSINGS as SIGNUPS
from tests.rules.crowds.signups import newcomer, one_device_signs_up_in_no_time
from tests.rules.events import Event, every
from tests.rules.judging import crowd_findings, workshop
from tests.rules.streams import guessed_at_once
from tests.stages.test_feedback import said

RULE = "signups_one_device"
CRAWL = "crawl_one_client"
TRIAL = {"new-1", "new-3"}
HASHED = (book(SHIPPED), book(addresses_shown("hashed")))
OFF = f'\n[plans.trial.rules.{RULE}]\nmode = "off"\n'


def made(of: Book) -> Workshop:
    shop = workshop(book=of)
    for name in TRIAL:
        shop.entitlements.put(Stamped(name, 0, Entitlement(plan="trial")))
    shop.entitlements.put(Stamped("org:firm", 0, Entitlement(plan="enterprise", seats=6)))
    return shop


def farm() -> list[Event]:
    return [{**event, "product": "p"} for event in one_device_signs_up_in_no_time(8)]


def found(rule: str, of: Book, events: list[Event]) -> list[Finding]:
    return [one for one in crowd_findings(events, made(of)) if one.rule == rule]


def test_an_accused_account_has_its_own_product_and_plan() -> None:
    told = found(RULE, book(SHIPPED), farm())
    assert {"p"} == {one.product for one in told}
    assert {one.account_id for one in told if one.plan == "trial"} == TRIAL
    assert {one.plan for one in told} == {"trial", None}


def test_each_account_of_a_ring_is_found_once_and_once_more_when_it_is_sure_and_names_the_others() -> None:
    events = list(one_device_signs_up_in_no_time(2 * MOST_RELATED))
    everybody = {event["account_id"] for event in events}
    told = [one for one in found(RULE, book(SHIPPED), events) if one.subject.type == "account"]
    times = Counter((one.subject.id, one.strength >= SURE, one.group is not None) for one in told)
    assert {1} == set(times.values())
    assert everybody == {name for name, _, _ in times}
    newest = told[-1]
    others = [event["account_id"] for event in events if event["account_id"] != newest.account_id]
    assert MOST_RELATED == len(newest.related) < newest.related_total
    assert others[-MOST_RELATED:] == [one.id for one in newest.related]


def ring(count: int, gap_ms: float) -> list[Event]:
    """Sign-ups of one device."""
    return [
        newcomer(number, "farm").registration(time_ms) for number, time_ms in enumerate(every(gap_ms, count))
    ]


@pytest.mark.parametrize("gap_ms", [1_000, WAITS_MS / TOGETHER - 1])
def test_who_comes_after_the_first_accounts_of_a_ring_is_told_of_with_others(gap_ms: float) -> None:
    groups, left = 3, TOGETHER - 1
    events = ring(ALONE + groups * TOGETHER + left, gap_ms)
    names = [event["account_id"] for event in events]
    told = found(RULE, book(SHIPPED), events)
    alone = {one.subject.id for one in told if one.subject.type == "account" and one.ring is UNSET}
    assert set(names[:ALONE]) == alone
    together = [one for one in told if one.subject.type == "group"]
    for number, one in enumerate(together):
        start = ALONE + number * TOGETHER
        chosen = events[start : start + TOGETHER]
        assert [event["account_id"] for event in chosen] == [each.id for each in one.related]
        assert [event["event_id"] for event in chosen] == [each.event_id for each in one.evidence]
        assert (one.account_id, one.time) == (one.related[-1].id, chosen[-1]["time"])
        named = {each.subject for each in told if each.ring == one.subject.id and each.time == one.time}
        assert set(one.related) == named
    assert groups == len(together) == len({one.subject for one in together})
    waiting = {one.subject.id for one in told if one.ring == WAITS}
    assert set(names[-left:]) == waiting - grouped(told)


def test_who_tries_again_while_it_waits_is_told_of_with_the_others() -> None:
    events = ring(ALONE + TOGETHER, 1_000)
    again = newcomer(ALONE, "farm").registration(events[-1]["time"] - 1)
    (group,) = {
        one.related
        for one in found(RULE, book(SHIPPED), [*events[:-1], again, events[-1]])
        if one.subject.type == "group"
    }
    assert {event["account_id"] for event in events[ALONE:]} == {each.id for each in group}


def test_accounts_of_a_slow_ring_are_not_told_of_together() -> None:
    told = found(RULE, book(SHIPPED), ring(3 * ALONE, WAITS_MS / (TOGETHER - 1)))
    assert {"account"} == {one.subject.type for one in told}
    assert {"waits", UNSET} == {one.ring for one in told}


def test_by_a_rule_in_shadow_each_account_is_told_of_by_itself() -> None:
    told = found(RULE, book(in_mode("shadow", RULE)), ring(3 * ALONE, 1_000))
    assert {(UNSET, "account")} == {(one.ring, one.subject.type) for one in told}


def test_what_else_a_group_shares_says_the_same_of_the_same_subject() -> None:
    told = [one for one in crowd_findings(ring(3 * ALONE, 1_000)) if one.subject.type == "group"]
    groups = Counter(one.subject for one in told)
    assert len({one.related for one in told}) == len(groups) < len(told)


def grouped(told: list[Finding], rule: str = RULE) -> set[str]:
    return {
        each.id for one in told if one.rule == rule and one.subject.type == "group" for each in one.related
    }


@pytest.mark.parametrize("known", ["verdict", "holder"])
def test_who_is_known_is_told_of_by_itself(known: str) -> None:
    shop, events = workshop(), ring(3 * ALONE, 1_000)
    one, later = (events[place]["account_id"] for place in (ALONE + 3, ALONE + 4))
    if known == "verdict":
        shop.feedback.put(said("some-alert", "benign", 0, key=one))
        shop.feedback.put(said("some-alert", "benign", 1_000, key=later))
    else:
        for name, hour in ((one, -1), (later, 1_000)):
            for since, holder in ((0, "a"), (START_MS + hour * HOUR_MS, "b")):
                shop.entitlements.put(Stamped(name, since, Entitlement(holder=holder)))
    told = crowd_findings(events, shop)
    assert one not in grouped(told)
    assert {UNSET} == {each.ring for each in told if each.subject.id == one}
    assert later in grouped(told)


def test_who_becomes_known_while_it_waits_is_told_of_by_itself() -> None:
    shop, events = workshop(), ring(3 * ALONE, 60_000)
    waits, later = events[ALONE + 1], events[ALONE + 3]
    hour = (later["time"] - START_MS) / HOUR_MS
    shop.feedback.put(said("some-alert", "benign", hour, key=waits["account_id"]))
    told = crowd_findings(events, shop)
    assert {"waits"} == {one.ring for one in told if one.subject.id == waits["account_id"]} - {UNSET}
    assert waits["account_id"] not in grouped(told)
    assert later["account_id"] in grouped(told)


def sure_of_the(daily: int) -> Book:
    """Return a policy by which the rule is sure of a ring when it is large."""
    late = f"parameters = {{ accounts = {ENTRIES}, daily = {daily} }}"
    return book(edited(f"[rules.{RULE}]", f"[rules.{RULE}]\n{late}"))


@pytest.mark.parametrize("gap_ms", [1_000, WAITS_MS / (TOGETHER - 1) + 1])
def test_who_was_told_of_before_is_told_of_with_others_when_the_rule_is_sure(gap_ms: float) -> None:
    told = found(RULE, sure_of_the(16), ring(50, gap_ms))
    first, again = (
        [one for one in told if one.subject.type == "account" and sure == (one.strength >= SURE)]
        for sure in (False, True)
    )
    before = [one.subject for one in first]
    alone = [one.subject for one in again if one.ring is UNSET]
    assert ALONE == len({*alone} & {*before})
    assert {each for one in again if one.subject.type == "group" for each in one.related} <= set(before)
    assert any(one.group is not None for one in again)


def test_nobody_waits_longer_because_the_rule_is_sure_meanwhile() -> None:
    told = found(RULE, sure_of_the(9), ring(ALONE + TOGETHER, WAITS_MS / (TOGETHER - 1) + 1))
    waits = [(one.subject, one.strength >= SURE) for one in told if one.ring == WAITS]
    assert {1, 2} == set(Counter(subject for subject, _ in waits).values())
    assert set() == grouped(told)


def test_in_shadow_for_a_plan_a_rule_groups_nobody_of_it() -> None:
    of = book(SHIPPED + f'\n[plans.trial.rules.{RULE}]\nmode = "shadow"\n')
    shop, events = workshop(book=of), ring(5 * ALONE, 1_000)
    trial = {event["account_id"] for event in events[1::2]}
    for name in trial:
        shop.entitlements.put(Stamped(name, 0, Entitlement(plan="trial")))
    told = crowd_findings(events, shop)
    assert grouped(told)
    assert not trial & grouped(told)
    assert {UNSET} == {one.ring for one in told if one.rule == RULE and one.subject.id in trial}


def test_each_account_is_in_one_group_of_a_rule() -> None:
    told = crowd_findings(ring(5 * ALONE, 1_000))
    rules = {one.rule for one in told if one.subject.type == "group"}
    assert len(rules) > 1
    for rule in rules:
        groups = {one.related for one in told if one.rule == rule and one.subject.type == "group"}
        assert len(grouped(told, rule)) == sum(map(len, groups))


def test_accounts_of_one_plan_are_told_of_together_as_it_shows_addresses() -> None:
    of = book(SHIPPED + '\n[plans.trial.privacy]\naddresses = "truncated"\n')
    shop, events = workshop(book=of), ring(5 * ALONE, 1_000)
    trial = {event["account_id"] for event in events[1::2]}
    for name in trial:
        shop.entitlements.put(Stamped(name, 0, Entitlement(plan="trial")))
    groups = [one for one in crowd_findings(events, shop) if one.subject.type == "group"]
    assert {None, "trial"} == {one.plan for one in groups}
    for one in groups:
        assert {one.plan == "trial"} == {each.id in trial for each in one.related}
        assert {one.plan == "trial"} == {event.ip.endswith("/24") for event in one.evidence}


def guessed(name: str) -> list[Event]:
    """How somebody guesses the password of an account, the day before."""
    day_ms = 24 * HOUR_MS
    return [{**event, "account_id": name, "time": event["time"] - day_ms} for event in guessed_at_once(10)]


def test_accounts_that_crawl_together_are_told_of_together_but_whom_somebody_may_have_entered() -> None:
    events = list(one_device_with_many_accounts(2 * ALONE))
    events.sort(key=lambda event: event["time"])
    names = list(dict.fromkeys(event["account_id"] for event in events))
    entered = names[-3]
    assert grouped(found(CRAWL, book(SHIPPED), events), CRAWL) > {entered}
    told = crowd_findings([*guessed(entered), *events])
    assert TOGETHER <= len(grouped(told, CRAWL))
    assert entered not in grouped(told, CRAWL)
    assert {UNSET} == {one.ring for one in told if one.subject.id == entered and one.rule == CRAWL}


def test_an_organisation_has_the_plan_of_its_own() -> None:
    (told,) = found("over_seats", book(SHIPPED), list(far_more_than_seats(0)))
    assert "enterprise" == told.plan


@pytest.mark.parametrize("rule", ["tried_by_one_client", "accounts_tried"])
def test_what_many_share_has_neither(rule: str) -> None:
    events = [{**event, "product": "p"} for event in LOGINS[rule][0](0)]
    assert {(None, None)} == {(one.product, one.plan) for one in found(rule, book(SHIPPED), events)}


def test_an_account_whose_plan_turns_the_rule_off_is_not_accused_and_all_others_are() -> None:
    everybody = {one.account_id for one in found(RULE, book(SHIPPED), farm())}
    assert everybody - TRIAL == {one.account_id for one in found(RULE, book(SHIPPED + OFF), farm())}


def test_who_was_spared_is_accused_once_the_rule_is_on() -> None:
    events = farm()
    middle = datetime.fromtimestamp(events[len(events) // 2]["time"] / 1000, UTC)
    later = edited('version = "1"', f'version = "2"\neffective = {middle.isoformat()}')
    assert TRIAL <= {one.account_id for one in found(RULE, book(SHIPPED + OFF, later), events)}


def test_who_was_accused_in_shadow_is_accused_once_and_again_once_the_rule_is_live() -> None:
    events = farm()
    middle_ms = events[len(events) // 2]["time"]
    middle = datetime.fromtimestamp(middle_ms / 1000, UTC)
    later = edited('version = "1"', f'version = "2"\neffective = {middle.isoformat()}')
    off, shadow = (found(RULE, book(in_mode(mode, RULE), later), events) for mode in ("off", "shadow"))
    assert off == [one for one in shadow if one.time >= middle_ms]
    tried = [one.account_id for one in shadow if one.time < middle_ms]
    assert tried
    assert len(set(tried)) == len(tried)
    assert set(tried) <= {one.account_id for one in off}
    assert found(RULE, book(SHIPPED), events) == found(RULE, book(in_mode("shadow", RULE)), events)


def test_a_crowd_that_is_told_of_in_shadow_is_told_of_again_once_the_rule_is_live() -> None:
    rule = "signups_source"
    events = list(SIGNUPS[rule][0](6))
    told, *_ = found(rule, book(in_mode("shadow", rule)), events)
    soon = datetime.fromtimestamp((told.time + 1) / 1000, UTC)
    later = edited('version = "1"', f'version = "2"\neffective = {soon.isoformat()}')
    off, shadow = (found(rule, book(in_mode(mode, rule), later), events) for mode in ("off", "shadow"))
    assert [told, *off] == shadow
    assert off[0].time < told.time + AGAIN_MS


def test_product_and_plan_travel_with_a_finding() -> None:
    told = tuple(found(RULE, book(SHIPPED), farm()))
    assert told == decode_block(encode_block(Block(0, 1, 5, told))).findings


def test_addresses_are_shown_as_the_accused_accounts_plan_has_it() -> None:
    plan = '\n[plans.trial.privacy]\naddresses = "truncated"\n'
    for one in found(RULE, book(SHIPPED + plan), farm()):
        shown, clear = [event.ip for event in one.evidence], list(one.addresses)
        assert (one.plan == "trial") == all(ip.endswith("/24") for ip in shown)
        assert (len(shown) if one.plan == "trial" else 0) == len(clear)


def test_whom_a_finding_is_about_is_named_though_evidence_hashes_addresses() -> None:
    said = [found("tried_by_one_client", of, list(LOGINS["tried_by_one_client"][0](0))) for of in HASHED]
    clear, hashed = [[(one.subject, one.event_id) for one in each] for each in said]
    assert clear == hashed
    assert {"hidden"} == {event.ip for one in said[1] for event in one.evidence}


def test_only_accounts_are_told_of_together() -> None:
    assert "addresses" not in {rule.accuses for rule in CROWD_RULES if rule.category in OF_RINGS}


def cell(name: str, *, entered: bool = False) -> Cell:
    key = CrowdKey("crawls", "device", "d")
    return Cell(
        key,
        7 if entered else 9,
        "e",
        "request",
        "192.0.2.1",
        name,
        "d",
        None,
        None,
        0,
        (),
        0,
        -1,
        entered=entered,
    )


def test_an_account_that_somebody_may_have_entered_is_known_for_as_long_as_the_row_remembers_it() -> None:
    before = member(cell("acc-1", entered=True))
    for later, entered in (("acc-1", 7), ("acc-2", 0)):
        assert entered == member(cell(later), before).entered


def test_the_same_accounts_are_another_group_each_time() -> None:
    told = found(RULE, sure_of_the(13), ring(ALONE + TOGETHER + 8, 1_000))
    groups = [one for one in told if one.subject.type == "group"]
    assert 2 == len(groups)
    assert 1 == len({one.related for one in groups})
    assert 2 == len({one.subject for one in groups})


def test_each_account_is_of_its_own_organisation_and_a_group_of_none() -> None:
    events = [{**event, "org_id": f"org-{place % 2}"} for place, event in enumerate(ring(2 * ALONE, 1_000))]
    own = {event["account_id"]: event["org_id"] for event in events}
    told = found(RULE, book(SHIPPED), events)
    assert own == {one.subject.id: one.org_id for one in told if one.subject.type == "account"}
    assert {None} == {one.org_id for one in told if one.subject.type == "group"}

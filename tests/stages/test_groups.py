"""Accounts that are named with others: what takes back a step of their own takes them out of the group."""

from collections.abc import Iterable, Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from detector.alerts import Alert, Subject
from detector.feedback import StampedFeedback, Verdict
from detector.findings import Finding
from detector.ladder.intruders import STAYS_MS
from detector.policy import Book, Stamped
from detector.policy.entitlements import Allow, Entitlement
from detector.stages.cases import Cases, Decided
from tests.ladder.making import BOOK, HOUR_MS, POLICY, START_MS
from tests.ladder.test_intruders import HOME, THIEF, entered, found
from tests.policy.making import SHIPPED, book, on_trial
from tests.stages.test_cases import END_MS, Topic, at, block, sent
from tests.stages.test_due import entitled
from tests.stages.test_feedback import heard, said

RULE, OTHER = "crawl_one_client", "crawl_rate"
RING, ANOTHER = "ring:1", "ring:2"
ALLOWED = Allow("cidr", f"{THIEF}/32", for_=["crawler"])
DAY_H = STAYS_MS / HOUR_MS
FAINT = 0.6
RESTRICT = next(step for step in reversed(POLICY.enforce) if step.action == "restrict")
"""What the account is told alone, or in a group; in a day there is no graver step."""


def named(hour: float, ring: str = RING, ip: str = THIEF, strength: float = 1.0) -> Finding:
    """What is found of the account, in a group."""
    return found(hour, RULE, ip, strength=strength, ring=ring)


def of_group(hour: float, ring: str = RING) -> Finding:
    """What is found of the group."""
    subject, related = Subject("group", ring), (Subject("account", "acc-1"), Subject("account", "acc-2"))
    return found(hour, RULE, THIEF, subject=subject, related=related, related_total=2)


def decided(
    *findings: Finding,
    granted: Iterable[Stamped] = (),
    told: Iterable[StampedFeedback] = (),
    by: Book = BOOK,
) -> Decided:
    stage = Cases(by, heard(told), entitlements=entitled(granted))
    stage.read(0, block(0, 1, END_MS, *findings))
    return stage.decide(detected_at=0)


def outs(alerts: Iterable[Alert]) -> list[tuple[str, str, float]]:
    """Return what takes the account out of groups: why, of which group, and at which hour."""
    return [
        (one.rule, each.id, (one.decided_time - START_MS) / HOUR_MS)
        for one in alerts
        if one.action == "release"
        for each in one.related
    ]


def holder(hour: float, name: str) -> Stamped:
    return Stamped("acc-1", at(hour), Entitlement(holder=name), f"entitlements/0/{hour}")


def allowed(hour: float, entry: Allow = ALLOWED) -> Stamped:
    return Stamped("acc-1", at(hour), Entitlement(allow=[entry]), f"entitlements/0/{hour}")


def test_who_is_named_with_others_and_has_nothing_to_say_for_himself_stays_with_them() -> None:
    assert [] == decided(named(1)).alerts


def test_whom_somebody_had_entered_before_is_taken_out_at_once() -> None:
    made = decided(entered(), named(1)).alerts
    assert [("held", RING, 1)] == outs(made)
    assert 1 == made[-1].suppressed
    assert [] == outs(decided(entered(), named(1, ip=HOME)).alerts)


def test_whom_somebody_is_found_to_have_entered_later_is_taken_out_then() -> None:
    assert [("takeover", RING, 2)] == outs(decided(named(1), entered(2)).alerts)
    assert [] == outs(decided(named(1, ip=HOME), entered(2)).alerts)
    assert [] == outs(decided(named(1), entered(1 + DAY_H + 0.1)).alerts)


def test_to_a_new_holder_the_group_is_nothing() -> None:
    granted = [holder(0, "a"), holder(3, "b")]
    assert [("entitlement", RING, 3)] == outs(decided(named(1), granted=granted).alerts)
    before = msgspec.structs.replace(named(3), evidence=named(2).evidence)
    assert [("held", RING, 3)] == outs(decided(before, granted=granted).alerts)


def test_what_is_allowed_by_now_is_no_group_s() -> None:
    assert [("entitlement", RING, 3)] == outs(decided(named(1), granted=[allowed(3)]).alerts)
    elsewhere = Allow("cidr", f"{HOME}/32", for_=["crawler"])
    assert [] == outs(decided(named(1), granted=[allowed(3, elsewhere)]).alerts)


@pytest.mark.parametrize(
    ("verdict", "takes_out"),
    [
        ("benign", True),
        ("false_positive", False),
        ("true_positive", False),
        ("carried_out", False),
        ("declined", False),
        ("lifted", False),
    ],
)
def test_a_verdict_on_its_own_alert_takes_out_of_the_group_what_it_explains(
    verdict: Verdict, *, takes_out: bool
) -> None:
    own = found(0, OTHER, THIEF, strength=FAINT)
    (alert,) = decided(own).alerts
    made = decided(own, named(1), told=[said(alert.alert_id, verdict, 2)])
    assert [("feedback", RING, 2)] * takes_out == outs(made.alerts)


def test_a_rule_that_was_wrong_of_the_account_is_wrong_of_it_in_the_group() -> None:
    own = found(0, RULE, THIEF, strength=FAINT)
    (alert,) = decided(own).alerts
    word = said(alert.alert_id, "false_positive", 2)
    assert [("feedback", RING, 2)] == outs(decided(own, named(1), told=[word]).alerts)
    assert [("held", RING, 3)] == outs(decided(own, named(3), told=[word]).alerts)


def test_who_is_shut_out_is_in_no_group() -> None:
    shut_out = found(0, "misuse_reported", HOME)
    (alert,) = decided(shut_out).alerts
    assert "suspend" == alert.action
    word = said(alert.alert_id, "carried_out", 0.5)
    assert [("held", RING, 1)] == outs(decided(shut_out, named(1), told=[word]).alerts)


def test_who_was_only_warned_with_others_is_taken_out_of_nothing() -> None:
    warned = named(1, strength=FAINT)
    assert [] == outs(decided(entered(), warned).alerts)
    assert [] == outs(decided(warned, entered(2)).alerts)
    assert not [
        one
        for one in decided(entered(), warned).cases.values()
        if one is not None and one.category == "crawler"
    ]


def test_who_is_named_once_more_in_a_group_is_taken_out_of_it_once() -> None:
    made = decided(named(1, strength=FAINT), named(1.1), named(1.2), entered(2)).alerts
    assert [("takeover", RING, 2)] == outs(made)


def test_of_two_groups_it_is_taken_out_of_either() -> None:
    made = decided(named(1), named(1.1, ANOTHER), entered(2)).alerts
    assert {("takeover", RING, 2), ("takeover", ANOTHER, 2)} == set(outs(made))


def test_who_was_taken_out_of_a_group_has_an_alert_of_its_own_after_that() -> None:
    later = 2 + 3 * DAY_H
    made = decided(named(1), entered(2), named(later), entered(later + 1)).alerts
    assert [("takeover", RING, 2)] == outs(made)
    assert ("restrict", later) in [
        (one.action, (one.decided_time - START_MS) / HOUR_MS) for one in made if one.category == "crawler"
    ]


def test_a_step_with_others_that_has_ended_is_not_released() -> None:
    assert [] == outs(decided(named(0), granted=[allowed(DAY_H + 1)]).alerts)


def test_what_takes_it_out_goes_with_its_own_step_too() -> None:
    own = found(0, OTHER, THIEF)
    made = decided(own, named(1), entered(2)).alerts
    released = [one for one in made if one.action == "release"]
    assert {RING, UNSET} == {one.related[0].id if one.related else UNSET for one in released}
    assert [UNSET, made[0].alert_id] == sorted((one.previous for one in released), key=str, reverse=True)


def test_a_release_from_a_group_is_of_the_account_s_chain_and_speaks_to_its_holder() -> None:
    own = found(0, OTHER, THIEF, strength=FAINT)
    first, out = (one for one in decided(own, named(1), entered(2)).alerts if one.category == "crawler")
    assert (first.case_id, first.chain.hash, 2) == (out.case_id, out.chain.previous, out.sequence)
    assert ("account", "acc-1", "acc-1", "holder") == (
        out.subject.type,
        out.subject.id,
        out.account_id,
        out.notify,
    )
    assert (Subject("group", RING),) == out.related
    assert 1 == out.related_total


def test_the_group_stays_for_the_others() -> None:
    made = decided(of_group(1), named(1), entered(2)).alerts
    assert ["restrict"] == [one.action for one in made if one.subject.type == "group"]


def test_what_is_tried_out_takes_nobody_out_of_what_is_live() -> None:
    trial = book(SHIPPED, on_trial(SHIPPED))
    made = decided(entered(), msgspec.structs.replace(named(1), trial="trial"), by=trial)
    assert [] == outs(made.alerts)


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Finding], list[Stamped], list[StampedFeedback]]:
    """An alert of the account's own or none, a group that names it, and what may explain all of it."""
    own = draw(
        st.lists(
            st.sampled_from([found(0, OTHER, THIEF, strength=each) for each in (FAINT, 1.0)]), max_size=1
        )
    )
    hours = st.integers(1, 40)  # later than an alert of its own
    grouped = [
        named(draw(hours), draw(st.sampled_from([RING, ANOTHER]))) for _ in range(draw(st.integers(1, 3)))
    ]
    thief = [entered(draw(hours)) for _ in range(draw(st.integers(0, 1)))]
    granted = draw(st.lists(st.sampled_from(["allow", "holder"]), max_size=1))
    moment = draw(hours)
    given: list[Stamped] = []
    for each in granted:
        given += [allowed(moment)] if each == "allow" else [holder(0, "a"), holder(max(1, moment), "b")]
    told = [said(decided(one).alerts[0].alert_id, "benign", draw(hours)) for one in own]
    return [*own, *grouped, *thief], given, told[: draw(st.integers(0, 1))]


def held_at(alerts: Sequence[Alert], moment: int, groups: Sequence[Finding]) -> set[str | None]:
    """Return what holds against the account at a moment: ids of its own steps, and of groups."""
    lasts_ms = RESTRICT.lasts_ms or 0
    holds = {one.group for one in groups if moment < one.time + lasts_ms}
    for one in alerts:
        if one.category != "crawler" or one.subject.type != "account" or one.decided_time > moment:
            continue
        if one.action == RESTRICT.action and one.decided_time < moment < one.decided_time + lasts_ms:
            holds.add(one.alert_id)
        for gone in [each.id for each in one.related] if one.related else [one.previous]:
            if one.action == "release":
                holds.discard(str(gone))
    return holds


@given(stories())
def test_whatever_releases_a_step_of_its_own_takes_the_account_out_of_the_group_as_well(
    story: tuple[list[Finding], list[Stamped], list[StampedFeedback]],
) -> None:
    findings, granted, told = story
    alone = [msgspec.structs.replace(one, ring=UNSET) for one in findings]
    groups = [one for one in findings if one.group is not None]
    by_itself = decided(*alone, granted=granted, told=told).alerts
    together = decided(*findings, granted=granted, told=told).alerts
    for one in by_itself:
        if one.action == "release" and one.category == "crawler":
            before = [each for each in groups if each.time < one.decided_time]
            assert set() == held_at(together, one.decided_time, before)


@given(st.data(), stories())
def test_it_depends_neither_on_blocks_nor_on_restarts(
    data: st.DataObject, story: tuple[list[Finding], list[Stamped], list[StampedFeedback]]
) -> None:
    findings, granted, told = story
    whole = decided(*findings, granted=granted, told=told)
    blocks = data.draw(sent(findings))
    restarts = data.draw(st.sets(st.integers(0, len(blocks) - 1)))
    topic = Topic(heard(told), entitlements=entitled(granted))
    assert whole.alerts == topic.through(blocks, restarts).alerts

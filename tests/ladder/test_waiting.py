"""Accounts of a large ring: what waits to be told of with others, and what is told of by itself after all."""

from collections.abc import Iterable

import msgspec
import pytest
from msgspec import UNSET

from detector.findings import WAITS as WAITING
from detector.findings import WAITS_MS, Finding
from detector.ladder import Case, decide
from detector.ladder.case import decode_case
from detector.ladder.decide import tell_late
from detector.ladder.due import next_due
from detector.ladder.history import is_over
from detector.policy import Entitlements, Policy
from tests.ladder.making import HOUR_MS, POLICY, START_MS, WARN, finding

LATER_MS = START_MS + WAITS_MS
TEN = "ring:ten"
LATER_H = WAITS_MS / HOUR_MS
WAITS = finding(ring=WAITING)
NAMED = finding(LATER_H / 2, ring=TEN)
ELSE = finding(LATER_H / 2, "taking_turns", 1.0)


def case_of(*found: Finding) -> Case:
    case: Case | None = None
    for one in found:
        case = decide(one, case, POLICY, detected_at=0).case
    assert case is not None
    return case


def nobody(_: Finding) -> bool:
    return False


def shipped(_: Finding) -> Policy:
    return POLICY


def told_later(case: Case, now: int = LATER_MS) -> list[tuple[str, int, int]]:
    """Return the alert that has waited, if any: its action, its moment, and what was held back before it."""
    decision = tell_late(case, shipped, now, 0, None, nobody)
    alert = None if decision is None else decision.alert
    return [] if alert is None else [(alert.action, alert.decided_time, alert.suppressed)]


def test_what_waits_is_told_after_a_while_and_once() -> None:
    case = case_of(WAITS)
    assert [] == case.alerts
    assert LATER_MS == next_due(case, Entitlements(), START_MS)
    assert [] == told_later(case, LATER_MS - 1)
    assert [("warn", LATER_MS, 1)] == told_later(case)
    assert [] == told_later(case, 2 * LATER_MS)
    assert ["warn"] == [one.action for one in case.alerts]


def test_what_waits_outlives_its_worker() -> None:
    case = decode_case(msgspec.json.encode(case_of(WAITS)))
    assert [("warn", LATER_MS, 1)] == told_later(case)


@pytest.mark.parametrize("found", [(WAITS, NAMED), (NAMED,)])
def test_who_is_named_with_others_has_no_alert_and_it_is_counted(found: Iterable[Finding]) -> None:
    case = case_of(*found)
    assert [] == told_later(case)
    assert [] == case.alerts
    assert len([*found]) == case.suppressed


def test_who_was_named_with_others_does_not_wait_for_the_same_again() -> None:
    for found in ((WAITS, NAMED), (NAMED, msgspec.structs.replace(WAITS, time=NAMED.time))):
        case = case_of(*found, finding(1, "taking_turns", ring=WAITING, strength=0.1))
        assert [] == case.waits


def test_of_one_moment_it_is_decided_whoever_sent_it_first() -> None:
    named, waits = (msgspec.structs.replace(WAITS, ring=ring) for ring in (TEN, WAITING))
    first, second = sorted([waits, named], key=lambda one: one.order)
    assert (named, waits) == (first, second)
    assert [] == case_of(first, second).waits


def test_what_leads_further_than_what_was_named_is_told_at_once() -> None:
    case = case_of(NAMED, finding(1, "several_people", 1.0))
    assert ["restrict"] == [one.action for one in case.alerts]


def test_who_is_named_for_less_than_a_warning_and_deserves_one_has_an_alert_of_its_own() -> None:
    faint = finding(LATER_H / 2, "many_hands", 0.3, ring=TEN)
    case = case_of(finding(0, strength=0.4, ring=WAITING), faint)
    assert [("warn", {WAITS.rule, faint.rule})] == [(one.action, set(one.rules)) for one in case.alerts]
    assert [] == case.waits
    assert [] == case_of(faint).alerts


def test_what_waits_longest_is_told_first() -> None:
    case = case_of(WAITS, finding(LATER_H / 2, "taking_turns", ring=WAITING))
    assert [("warn", LATER_MS, 2)] == told_later(case)


def test_what_else_is_found_is_told_at_once_and_with_it_what_waits() -> None:
    case = case_of(WAITS, ELSE)
    assert [(ELSE.time, {WAITS.rule, ELSE.rule})] == [(one.time, set(one.rules)) for one in case.alerts]
    assert [] == case.waits


def test_a_step_that_was_told_already_is_not_waited_for() -> None:
    case = case_of(finding(), finding(0.1, ring=WAITING))
    assert [] == case.waits


@pytest.mark.parametrize("why", ["held", "explained"])
def test_what_is_explained_away_meanwhile_is_not_told_and_what_else_waits_is(why: str) -> None:
    other = finding(LATER_H / 2, "taking_turns", 0.6, ring=WAITING)
    for found, told in (((WAITS,), []), ((WAITS, other), [other.rule])):
        case = case_of(*found)
        if why == "held":
            case.held[WAITS.rule] = LATER_MS + 1
        del case.signals[WAITS.rule]
        assert len(told) == len(told_later(case))
        assert told == [one.rule for one in case.alerts]
        assert [] == case.waits


def test_while_no_finding_of_a_case_counts_nothing_that_waited_is_told() -> None:
    case = case_of(WAITS)
    case.held_until = LATER_MS + 1
    assert [] == told_later(case)
    assert [] == case.waits


def test_what_waits_leads_as_far_as_when_it_was_found() -> None:
    decision = tell_late(case_of(finding(strength=WARN, ring=WAITING)), shipped, LATER_MS, 0, None, nobody)
    assert decision is not None
    assert decision.alert is not None
    assert ("warn", WARN) == (decision.alert.action, decision.alert.score)


def test_what_was_found_meanwhile_counts_for_no_more_than_it_is() -> None:
    meanwhile = finding(LATER_H / 2, "taking_turns", 0.3, ring=WAITING)
    decision = tell_late(case_of(WAITS, meanwhile), shipped, LATER_MS, 0, None, nobody)
    assert decision is not None
    assert decision.alert is not None
    sizes = [one.strength * POLICY.weights[one.rule] for one in (WAITS, meanwhile)]
    assert sizes == [reason.weight for reason in decision.alert.reasons]


def test_a_milder_group_does_not_cancel_what_waits_and_is_graver() -> None:
    grave = finding(0, "several_people", 1.0, ring=WAITING)
    case = case_of(grave, NAMED)
    assert [("restrict", LATER_MS, 2)] == told_later(case)


def test_a_case_is_not_closed_while_something_waits() -> None:
    case = case_of(WAITS)
    assert not is_over(case, START_MS + 10 * POLICY.quiet_ms, POLICY.ends)


def test_what_is_told_late_is_what_was_found() -> None:
    case = case_of(WAITS)
    decision = tell_late(case, shipped, LATER_MS, 0, None, nobody)
    at_once = decide(msgspec.structs.replace(WAITS, ring=UNSET), None, POLICY, detected_at=0)
    assert decision is not None
    assert decision.alert is not None
    assert at_once.alert is not None
    assert decision.alert.evidence == at_once.alert.evidence
    assert decision.alert.last_event_time == WAITS.time < decision.alert.decided_time
    assert decision.alert.alert_id == at_once.alert.alert_id

from collections.abc import Iterable
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from detector.alerts import Alert, Subject
from detector.categories import AGREEMENT, CLAUSES
from detector.findings import Finding
from detector.ladder import Case, decide
from detector.policy import Policy
from detector.policy.model import ACTIONS
from tests.ladder.making import HOUR_MS, POLICY, RESTRICT, START_MS, WARN, finding

DAY_H = POLICY.cooldown_ms / HOUR_MS
QUIET_H = POLICY.quiet_ms / HOUR_MS
OBSERVE = POLICY.enforce[0].score
RUNGS: dict[str, int] = {action: place for place, action in enumerate(ACTIONS)}


def decided(found: Iterable[Finding], policy: Policy = POLICY) -> tuple[Case, list[Alert | None]]:
    """Decide findings of one case one after the other."""
    case: Case | None = None
    said = []
    for one in found:
        decision = decide(one, case, policy, detected_at=0)
        case = decision.case
        said.append(decision.alert)
    assert case is not None
    return case, said


def alerts(found: Iterable[Finding], policy: Policy = POLICY) -> list[Alert]:
    return [alert for alert in decided(found, policy)[1] if alert is not None]


def actions(found: Iterable[Finding]) -> list[str | None]:
    return [None if alert is None else alert.action for alert in decided(found)[1]]


@pytest.mark.parametrize(
    ("strength", "action"),
    [
        (OBSERVE - 0.001, None),
        (OBSERVE, "observe"),
        (WARN - 0.001, "observe"),
        (WARN, "warn"),
        (RESTRICT - 0.001, "warn"),
        (RESTRICT, "restrict"),
        (1.0, "restrict"),
    ],
)
def test_a_score_leads_to_its_step(strength: float, action: str | None) -> None:
    assert [action] == actions([finding(strength=strength)])


def test_a_holders_report_asks_for_suspension() -> None:
    assert ["suspend"] == actions(
        [finding(0.0, "misuse_reported", 1.0, category="compromise_report", purpose="protect")]
    )


@pytest.mark.parametrize(("strength", "action"), [(WARN, "warn"), (1.0, "warn")])
def test_a_victim_is_never_punished(strength: float, action: str) -> None:
    attacked = finding(rule="brute_force", strength=strength, category="credential_attack", purpose="protect")
    assert [action] == actions([attacked])


def test_the_same_step_is_not_told_twice_within_the_cooldown() -> None:
    told = [finding(hour) for hour in (0.0, 1.0, DAY_H - 0.001, DAY_H)]
    assert ["warn", None, None, "warn"] == actions(told)


def test_a_higher_step_is_told_at_once() -> None:
    assert ["warn", "restrict"] == actions([finding(0.0), finding(0.01, strength=1.0)])


def test_a_lower_step_waits_for_the_cooldown() -> None:
    stronger, weaker = finding(0.0, strength=1.0), finding(1.0, "overlapping_lines", 0.5)
    assert ["restrict", None] == actions([stronger, weaker])


def test_two_rules_together_reach_a_step_that_neither_does_alone() -> None:
    one, other = finding(0.0, strength=0.85), finding(0.01, "taking_turns", 0.85)
    assert ["warn", "restrict"] == actions([one, other])


def test_two_rules_that_see_one_fact_are_no_more_than_the_weightier_one() -> None:
    one, other = finding(0.0, strength=0.85), finding(0.01, "overlapping_lines", 0.85)
    assert ["warn", None] == actions([one, other])


def test_an_alert_says_how_many_findings_were_held_back_before_it() -> None:
    hours = (0.0, 1.0, 2.0, DAY_H, DAY_H + 1.0, 2 * DAY_H)
    assert [0, 2, 1] == [alert.suppressed for alert in alerts(finding(hour) for hour in hours)]


def test_what_is_held_back_before_the_first_step_is_counted_too() -> None:
    faint = finding(0.0, strength=OBSERVE / 2)
    assert [1] == [alert.suppressed for alert in alerts([faint, finding(1.0)])]


def test_alerts_of_a_case_are_numbered_and_name_the_one_before() -> None:
    first, second, third = alerts(finding(hour) for hour in (0.0, DAY_H, 2 * DAY_H))
    assert [1, 2, 3] == [first.sequence, second.sequence, third.sequence]
    assert [UNSET, first.alert_id, second.alert_id] == [a.previous for a in (first, second, third)]
    assert ["", first.chain.hash, second.chain.hash] == [a.chain.previous for a in (first, second, third)]
    assert {first.case_id} == {second.case_id, third.case_id}
    assert 3 == len({first.alert_id, second.alert_id, third.alert_id})


def test_a_case_stays_open_for_as_long_as_the_policy_says() -> None:
    case, _ = decided([finding(0.0), finding(QUIET_H)])
    assert (START_MS, 2) == (case.opened, case.sequence)


def test_a_case_lasts_as_long_as_findings_come() -> None:
    case, _ = decided(finding(day * DAY_H) for day in (0.0, 0.9 * QUIET_H / DAY_H, 1.8 * QUIET_H / DAY_H))
    assert (START_MS, 3) == (case.opened, case.sequence)


def test_an_alerts_evidence_may_begin_before_it_was_decided() -> None:
    found = finding(1.0)
    before = msgspec.structs.replace(found.evidence[0], time=START_MS)
    (alert,) = alerts([msgspec.structs.replace(found, evidence=(before, *found.evidence))])
    assert (START_MS, START_MS + HOUR_MS) == (alert.first_event_time, alert.last_event_time)


def test_after_quiet_a_new_case_begins() -> None:
    hour = QUIET_H + 0.001
    first, second = alerts([finding(0.0), finding(1.0), finding(1.0 + hour)])
    assert first.case_id != second.case_id
    assert (1, 0, UNSET, "") == (second.sequence, second.suppressed, second.previous, second.chain.previous)
    (alone,) = alerts([finding(1.0 + hour)])
    assert alone == second


def test_a_recommendation_ends_when_its_step_does() -> None:
    warned, restricted = alerts([finding(0.0), finding(1.0, strength=1.0)])
    lasts_ms = POLICY.enforce[2].lasts_ms or 0
    assert lasts_ms > 0
    assert (UNSET, START_MS + HOUR_MS + lasts_ms) == (warned.expires, restricted.expires)


def test_an_alert_says_which_rule_clause_agreement_and_policy_decided() -> None:
    (alert,) = alerts([finding()])
    assert ("overlapping_use", 1) == (alert.rule, alert.rule_version)
    assert (CLAUSES["account_sharing"], AGREEMENT) == (alert.clauses, alert.agreement)
    assert (POLICY.version, POLICY.hash) == (alert.policy_version, alert.policy_hash)
    assert (START_MS, START_MS, START_MS) == (
        alert.first_event_time,
        alert.last_event_time,
        alert.decided_time,
    )


def test_reasons_come_biggest_first_and_weigh_what_they_add() -> None:
    (_, alert) = decided([finding(0.0, strength=0.5), finding(0.0, "overlapping_lines", 1.0)])[1]
    assert alert is not None
    assert ["overlapping_lines_24h", "overlapping_use_24h"] == [reason.signal for reason in alert.reasons]
    assert [POLICY.weights["overlapping_lines"], 0.5] == [reason.weight for reason in alert.reasons]


def test_an_account_is_told_a_visitor_cannot_be() -> None:
    (account,) = alerts([finding()])
    (visitor,) = alerts([finding(subject=Subject("network", "1.86.208.7"), account_id=None)])
    assert ("holder", "acc-1") == (account.notify, account.account_id)
    assert ("nobody", UNSET) == (visitor.notify, visitor.account_id)


def test_of_seats_their_administrator_is_told() -> None:
    (seat,) = alerts([finding(category="seat_sharing")])
    (org,) = alerts([finding(subject=Subject("org", "firm"), account_id=None)])
    assert ("org_admin", "org_admin") == (seat.notify, org.notify)


def test_of_what_is_only_observed_nobody_is_told_and_of_its_end_whoever_was_told_of_the_step() -> None:
    case, (step, seen) = decided([finding(strength=1.0), finding(8 * DAY_H, strength=OBSERVE)])
    assert step is not None
    assert seen is not None
    assert [("restrict", "holder"), ("observe", "nobody")] == [(a.action, a.notify) for a in (step, seen)]
    assert "holder" == case.party.notify


def test_a_step_against_an_organisation_waits_for_a_person() -> None:
    (alert,) = alerts([finding(strength=1.0, subject=Subject("org", "firm"), account_id=None)])
    assert ("restrict", "required") == (alert.action, alert.approval)


def test_where_the_policy_has_no_ladder_for_organisations_theirs_is_everybodys() -> None:
    of_org = finding(strength=1.0, subject=Subject("org", "firm"), account_id=None)
    (alert,) = alerts([of_org], replace(POLICY, organisation=()))
    assert ("restrict", "automatic") == (alert.action, alert.approval)


def test_ids_depend_on_what_was_seen_and_on_the_policy() -> None:
    (alert,) = alerts([finding()])
    assert [alert] == alerts([finding()])
    others = [
        alerts([finding(1.0)]),
        alerts([finding(subject=Subject("account", "acc-2"))]),
        alerts([finding(category="city_switching")]),
        alerts([finding()], replace(POLICY, version="2")),
    ]
    assert 5 == len({alert.alert_id} | {other.alert_id for (other,) in others})
    assert 4 == len({alert.case_id} | {other.case_id for (other,) in others})


@st.composite
def histories(draw: st.DrawFn) -> list[Finding]:
    hours = sorted(draw(st.lists(st.floats(0.0, 4 * DAY_H), min_size=1, max_size=12)))
    rules = st.sampled_from(["overlapping_use", "overlapping_lines"])
    return [finding(hour, draw(rules), draw(st.floats(0.01, 1.0))) for hour in hours]


@given(histories())
def test_no_step_is_told_twice_within_the_cooldown(found: list[Finding]) -> None:
    told = [(RUNGS[alert.action], alert.decided_time) for alert in alerts(found)]
    for place, (step, time_ms) in enumerate(told):
        for earlier, before_ms in told[:place]:
            assert step > earlier or time_ms - before_ms >= POLICY.cooldown_ms


@given(histories())
def test_every_finding_is_told_or_counted(found: list[Finding]) -> None:
    case, said = decided(found)
    told = [alert for alert in said if alert is not None]
    assert len(found) == len(told) + sum(alert.suppressed for alert in told) + case.suppressed


def test_an_alert_names_the_agreement_of_its_findings_time() -> None:
    turn_ms = finding(1.0).time
    policy = replace(POLICY, agreements=((0, "old"), (turn_ms, "new")))
    told = [alert.agreement for hour in (0.9, 1.0) for alert in alerts([finding(hour)], policy)]
    assert ["old", "new"] == told


def test_of_two_steps_with_one_action_the_second_waits_for_the_cooldown() -> None:
    steps = [replace(POLICY.enforce[1], score=score) for score in (0.4, 0.7)]
    policy = replace(POLICY, enforce=tuple(steps))
    found = [finding(strength=0.5), finding(1.0, strength=0.8), finding(DAY_H, strength=0.9)]
    assert [0.5, 0.9] == [alert.score for alert in alerts(found, policy)]


def test_a_step_of_another_ladder_is_higher_only_where_it_is_graver() -> None:
    milder = replace(POLICY, enforce=(replace(POLICY.enforce[0], score=0.1),) * 5)
    first = decide(finding(strength=0.5), None, POLICY, detected_at=0)
    assert first.alert is not None
    assert decide(finding(1.0, strength=0.5), first.case, milder, detected_at=0).alert is None

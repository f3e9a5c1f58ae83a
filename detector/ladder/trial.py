"""Trying out rules in shadow: what they would add to what the live ones say of a subject.

A shadow case keeps what rules in shadow said and the alerts that came of it. Its score and its ladder join
them with those of the live case beside it, which is read and never changed. There is an alert where that
comes to a graver step than the live rules come to by themselves.
"""

from msgspec.structs import replace

from detector.findings import Finding
from detector.ladder.case import Case, Signal
from detector.ladder.decide import Decision, decide
from detector.ladder.history import REMEMBERED, is_held, is_over
from detector.ladder.intruders import note_intruder
from detector.ladder.news import opened
from detector.ladder.score import absorb
from detector.ladder.steps import reached
from detector.policy.model import Policy

OF_RULES = ""
"""`Case.shadow` of such a case."""


def try_out(
    finding: Finding,
    known: Case | None,
    live: Case | None,
    policy: Policy,
    tried: Policy,
    detected_at: int,
    reporting_since: int | None,
) -> Decision:
    """Take a finding of a rule that is live or in shadow into its shadow case, `live` being the one in force.

    `tried` is `policy.tried_out()`. What the live case holds back, counts here no more than there.
    `detected_at`: wall clock, Unix ms, for the alert's field of that name only.
    `reporting_since`: see `detector.ladder.steps`.
    """
    now = finding.time
    if live is not None and is_over(live, now, policy.ends):
        live = None
    case = known
    if case is None or is_over(case, now, policy.ends):
        case = opened(finding, OF_RULES)
    joined = _with_history(beside(case, live, now), live)
    held = any(is_held(each, finding.rule, now) for each in (case, live) if each is not None)
    if not held:
        absorb(joined, finding.rule, Signal.of(finding), policy.half_life_ms)
    if held or not _adds(finding, joined, live, policy, tried, reporting_since):
        joined.last, joined.suppressed = now, joined.suppressed + 1
        intruder = not held and note_intruder(joined, finding)
        return Decision(alone(joined, policy, live), None, intruder)
    decision = decide(finding, joined, tried, detected_at, reporting_since, OF_RULES)
    parted = Decision(alone(decision.case, policy, live), decision.alert, decision.intruder)
    return assumed_carried_out(parted, policy)


def beside(case: Case, live: Case | None, now: int) -> Case:
    """Return a shadow case with the signals of the live one that it does not hold back itself."""
    said = {} if live is None else live.signals
    heard = {rule: signal for rule, signal in said.items() if not is_held(case, rule, now)}
    return replace(case, signals=heard | case.signals)


def alone(joined: Case, policy: Policy, live: Case | None = None) -> Case:
    """Return a shadow case without what is the live one's."""
    own = {rule: signal for rule, signal in joined.signals.items() if rule not in policy.live}
    others = frozenset() if live is None else {given.alert_id for given in live.all_alerts}
    alerts = [given for given in joined.alerts if given.alert_id not in others]
    return replace(joined, signals=own, alerts=alerts[-REMEMBERED:])


def assumed_carried_out(decision: Decision, policy: Policy) -> Decision:
    """Let a step in shadow, of which nobody will ever say so, be carried out after the policy's `grace`.

    But not one that a person has to approve: nobody is asked.
    """
    told = [] if decision.alert is None else decision.case.alerts[-1:]
    for one in [*told, *(one for group in decision.case.groups for one in group.alerts)]:
        if one.gravity >= 0 and not one.by_a_person and one.assumed is None:
            one.assumed = one.time + policy.grace_ms
    return decision


def _with_history(case: Case, live: Case | None) -> Case:
    """Return a shadow case with what was recommended live as well: it may lead to a graver step."""
    if live is None:
        return case
    alerts = sorted([*live.all_alerts, *case.alerts], key=lambda given: (given.time, given.alert_id))
    return replace(case, alerts=alerts, anew=max(case.anew, live.anew))


def _adds(
    finding: Finding,
    joined: Case,
    live: Case | None,
    policy: Policy,
    tried: Policy,
    reporting_since: int | None,
) -> bool:
    """Return whether the rules in shadow come to a step, and the live ones by themselves to none so grave.

    What was recommended live within the cooldown would not be said again.
    """
    now, ladder = finding.time, policy.ladder(finding.category, finding.purpose, finding.subject.type)
    due = reached(joined, ladder, now, tried, reporting_since)
    if due is None or live is None:
        return due is not None
    without = reached(live, ladder, now, policy, reporting_since)
    lately = live.step if now - live.alerted < policy.cooldown_ms else -1
    return due.step.gravity > max(lately, -1 if without is None else without.step.gravity)

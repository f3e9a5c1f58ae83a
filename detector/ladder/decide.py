"""Deciding: what a finding does to its case, and whether an alert says so now."""

from dataclasses import dataclass
from typing import Final, Literal

from msgspec import UNSET
from msgspec.structs import replace

from detector.alerts import Alert, Chain, Reason, chained, short_hash
from detector.categories import CLAUSES, REQUESTS
from detector.findings import WAITS_MS, Finding
from detector.ladder.case import Case, Part, Party, Signal
from detector.ladder.history import is_held, is_over, is_waiting, note, open_steps
from detector.ladder.intruders import note_intruder
from detector.ladder.score import absorb, joined, parts, reasons
from detector.ladder.steps import Reached, due
from detector.policy.model import ACTIONS, Policy, Step
from detector.policy.notices import notice, told_as

_WARN: Final = ACTIONS.index("warn")


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a finding: its case as it now is, and an alert or None where it was held back.

    `intruder`: the case, a takeover's, remembers who entered.
    """

    case: Case
    alert: Alert | None
    intruder: bool = False


def decide(
    finding: Finding,
    known: Case | None,
    policy: Policy,
    detected_at: int,
    reporting_since: int | None = None,
    shadow: str | None = None,
) -> Decision:
    """Take a finding into its case, which is opened where there is none or where it was quiet for long.

    An alert is due when a graver action than the last alert's is reached, or again for one that is no graver
    after the cooldown, if no step so grave is open; what comes between is counted as `suppressed`, and so is
    what feedback has held back. Who asks for a step himself (`REQUESTS`) need not wait where none is open.
    `known` may be changed.
    `detected_at`: wall clock, Unix ms, for the alert's field of that name only.
    `reporting_since`: see `detector.ladder.steps`; `shadow`: see `Case.shadow`.
    """
    case = known
    if case is None or is_over(case, finding.time, policy.ends):
        case = opened(finding, shadow)
    if is_held(case, finding.rule, finding.time):
        case.suppressed += 1
        return Decision(case, None)
    case.last = finding.time
    absorb(case, finding.rule, Signal.of(finding), policy.half_life_ms)
    found = _news(case, finding, policy, reporting_since)
    if found is None or _is_told_with_others(case, finding, found, policy):
        case.suppressed += 1
        return Decision(case, None, note_intruder(case, finding))
    return Decision(case, _tell(case, finding, found, policy, detected_at), note_intruder(case, finding))


def _is_told_with_others(case: Case, finding: Finding, found: Reached, policy: Policy) -> bool:
    """Return whether a step is told in a group's alert, or may be soon; the case remembers either.

    The group's alert rests on the finding alone, and what was found is the group's from then on: a verdict on
    its alert holds for it. Where that alone is not worth a warning, and all that was found of the account is,
    the account has an alert of its own.
    """
    if finding.ring == "waits":
        if all(waits.rule != finding.rule for waits in case.waits):
            case.waits.append(finding)
        return True
    if finding.ring is UNSET:
        return False
    alone = opened(finding)
    absorb(alone, finding.rule, Signal.of(finding), policy.half_life_ms)
    told = _news(alone, finding, policy, None)
    if told is None or told.step.gravity < min(found.step.gravity, _WARN):
        return False
    lately = finding.time - case.alerted < policy.cooldown_ms
    case.step = max(told.step.gravity, case.step) if lately else told.step.gravity
    case.alerted = finding.time
    case.waits = [waits for waits in case.waits if waits.rule != finding.rule]
    del case.signals[finding.rule]
    return True


def tell_late(
    case: Case, policy: Policy, now: int, detected_at: int, reporting_since: int | None
) -> Decision | None:
    """Give the alert that has waited for WAITS_MS, if its step is still due; None where none has.

    How far it leads is judged as of when it was found. See `decide` for `detected_at` and `reporting_since`.
    """
    if all(now - waits.time < WAITS_MS for waits in case.waits):
        return None
    waited, case.waits = case.waits, []
    for finding in waited:
        if finding.rule in case.signals and not is_held(case, finding.rule, now):
            found = _news(case, finding, policy, reporting_since)
            if found is not None:
                told = replace(finding, time=now)
                alert = _tell(case, told, found, policy, detected_at, judged_ms=finding.time)
                return Decision(case, alert)
    return Decision(case, None)


def _tell(
    case: Case,
    finding: Finding,
    found: Reached,
    policy: Policy,
    detected_at: int,
    judged_ms: int | None = None,
) -> Alert:
    """Return the alert of a step that is due, and let the case remember it.

    `judged_ms`: as of when the score is, if not the finding's moment.
    """
    judged_ms = finding.time if judged_ms is None else judged_ms
    for given in open_steps(case, finding.time):
        # What is asked for again takes the place of what was asked for before: there is one step to release.
        given.released |= given.action == found.step.action and not is_waiting(given)
    shown = parts(case, judged_ms, policy)
    score, why = joined(shown, policy), reasons(case, judged_ms, policy)
    alert = _alert(finding, case, found.step, score, why, policy, detected_at)
    counted = {part.rule: part for part in found.parts}
    rested = [counted.get(part.rule, Part(part.rule, 0.0)) for part in shown]
    note(case, alert, found, rested, finding.addresses)
    case.party, case.waits = _party(finding), []
    case.step, case.alerted = found.step.gravity, finding.time
    return alert


def _news(case: Case, finding: Finding, policy: Policy, reporting_since: int | None) -> Reached | None:
    """Return the step to be told: the last one that is due, if it was not told already.

    A step that waits for a person's word is asked for once; until then the ladder goes on below it.
    """
    steps = open_steps(case, finding.time)
    waiting = {given.action for given in steps if is_waiting(given)}
    asked = finding.category in REQUESTS
    ladder = policy.ladder(finding.category, finding.purpose, finding.subject.type)
    last = next(
        (
            each
            for each in due(case, ladder, finding.time, policy, reporting_since)
            if each.step.approval == "automatic" or each.step.action not in waiting
        ),
        None,
    )
    if last is None:
        return None
    gravity = last.step.gravity
    # What was removed is removed: it holds nobody. Who asks again was not given what he asked for.
    holding = (
        given
        for given in steps
        if given.action != "remove_content" and not is_waiting(given) and (given.carried or not asked)
    )
    if any(given.gravity >= gravity for given in holding):
        return None
    again = asked and not steps
    lately = finding.time - case.alerted < policy.cooldown_ms
    return None if gravity <= case.step and lately and not again else last


def opened(finding: Finding, shadow: str | None = None) -> Case:
    """Return a new case that a finding opens; `shadow`: see `Case.shadow`."""
    subject = finding.subject
    beside = () if shadow is None else (shadow,)
    case_id = short_hash(subject.type, subject.id, finding.category, finding.time, *beside)
    party = _party(finding)
    return Case(case_id, subject, finding.category, finding.time, finding.time, party=party, shadow=shadow)


def _alert(
    finding: Finding,
    case: Case,
    step: Step,
    total: float,
    why: tuple[Reason, ...],
    policy: Policy,
    detected_at: int,
) -> Alert:
    sequence, notified = case.sequence + 1, _notified(finding)
    spoken_to = told_as(finding.subject.type, notified)
    alert = Alert(
        alert_id=short_hash(case.case_id, sequence, policy.hash),
        category=finding.category,
        rule=finding.rule,
        rule_version=finding.rule_version,
        policy_version=policy.version,
        policy_hash=policy.hash,
        clauses=CLAUSES[finding.category],
        agreement=policy.agreement_at(finding.time),
        subject=finding.subject,
        related=finding.related,
        related_total=finding.related_total,
        purpose=finding.purpose,
        notify="nobody" if step.action == "observe" else notified,
        account_id=UNSET if finding.account_id is None else finding.account_id,
        org_id=UNSET if finding.org_id is None else finding.org_id,
        action=step.action,
        approval=step.approval,
        expires=UNSET if step.lasts_ms is None else finding.time + step.lasts_ms,
        mode=case.mode,
        case_id=case.case_id,
        sequence=sequence,
        suppressed=case.suppressed,
        severity=step.severity,
        score=total,
        first_event_time=finding.evidence[0].time,
        last_event_time=finding.evidence[-1].time,
        decided_time=finding.time,
        detected_at=detected_at,
        reasons=why,
        evidence=finding.evidence,
        enrichment=finding.enrichment,
        not_evaluated=finding.not_evaluated,
        notice=notice(policy, finding.category, spoken_to, finding.purpose, step.action),
        chain=Chain("", ""),
        previous=UNSET if case.alert_id is None else case.alert_id,
    )
    return chained(alert, case.head)


def _party(finding: Finding) -> Party:
    """Return whose case a finding is; of a group nobody's, whose grants explain nothing of the others."""
    of_group = finding.subject.type == "group"
    return Party(
        purpose=finding.purpose,
        notify=_notified(finding),
        account_id=None if of_group else finding.account_id,
        org_id=None if of_group else finding.org_id,
        product=finding.product,
        plan=finding.plan,
    )


def _notified(finding: Finding) -> Literal["holder", "org_admin", "nobody"]:
    if finding.subject.type == "org" or finding.category == "seat_sharing":
        return "org_admin"
    return "holder" if finding.account_id is not None else "nobody"

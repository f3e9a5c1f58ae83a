"""Deciding: what a finding does to its case, and whether an alert says so now."""

from collections.abc import Callable
from dataclasses import dataclass

from msgspec import UNSET
from msgspec.structs import replace

from detector.alerts import Alert, Chain, Reason, Subject, chained, short_hash
from detector.categories import CLAUSES
from detector.findings import WAITS, WAITS_MS, Finding
from detector.ladder.case import Case, Given, Part, Signal
from detector.ladder.groups import (
    followed,
    is_told_with_others,
    leave_idle,
    leave_to_group,
    let_wait,
    remember,
)
from detector.ladder.history import is_held, is_over, is_waiting, note, open_steps, seen_of
from detector.ladder.intruders import note_intruder
from detector.ladder.news import news, notified, opened, party_of
from detector.ladder.refused import is_refused
from detector.ladder.score import absorb, joined, parts, reasons
from detector.ladder.steps import Reached
from detector.policy.model import Policy, Step
from detector.policy.notices import notice, told_as


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a finding: its case as it now is, and an alert or None where it was held back.

    `intruder`: the case, a takeover's, remembers who entered. `out`: what takes the account out of groups,
    before that alert.
    """

    case: Case
    alert: Alert | None
    intruder: bool = False
    out: tuple[Alert, ...] = ()

    @property
    def alerts(self) -> list[Alert]:
        """All that is told, in order."""
        return [*self.out, *([] if self.alert is None else [self.alert])]


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
        return _held_back(case, finding, policy, detected_at, reporting_since)
    case.last = finding.time
    absorb(case, finding.rule, Signal.of(finding), policy.half_life_ms)
    found = news(case, finding, policy, reporting_since)
    group, told = _follow(case, finding, policy, reporting_since)
    out: tuple[Alert, ...] = ()
    if group is not None and told is not None and (found is None or found.step.gravity < told.gravity):
        told.idle = True
        out = tuple(leave_idle(case, policy, finding.time, detected_at))
        told = None if group.left else told
    alert = None
    if found is not None and finding.ring == WAITS:
        let_wait(case, finding)
    elif found is not None and told is not None and is_told_with_others(found, told):
        leave_to_group(case, finding, told, policy)
    elif found is not None:
        alert = _tell(case, finding, found, policy, detected_at)
    case.suppressed += alert is None
    return Decision(case, alert, note_intruder(case, finding), out)


def hold_back(
    finding: Finding,
    known: Case | None,
    policy: Policy,
    detected_at: int,
    reporting_since: int | None,
    shadow: str | None = None,
) -> Decision | None:
    """Count what is found and held against nobody; None where there is no case to count it in.

    An account that is named with others for it is taken out of their group: the group's alert, which is
    another shard's, names it all the same. See `decide` for the arguments.
    """
    if known is None and finding.group is None:
        return None
    case = opened(finding, shadow) if known is None else known
    return _held_back(case, finding, policy, detected_at, reporting_since)


def _held_back(
    case: Case, finding: Finding, policy: Policy, detected_at: int, reporting_since: int | None
) -> Decision:
    case.suppressed += 1
    _, told = _follow(case, finding, policy, reporting_since)
    if told is not None:
        told.idle = True
    return Decision(case, None, out=tuple(leave_idle(case, policy, finding.time, detected_at)))


def _follow(
    case: Case, finding: Finding, policy: Policy, reporting_since: int | None
) -> tuple[Case | None, Given | None]:
    """Decide in the case of the group in which an account is named just now, as the group's own shard does.

    Return that case, and the alert that follows there if one does. None where the account is in no group, or
    was taken out of it.
    """
    group = None if finding.group is None else followed(case, finding.group)
    if finding.group is None or (group is not None and group.left):
        return None, None
    if group is not None and is_refused(group, finding.rule, finding.time, policy, reporting_since):
        return group, None
    of_group = replace(finding, subject=Subject("group", finding.group), ring=UNSET)
    decision = decide(of_group, group, policy, 0, reporting_since, case.shadow)
    if group is None:
        remember(case, decision.case, finding.time)
    if decision.alert is None:
        return decision.case, None
    told = decision.case.alerts[-1]
    told.seen = list(dict.fromkeys(seen_of(finding)))
    return decision.case, told


def tell_late(
    case: Case,
    policy_of: Callable[[Finding], Policy],
    now: int,
    detected_at: int,
    reporting_since: int | None,
    excuses: Callable[[Finding], bool],
) -> Decision | None:
    """Give the alert that has waited for WAITS_MS, if its step is still due; None where none has.

    How far it leads is judged as of when it was found, by the policy of its own product and plan;
    `excuses` says whether it is held against nobody by now. See `decide` for `detected_at` and
    `reporting_since`.
    """
    if all(now - waits.time < WAITS_MS for waits in case.waits):
        return None
    waited, case.waits = case.waits, []
    for finding in waited:
        told = replace(finding, time=now)
        if finding.rule in case.signals and not is_held(case, finding.rule, now) and not excuses(told):
            policy = policy_of(told)
            found = news(case, finding, policy, reporting_since)
            if found is not None:
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
    case.party, case.waits = party_of(finding), []
    case.step, case.alerted = found.step.gravity, finding.time
    return alert


def _alert(
    finding: Finding,
    case: Case,
    step: Step,
    total: float,
    why: tuple[Reason, ...],
    policy: Policy,
    detected_at: int,
) -> Alert:
    sequence, notify = case.sequence + 1, notified(finding)
    spoken_to = told_as(finding.subject.type, notify)
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
        notify="nobody" if step.action == "observe" else notify,
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

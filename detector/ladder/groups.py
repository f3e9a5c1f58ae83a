"""What an account has with others: the alert about a group tells of it, and its own case may take it out.

What a group's alert says rests on one finding of each account alone, so the account's case knows which step
it recommends. It keeps that step as it keeps its own, under the group's id: what takes back its own takes
the account out of the group.
"""

from typing import Final

from detector.findings import WAITS, Finding
from detector.ladder.case import Case, Given, Signal
from detector.ladder.history import REMEMBERED, is_open, seen_in
from detector.ladder.news import news, opened
from detector.ladder.score import absorb
from detector.ladder.steps import Reached
from detector.policy.model import ACTIONS, Policy

_WARN: Final = ACTIONS.index("warn")


def told_of_group(case: Case | None, finding: Finding, policy: Policy) -> Reached | None:
    """Return the step that the alert about the group recommends in which an account is named just now.

    None where it is named in none, where the group has no alert, or where the account was taken out of it.
    """
    if finding.group is None or (case is not None and _has_left(case, finding.group)):
        return None
    alone = opened(finding)
    absorb(alone, finding.rule, Signal.of(finding), policy.half_life_ms)
    return news(alone, finding, policy, None)


def is_told_with_others(case: Case, finding: Finding, found: Reached, told: Reached | None) -> bool:
    """Return whether a step is told in a group's alert, or may be soon; the case remembers what waits.

    Where what the group is told of, `told`, is not worth a warning, and all that was found of the account is,
    the account has an alert of its own.
    """
    if finding.ring == WAITS:
        if all(waits.rule != finding.rule for waits in case.waits):
            case.waits.append(finding)
        return True
    return told is not None and told.step.gravity >= min(found.step.gravity, _WARN)


def leave_to_group(case: Case, finding: Finding, told: Reached, policy: Policy) -> None:
    """Let what a group is told of count as told to the account; a verdict on its alert holds for it."""
    lately = finding.time - case.alerted < policy.cooldown_ms
    case.step = max(told.step.gravity, case.step) if lately else told.step.gravity
    case.alerted = finding.time
    case.waits = [waits for waits in case.waits if waits.rule != finding.rule]
    del case.signals[finding.rule]


def join(case: Case, finding: Finding, told: Reached) -> Given:
    """Let a case remember the step that a group's alert recommends, and return it.

    Of one group there is one step, the gravest and the longest.
    """
    step, now, group = told.step, finding.time, finding.group or ""
    lasts_ms = step.until_quiet_ms if step.lasts_ms is None else step.lasts_ms
    given = Given(
        group,
        step.action,
        now,
        finding.rule,
        parts=told.parts,
        score=step.score,
        expires=None if lasts_ms is None else now + lasts_ms,
        seen=list(dict.fromkeys(seen_in(finding.evidence, finding.addresses))),
    )
    before = next((one for one in case.of_groups if one.alert_id == group), None)
    if before is not None:
        case.of_groups.remove(before)
        if is_open(before, now):
            given = _both(before, given)
    if len(case.of_groups) >= REMEMBERED:
        case.of_groups.remove(min(case.of_groups, key=lambda one: (is_open(one, now), one.time)))
    case.of_groups.append(given)
    return given


def _both(before: Given, given: Given) -> Given:
    """Return one step for two of a group: the graver one, which rests on either."""
    grave = before if before.gravity > given.gravity else given
    given.action, given.score = grave.action, grave.score
    rules = given.rules
    given.parts = [*(part for part in before.parts if part.rule not in rules), *given.parts]
    given.seen = list(dict.fromkeys([*before.seen, *given.seen]))
    ends = (before.expires, given.expires)
    given.expires = None if None in ends else max(end for end in ends if end is not None)
    return given


def _has_left(case: Case, group: str) -> bool:
    return any(one.alert_id == group and one.released for one in case.of_groups)

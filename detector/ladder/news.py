"""What a finding may open, and what is new in a case with it: the step that nobody was told of yet."""

from typing import Literal

from detector.alerts import short_hash
from detector.categories import REQUESTS
from detector.findings import Finding
from detector.ladder.case import Case, Party
from detector.ladder.history import held_against, is_waiting
from detector.ladder.steps import Reached, due
from detector.policy.model import Policy


def news(case: Case, finding: Finding, policy: Policy, reporting_since: int | None) -> Reached | None:
    """Return the step to be told: the last one that is due, if it was not told already.

    A step that waits for a person's word is asked for once; until then the ladder goes on below it.
    """
    steps = held_against(case, finding.time)
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
    party = party_of(finding)
    return Case(case_id, subject, finding.category, finding.time, finding.time, party=party, shadow=shadow)


def party_of(finding: Finding) -> Party:
    """Return whose case a finding is; of a group nobody's, whose grants explain nothing of the others."""
    of_group = finding.subject.type == "group"
    return Party(
        purpose=finding.purpose,
        notify=notified(finding),
        account_id=None if of_group else finding.account_id,
        org_id=None if of_group else finding.org_id,
        product=finding.product,
        plan=finding.plan,
    )


def notified(finding: Finding) -> Literal["holder", "org_admin", "nobody"]:
    """Return who is told of what is found."""
    if finding.subject.type == "org" or finding.category == "seat_sharing":
        return "org_admin"
    return "holder" if finding.account_id is not None else "nobody"

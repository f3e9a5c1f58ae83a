"""A release: the alert that takes back an open step of its case, or takes an account out of a group's."""

from typing import Final, Literal, TypeAlias

from msgspec import UNSET

from detector.alerts import Alert, Chain, Subject, chained, short_hash
from detector.categories import CLAUSES
from detector.ladder.case import Case, Given
from detector.ladder.history import note, open_steps
from detector.ladder.score import reasons, score
from detector.policy.model import Policy
from detector.policy.notices import notice_of_release, told_as

RELEASE: Final = "release"
Cause: TypeAlias = Literal["feedback", "entitlement", "quiet", "takeover", "held"]
"""Why a step is released: somebody said so, it is allowed now, nothing was found for long, or somebody who
entered the account did it; or, of a group's, it was held back in the account's own case when the account was
named. A release names it as its rule."""
RULE_VERSION: Final = 1


def release(case: Case, step: Given, cause: Cause, policy: Policy, now: int, detected_at: int) -> Alert:
    """Return the alert that releases a step, and let the case begin its ladder anew.

    `detected_at`: wall clock, Unix ms, for the alert's field of that name only.
    """
    alert = _alert(case, step, (), cause, policy, now, detected_at)
    step.released = True
    case.step, case.anew = -1, now
    return alert


def leave(case: Case, group: Case, cause: Cause, policy: Policy, now: int, detected_at: int) -> Alert:
    """Return the alert that takes a case's account out of a group, whose case it follows.

    It is for this account alone, whatever the group's alerts say before or after, and names the group as what
    it is related to. Where something explains it, the ladder begins anew, as it does where a step of its own
    is released; where nothing was due, what the group was told of no longer counts as told to the account.
    `detected_at`: wall clock, Unix ms, for the alert's field of that name only.
    """
    *_, step = open_steps(group, now)
    alert = _alert(case, step, (group.subject,), cause, policy, now, detected_at)
    group.left = True
    for one in group.alerts:
        one.released = True
    if cause != "held":
        case.step, case.anew = -1, now
    elif case.alerted == group.alerted:
        case.step = -1
    return alert


def _alert(
    case: Case,
    step: Given,
    related: tuple[Subject, ...],
    cause: Cause,
    policy: Policy,
    now: int,
    detected_at: int,
) -> Alert:
    sequence, party = case.sequence + 1, case.party
    alert = Alert(
        alert_id=short_hash(case.case_id, sequence, policy.hash),
        category=case.category,
        rule=cause,
        rule_version=RULE_VERSION,
        policy_version=policy.version,
        policy_hash=policy.hash,
        clauses=CLAUSES[case.category],
        agreement=policy.agreement_at(now),
        subject=case.subject,
        related=related,
        related_total=len(related),
        purpose=party.purpose,
        notify=party.notify,
        account_id=UNSET if party.account_id is None else party.account_id,
        org_id=UNSET if party.org_id is None else party.org_id,
        action=RELEASE,
        approval="automatic",
        mode=case.mode,
        case_id=case.case_id,
        sequence=sequence,
        suppressed=case.suppressed,
        severity="low",
        score=score(case, now, policy),
        first_event_time=case.opened,
        last_event_time=case.last,
        decided_time=now,
        detected_at=detected_at,
        reasons=reasons(case, now, policy),
        evidence=(),
        enrichment={},
        not_evaluated=(),
        notice=notice_of_release(policy, case.category, told_as(case.subject.type, party.notify)),
        chain=Chain("", ""),
        previous=step.alert_id,
    )
    alert = chained(alert, case.head)
    note(case, alert)
    return alert

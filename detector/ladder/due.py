"""What is due in a case by its time: the release of a step after quiet, or because it is allowed by now."""

from collections.abc import Sequence
from typing import Final

from detector.alerts import Alert
from detector.categories import BITS
from detector.ladder.case import Case, Given, Seen, Signal
from detector.ladder.history import open_steps
from detector.ladder.release import Cause, release
from detector.policy import Policy
from detector.policy.entitlements import Allow, Entitlements, Grant

LIMITS: Final = {
    "over_seats": "seats",
    "many_hands": "max_devices",
    "city_alternation": "max_cities",
    "city_rounds": "max_cities",
}
"""Rules that a limit can explain: by what they measure, or by the cities that their alert shows."""


def next_due(case: Case, entitlements: Entitlements, since: int) -> int | None:
    """Return the first moment from `since` on, Unix ms, at which something may be due in a case, if any.

    That is when an open step was quiet for long enough, when what is granted to its party changes, and when
    the account gets another holder.
    """
    party, steps = case.party, open_steps(case, since)
    moments = [case.last + one.until_quiet_ms for one in steps if one.until_quiet_ms is not None]
    if steps and entitlements:
        moments.append(entitlements.lasting(party.account_id, party.org_id, since - 1)[1])
    if case.subject.type == "account":
        moments += [moment for moment in entitlements.handovers(case.subject.id) if moment >= since]
    return max(since, min(moments)) if moments else None


def settle(
    case: Case, entitlements: Entitlements, policy: Policy, now: int, detected_at: int
) -> list[Alert] | None:
    """Do what is due at a moment; return the releases that follow, None where nothing was due.

    `detected_at`: wall clock, Unix ms, for the alerts' field of that name only.
    """
    if case.subject.type == "account" and now in entitlements.handovers(case.subject.id):
        return _begin_anew(case, policy, now, detected_at)
    grant, released = entitlements.at(case.party.account_id, case.party.org_id, now), []
    for step in open_steps(case, now):
        cause = _cause(case, step, grant, now)
        if cause is not None:
            released.append(release(case, step, cause, policy, now, detected_at))
            if cause == "entitlement":
                for rule in step.rules:
                    case.signals.pop(rule, None)
    return released or None


def _begin_anew(case: Case, policy: Policy, now: int, detected_at: int) -> list[Alert]:
    """Forget what speaks against the account: it was another's doing, and steps against it have no object."""
    case.signals.clear()
    case.step, case.anew = -1, now
    return [release(case, step, "entitlement", policy, now, detected_at) for step in open_steps(case, now)]


def _cause(case: Case, step: Given, grant: Grant, now: int) -> Cause | None:
    if _is_allowed(case, step, grant, now):
        return "entitlement"
    if step.until_quiet_ms is not None and now - case.last >= step.until_quiet_ms:
        return "quiet"
    return None


def _is_allowed(case: Case, step: Given, grant: Grant, now: int) -> bool:
    """Return whether all that a step rests on lies within what is granted."""
    entries = [one for one in grant.allow if one.excuses & BITS[case.category] and one.is_valid(now)]
    if step.seen and all(_is_excused(one, entries) for one in step.seen):
        return True
    signals = {rule: case.signals[rule] for rule in step.rules if rule in case.signals}
    return bool(signals) and all(
        _is_within(rule, signal, step.seen, grant) for rule, signal in signals.items()
    )


def _is_excused(seen: Seen, entries: Sequence[Allow]) -> bool:
    return any(entry.covers(seen.ip, seen.asn, seen.device_id) for entry in entries)


def _is_within(rule: str, signal: Signal, seen: Sequence[Seen], grant: Grant) -> bool:
    limit = LIMITS.get(rule)
    if limit is None:
        return False
    used = len({one.city for one in seen}) if limit == "max_cities" else signal.value
    return bool(used <= getattr(grant, limit))

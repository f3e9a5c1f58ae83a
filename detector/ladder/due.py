"""What is due in a case by its time: the release of a step after quiet, or because it is allowed by now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from detector.alerts import Alert
from detector.categories import BITS
from detector.findings import WAITS_MS, Finding
from detector.ladder.case import Case, Given, Party, Seen, Signal
from detector.ladder.groups import drop_waiting, leave_idle, leave_where
from detector.ladder.history import forget, held_against, mark_led, open_steps, rests_on, seen_of
from detector.ladder.news import party_of
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
NOTHING: Final = Entitlements()
"""What a group is entitled to."""


@dataclass(frozen=True, slots=True)
class Grants:
    """What is granted to a party at a moment, and was granted before."""

    entitlements: Entitlements
    party: Party
    now: int

    def at(self, moment: int) -> Grant:
        """Return what is granted at a moment, Unix ms."""
        return self.entitlements.at(self.party.account_id, self.party.org_id, moment)

    def excusing(self, category: str, moment: int) -> list[Allow]:
        """Return the entries that are valid at a moment, Unix ms, and excuse a category."""
        return [one for one in self.at(moment).allow if one.excuses & BITS[category] and one.is_valid(moment)]


def next_due(case: Case, entitlements: Entitlements, since: int) -> int | None:
    """Return the first moment from `since` on, Unix ms, at which something may be due in a case, if any.

    That is when an open step was quiet for long enough, when what is granted to its party changes, when the
    account gets another holder, and when what waits to be told has waited for long enough.
    """
    party, steps = case.party, open_steps(case, since)
    moments = [case.last + one.until_quiet_ms for one in steps if one.until_quiet_ms is not None]
    if entitlements and (case.signals or held_against(case, since)):
        moments.append(entitlements.lasting(party.account_id, party.org_id, since - 1)[1])
    moments += [waits.time + WAITS_MS for waits in case.waits]
    quiet = (next_due(group, NOTHING, since) for group in case.groups if not group.left)
    moments += [moment for moment in quiet if moment is not None]
    if case.subject.type == "account":
        moments += [moment for moment in entitlements.handovers(case.subject.id) if moment >= since]
    return max(since, min(moments)) if moments else None


def settle(
    case: Case, entitlements: Entitlements, policy: Policy, now: int, detected_at: int
) -> list[Alert] | None:
    """Do what is due at a moment; return the releases that follow, None where the case is as it was.

    `detected_at`: wall clock, Unix ms, for the alerts' field of that name only.
    """
    if case.subject.type == "account" and _is_handed_over(case, entitlements.handovers(case.subject.id), now):
        return _begin_anew(case, policy, now, detected_at)
    grants = Grants(entitlements, case.party, now)
    dropped = drop_waiting(case, lambda one: is_allowed(replace(one, time=now), entitlements))
    explained = _explain(case, grants, policy)
    quiet: list[tuple[Given, Cause]] = [
        (step, "quiet")
        for step in open_steps(case, now)
        if not step.wrong and step.until_quiet_ms is not None and now - case.last >= step.until_quiet_ms
    ]
    followed = [settle(group, NOTHING, policy, now, 0) for group in case.groups if not group.left]
    if any(followed):
        case.step, case.anew = -1, now
    ended = [*(explained or ()), *quiet]
    released = [release(case, step, cause, policy, now, detected_at) for step, cause in ended]
    released += leave_where(
        case, lambda one: _falls(case, one, grants, policy), "entitlement", policy, now, detected_at
    )
    if released or any(followed):
        released += leave_idle(case, policy, now, detected_at)
    changed = dropped or explained is not None or any(each is not None for each in followed)
    return released if changed or released else None


def _is_handed_over(case: Case, moments: Sequence[int], now: int) -> bool:
    """Return whether the account got another holder since the case was opened, and began anew last.

    That is at this moment, but for one that was told of late.
    """
    return any(case.opened < moment <= now and case.anew < moment for moment in moments)


def _explain(case: Case, grants: Grants, policy: Policy) -> list[tuple[Given, Cause]] | None:
    """Forget what is explained by what is granted; return the open steps that are explained with it.

    Who was warned for what is allowed now was not warned. None where nothing is explained.
    """
    explained = [(one, _explained(case, one, grants)) for one in case.alerts if not one.wrong]
    if not any(rules for _, rules in explained):
        return None
    before = [one for one in open_steps(case, grants.now) if not one.wrong]
    within = {rule for one in case.alerts for rule in _within(case, one, grants)}
    for one, rules in explained:
        one.wrong = bool(rules) and rests_on(one, rules, policy)
        if one.rule in rules:
            forget(case, one.rule, one.time)  # its events are those of its own rule
    for rule in within:
        case.signals.pop(rule, None)
    mark_led(case)
    return [(one, "entitlement") for one in before if one.wrong]


def _begin_anew(case: Case, policy: Policy, now: int, detected_at: int) -> list[Alert]:
    """Forget what speaks against the account: it was another's doing, and steps against it have no object."""
    case.signals.clear()
    case.held.clear()
    for one in case.alerts:
        one.wrong = True
    case.step, case.anew, case.held_until = -1, now, 0
    steps = open_steps(case, now)
    released = [release(case, step, "entitlement", policy, now, detected_at) for step in steps]
    released += leave_where(case, lambda _: True, "entitlement", policy, now, detected_at)
    return released


def _falls(case: Case, step: Given, grants: Grants, policy: Policy) -> bool:
    """Return whether a step that a group has been told of is explained of the account by what is granted."""
    rules = _explained(case, step, grants)
    return bool(rules) and rests_on(step, rules, policy)


def is_allowed(finding: Finding, entitlements: Entitlements) -> bool:
    """Return whether all that a finding rests on is allowed by now: its places, or since then a program."""
    grants = Grants(entitlements, party_of(finding), finding.time)
    entries = grants.excusing(finding.category, finding.time)
    if not entries:
        return False
    then = finding.evidence[-1].time
    return _are_excused(seen_of(finding), entries) or _is_program_new(finding.category, then, entries, grants)


def _explained(case: Case, step: Given, grants: Grants) -> set[str]:
    """Return the rules of a step whose findings are explained by what is granted."""
    entries = grants.excusing(case.category, grants.now)
    if _is_program_new(case.category, step.time, entries, grants) or _are_excused(step.seen, entries):
        return set(step.rules)
    within = _within(case, step, grants)
    return within and within | (set(step.rules) - case.signals.keys())


def _within(case: Case, step: Given, grants: Grants) -> set[str]:
    """Return the rules of a step of which all that they found lies within limits that were raised since."""
    before, grant = grants.at(step.time), grants.at(grants.now)
    return {
        rule
        for rule in step.rules
        if rule in case.signals and _is_within(rule, case.signals[rule], step.seen, before, grant)
    }


def _is_program_new(category: str, then: int, entries: Sequence[Allow], grants: Grants) -> bool:
    """Return whether a program is allowed that was not at a moment, when a step was decided.

    Which program it was is not kept with the step. One that was allowed by then was never counted, so it was
    another one.
    """
    before = {entry.name for entry in grants.excusing(category, then)}
    return any(entry.is_program and entry.name not in before for entry in entries)


def _are_excused(seen: Sequence[Seen], entries: Sequence[Allow]) -> bool:
    return bool(seen) and all(
        any(entry.covers(one.ip, one.asn, one.device_id) for entry in entries) for one in seen
    )


def _is_within(rule: str, signal: Signal, seen: Sequence[Seen], before: Grant, grant: Grant) -> bool:
    """Return whether what a rule has found lies within a limit that was raised since."""
    limit = LIMITS.get(rule)
    if limit is None or getattr(grant, limit) <= getattr(before, limit):
        return False
    used = len({one.city for one in seen} - {None}) if limit == "max_cities" else signal.value
    return bool(0 < used <= getattr(grant, limit))

"""Whoever entered an account: what he does there is not its holder's doing.

A takeover's case keeps the traces of who entered. What is found within a day and rests on them is counted in
`suppressed` and held against nobody: the account is the victim's, and its holder is told already. What was
held against the holder in the day before is taken back.

So that nobody hides behind a takeover of his own account, a trace counts for three days at most, however
often it is seen, and what says that several people use the account has to rest on an address or a device: a
session that is passed around is just what they do.
"""

from typing import Final

import msgspec

from detector.alerts import Alert
from detector.findings import Finding
from detector.ladder.case import Case, Given, Seen, Trace
from detector.ladder.groups import drop_waiting, leave_idle, leave_where
from detector.ladder.history import forget, mark_led, open_steps, seen_of
from detector.ladder.release import release
from detector.policy.model import ACTIONS, Policy

TAKEOVER: Final = "account_takeover"
OF_HOLDERS: Final = frozenset({"holder_shut_out"})
"""Rules of that category of whose evidence the last event is the holder's own."""
OF_SESSIONS: Final = frozenset({"session_moved"})
"""Rules of that category by which the session is the holder's own."""
OF_SEVERAL: Final = frozenset({"account_sharing", "seat_sharing", "account_transfer"})
"""Categories for which a session is no trace of an intruder."""
KEPT: Final = 16
STAYS_MS: Final = 24 * 3_600_000
"""How long somebody is taken to stay whom nobody saw since."""
AT_MOST_MS: Final = 72 * 3_600_000
"""How long at most, from when he was seen first."""


def note_intruder(case: Case, finding: Finding) -> bool:
    """Let a takeover's case that has led to a warning remember by what a finding's last event is known.

    Return whether it does.
    """
    told = case.step >= ACTIONS.index("warn")
    if finding.category != TAKEOVER or finding.rule in OF_HOLDERS or not told:
        return False
    *_, last = seen_of(finding)
    session = None if finding.rule in OF_SESSIONS else last.session_id
    trace = Trace(last.ip, session, last.device_id, finding.time, finding.time)
    for one in case.intruders:
        if one.who == trace.who and finding.time - one.time <= STAYS_MS:
            trace = msgspec.structs.replace(trace, first=one.first)
    case.intruders = [*(one for one in case.intruders if one.who != trace.who), trace][-KEPT:]
    return True


def is_intruders(case: Case, finding: Finding) -> bool:
    """Return whether half of what a finding rests on, or more, is of who entered, a day ago at most.

    Half, because what is found in two places at once has one event of either.
    """
    return _is_theirs(case, seen_of(finding), finding.category, finding.time)


def take_back(case: Case, intruded: Case, policy: Policy, now: int, detected_at: int) -> list[Alert]:
    """Let what was held against an account's holder in the last day, and was an intruder's, lead to nothing.

    `intruded` is the account's case of the takeover. Return the releases that follow.
    `detected_at`: wall clock, Unix ms, for the alerts' field of that name only.
    """

    def is_theirs(seen: list[Seen]) -> bool:
        return _is_theirs(intruded, seen, case.category, now)

    def falls(one: Given) -> bool:
        return bool(one.seen) and now - one.time <= STAYS_MS and is_theirs(one.seen)

    drop_waiting(case, lambda one: is_theirs(seen_of(one)))
    before = [one for one in open_steps(case, now) if not one.wrong]
    for one in case.alerts:
        if falls(one):
            one.wrong = True
            forget(case, one.rule, one.time)
    mark_led(case)
    released = [release(case, one, "takeover", policy, now, detected_at) for one in before if one.wrong]
    released += leave_where(case, falls, "takeover", policy, now, detected_at)
    return [*released, *leave_idle(case, policy, now, detected_at)]


def _is_theirs(case: Case, seen: list[Seen], category: str, now: int) -> bool:
    traces = [
        one
        for one in case.intruders
        if now - one.time <= STAYS_MS and now - one.first <= AT_MOST_MS and one.time >= case.anew
    ]
    known = [any(one.is_of(each, by_session=category not in OF_SEVERAL) for one in traces) for each in seen]
    return bool(traces) and 2 * sum(known) >= len(known)

"""What an account has with others: the alert about a group tells of it, and its own case may take it out.

Of each group there is one case, and all that it rests on is found of each of its accounts at the same moment.
So the shard of an account can follow the group's case, and knows which steps its alerts recommend, by which
ids, and what becomes of them. Whatever takes back a step of the account's own takes it out of the group.
"""

from collections.abc import Callable, Iterator
from typing import Final

from detector.alerts import Alert
from detector.findings import Finding
from detector.ladder.case import Case, Given
from detector.ladder.history import forget, held_against, is_open, mark_led, open_steps
from detector.ladder.release import Cause, leave, release
from detector.ladder.steps import Reached
from detector.policy.model import ACTIONS, Policy

FOLLOWED: Final = 32
"""Groups that an account's case follows: those with open steps before others, newer before older."""
MOST_WAIT: Final = 16
"""Findings that wait at a time; of more, which would say the same, the first are told."""
_WARN: Final = ACTIONS.index("warn")


def followed(case: Case, group: str) -> Case | None:
    """Return the case of a group as an account's own case follows it, if it does."""
    return next((each for each in case.groups if each.subject.id == group), None)


def remember(case: Case, group: Case, now: int) -> None:
    """Let an account's case follow that of a group."""
    if len(case.groups) >= FOLLOWED:
        case.groups.remove(min(case.groups, key=lambda one: (bool(open_steps(one, now)), one.opened)))
    case.groups.append(group)


def let_wait(case: Case, finding: Finding) -> None:
    """Let a case remember what is told later, unless the account is named with others by then."""
    case.waits = [*case.waits, finding][:MOST_WAIT]


def is_told_with_others(found: Reached, told: Given) -> bool:
    """Return whether a step that is due of an account is told in its group's alert, `told`.

    Where that is not worth a warning, and all that was found of the account is, it has an alert of its own.
    """
    return told.gravity >= min(found.step.gravity, _WARN)


def leave_to_group(case: Case, finding: Finding, told: Given, policy: Policy) -> None:
    """Let what a group is told of count as told to the account."""
    lately = finding.time - case.alerted < policy.cooldown_ms
    case.step = max(told.gravity, case.step) if lately else told.gravity
    case.alerted = finding.time
    case.waits = [waits for waits in case.waits if waits.rule != finding.rule]


def unsay(case: Case, told: Given) -> None:
    """Forget what an alert about a group rested on of the account: it speaks against nobody."""
    for rule in told.rules:
        forget(case, rule, told.time)


def leave_idle(case: Case, policy: Policy, now: int, detected_at: int) -> Iterator[Alert]:
    """Take an account out of groups whose steps hold, and are graver than all that is held against it.

    Yield the releases. `detected_at`: wall clock, Unix ms, for the alerts' field of that name only.
    """
    steps = held_against(case, now)
    due = max((one.gravity for one in steps if not one.idle), default=-1)
    for group in case.groups:
        if any(one.gravity > due for one in open_steps(group, now)):
            yield leave(case, group, "held", policy, now, detected_at)


def leave_where(
    case: Case, falls: Callable[[Given], bool], cause: Cause, policy: Policy, now: int, detected_at: int
) -> Iterator[Alert]:
    """Hold against an account no alert about a group that falls, and take it out where a step is open.

    Yield the releases. So are its own steps released to which only these had led.
    `detected_at`: wall clock, Unix ms, for the alerts' field of that name only.
    """
    for group in case.groups:
        fallen = [one for one in group.alerts if falls(one)]
        for one in fallen:
            one.idle = True
            unsay(case, one)
        if any(is_open(one, now) for one in fallen):
            yield leave(case, group, cause, policy, now, detected_at)
    yield from release_led(case, cause, policy, now, detected_at)


def release_led(case: Case, cause: Cause, policy: Policy, now: int, detected_at: int) -> Iterator[Alert]:
    """Yield the releases of steps to which only what is void has led, a group's alert as well.

    `detected_at`: wall clock, Unix ms, for the alerts' field of that name only.
    """
    for one in mark_led(case):
        if is_open(one, now):
            yield release(case, one, cause, policy, now, detected_at)


def drop_waiting(case: Case, falls: Callable[[Finding], bool]) -> bool:
    """Forget what waits to be told and falls; return whether there is any."""
    dropped = [waits for waits in case.waits if falls(waits)]
    for waits in dropped:
        forget(case, waits.rule, waits.time)
    case.waits = [waits for waits in case.waits if waits not in dropped]
    return bool(dropped)

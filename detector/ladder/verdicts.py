"""What a verdict on an alert does to the alert's case, from the moment on from which it counts.

- `true_positive`: what the alert rested on is confirmed, and decays only from now on. What was held back of
  its rules, or of all, is heard again.
- `false_positive`: the alert's rules were wrong about this subject. Their signals leave the case, and their
  findings are held back for the policy's `quiet`. The alert's step is released where it is open, and so is
  every other that rests on nothing but the same rules.
- `benign`: what was seen is true and allowed. All signals leave the case, all findings are held back for
  `quiet`, and every open step is released.
- `carried_out`: who goes on after it may come to a graver step (`detector.ladder.steps`).
- `declined`: the step was not taken, `lifted`: it was, and has ended already. There is nothing to release.

Each verdict counts once for an alert. What is held back is counted in `suppressed`. After `false_positive`,
`benign` and a release the ladder begins anew. On a release itself, verdicts are noted.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from detector.alerts import Alert
from detector.feedback import Verdict
from detector.ladder.case import Case, Given
from detector.ladder.history import open_steps
from detector.ladder.release import RELEASE, release
from detector.policy.model import Policy


def hear(
    case: Case, given: Given, verdict: Verdict, policy: Policy, now: int, detected_at: int
) -> list[Alert]:
    """Let a verdict on one of a case's alerts take effect at `now`; return the releases that follow.

    `detected_at`: wall clock, Unix ms, for the alerts' field of that name only.
    """
    given.verdicts.append(verdict)
    effect = EFFECTS.get(verdict)
    if effect is None or given.action == RELEASE:
        return []
    return [
        release(case, step, "feedback", policy, now, detected_at) for step in effect(case, given, policy, now)
    ]


def _confirmed(case: Case, given: Given, _: Policy, now: int) -> list[Given]:
    case.held_until = 0
    for rule in given.rules:
        case.held.pop(rule, None)
        signal = case.signals.get(rule)
        if signal is not None and signal.time <= given.time:
            case.signals[rule] = msgspec.structs.replace(signal, time=now)
    return []


def _mistaken(case: Case, given: Given, policy: Policy, now: int) -> list[Given]:
    for rule in given.rules:
        case.signals.pop(rule, None)
        case.held[rule] = now + policy.quiet_ms
    case.anew = now
    wrong = frozenset(given.rules)
    return [one for one in open_steps(case, now) if wrong.issuperset(one.rules)]


def _allowed(case: Case, _: Given, policy: Policy, now: int) -> list[Given]:
    case.signals.clear()
    case.held_until = now + policy.quiet_ms
    case.anew = now
    return open_steps(case, now)


def _carried(_case: Case, given: Given, _policy: Policy, now: int) -> list[Given]:
    if given.carried is None:
        given.carried = now
    return []


EFFECTS: Final[dict[Verdict, Callable[[Case, Given, Policy, int], list[Given]]]] = {
    "true_positive": _confirmed,
    "false_positive": _mistaken,
    "benign": _allowed,
    "carried_out": _carried,
    "lifted": _carried,
}
"""What is done beside noting the verdict; each returns the steps to be released."""

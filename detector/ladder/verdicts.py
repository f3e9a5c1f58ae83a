"""What a verdict on an alert does to the alert's case, from the moment on from which it counts.

- `true_positive`: what the alert rested on is confirmed, and decays only from now on; it was found no later
  for that. What was held back of its rules, or of all, is heard again.
- `false_positive`: the alert's rules were wrong about this subject. Their signals leave the case, and their
  findings are held back for the policy's `quiet`. The alert's step is released where it is open, and so is
  every other that would not have been reached without these rules.
- `benign`: what was seen is true and allowed. All signals leave the case, all findings are held back for
  `quiet`, and every open step is released.
- `carried_out`: who goes on after it may come to a graver step (`detector.ladder.steps`). A step that was
  explained away before is released.
- `declined`: the step was not taken, `lifted`: it was, and has ended already. There is nothing to release of
  it; a graver step that was only taken because it was thought to be carried out is.

Of what was said of the finding the last word holds, and of what became of the step: a word that is said
again changes nothing until another one of its kind was said. What is held back is counted in `suppressed`,
and what the holder asks for never is. After `false_positive`, `benign` and a release the ladder begins anew.
On a release itself, verdicts are noted.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Final

import msgspec

from detector.alerts import Alert
from detector.categories import REQUESTS
from detector.feedback import Verdict
from detector.ladder.case import Case, Given, Word
from detector.ladder.groups import leave_idle, leave_where, release_led
from detector.ladder.history import is_open, mark_led, rests_on
from detector.ladder.release import RELEASE, release
from detector.policy.model import Policy


def hear(
    case: Case, given: Given, word: Word, policy: Policy, now: int, detected_at: int
) -> list[Alert] | None:
    """Let a word on one of a case's alerts take effect at `now`; return the releases that follow.

    None where it changes nothing: it was said already, or another was said since.
    `detected_at`: wall clock, Unix ms, for the alerts' field of that name only.
    """
    before = given.last(word.verdict)
    if before is not None and word.order <= before.order:
        return None
    given.note(word)
    if before is not None and word.verdict == before.verdict:
        return None
    if given.action == RELEASE:
        return []
    released = _take_effect(case, given, word.verdict, policy, now, detected_at)
    return [*released, *leave_idle(case, policy, now, detected_at)]


def hear_of_group(
    case: Case, group: Case, given: Given, word: Word, policy: Policy, now: int, detected_at: int
) -> list[Alert] | None:
    """Let a word on an alert about a group take effect where an account's case follows the group's.

    Of the group's case it is what its own shard makes of it; of the account's, what it would be of an alert
    of the account's own. Return the releases that follow for the account, None where it changes nothing.
    """
    of_group = hear(group, given, word, policy, now, detected_at)
    if of_group is None:
        return None
    if of_group and not group.left:
        case.step, case.anew = -1, now
    released: list[Alert] = []
    is_about = given.action != RELEASE and not group.left
    if is_about and (word.verdict in EXPLAINS or (word.verdict == "true_positive" and not given.idle)):
        released = _take_effect(case, given, word.verdict, policy, now, detected_at)
    released += release_led(case, "feedback", policy, now, detected_at)
    return [*released, *leave_idle(case, policy, now, detected_at)]


def _take_effect(
    case: Case, given: Given, verdict: Verdict, policy: Policy, now: int, detected_at: int
) -> list[Alert]:
    rules = frozenset(given.rules)
    steps = EFFECTS[verdict](case, given, policy, now)
    released = [release(case, step, "feedback", policy, now, detected_at) for step in steps]
    falls = EXPLAINS.get(verdict)
    if falls is not None:
        # What was wrong of the account is wrong of it among others, and what is allowed is.
        out = leave_where(case, lambda one: falls(one, rules, policy), "feedback", policy, now, detected_at)
        released += out
    return released


def _confirmed(case: Case, given: Given, _: Policy, now: int) -> list[Given]:
    case.held_until, given.wrong = 0, False
    for rule in given.rules:
        case.held.pop(rule, None)
        signal = case.signals.get(rule)
        if signal is not None and signal.time <= given.time:
            case.signals[rule] = msgspec.structs.replace(signal, confirmed=now)
    return []


def _mistaken(case: Case, given: Given, policy: Policy, now: int) -> list[Given]:
    for rule in given.rules:
        case.signals.pop(rule, None)
        if case.category not in REQUESTS:
            case.held[rule] = now + policy.quiet_ms
    rules = frozenset(given.rules)
    return _wrong(case, [one for one in case.alerts if rests_on(one, rules, policy)], now)


def _allowed(case: Case, _: Given, policy: Policy, now: int) -> list[Given]:
    case.signals.clear()
    if case.category not in REQUESTS:
        case.held_until = now + policy.quiet_ms
    return _wrong(case, case.alerts, now)


def _wrong(case: Case, alerts: Sequence[Given], now: int) -> list[Given]:
    """Let alerts be explained away, and what they led to, and the ladder begin anew.

    Return those of them whose steps are open.
    """
    case.anew = now
    for one in alerts:
        one.wrong = True
    wrong = mark_led(case)
    return [one for one in case.alerts if is_open(one, now) and (one in alerts or one in wrong)]


def _carried(_case: Case, given: Given, _policy: Policy, now: int) -> list[Given]:
    """Note since when; what was explained away before has to be taken back."""
    if given.carried is None:
        given.carried = now
    return [given] if given.wrong and is_open(given, now) else []


def _declined(case: Case, given: Given, _: Policy, now: int) -> list[Given]:
    """Note that it was not done; what only its having been done led to has to be taken back."""
    given.carried = None
    return [one for one in mark_led(case) if is_open(one, now)]


EFFECTS: Final[dict[Verdict, Callable[[Case, Given, Policy, int], list[Given]]]] = {
    "true_positive": _confirmed,
    "false_positive": _mistaken,
    "benign": _allowed,
    "carried_out": _carried,
    "declined": _declined,
    "lifted": _carried,
}
"""What is done beside noting the verdict; each returns the steps to be released."""
EXPLAINS: Final[dict[Verdict, Callable[[Given, Collection[str], Policy], bool]]] = {
    "false_positive": rests_on,
    "benign": lambda *_: True,
}
"""Verdicts that explain what was found away, and which steps of groups fall with an alert on some rules."""

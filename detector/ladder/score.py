"""The score of a case: independent signals add up, the same fact seen twice does not."""

from math import prod

from detector.alerts import Reason
from detector.ladder.case import Case, Signal
from detector.policy import Policy
from detector.rules.base import ALWAYS_OBSERVE


def decayed(signal: Signal, now: int, half_life_ms: int) -> float:
    """Return what is left of a signal's strength at a later moment."""
    return float(signal.strength * 0.5 ** ((now - signal.time) / half_life_ms))


def absorb(case: Case, rule: str, found: Signal, half_life_ms: int) -> None:
    """Take a rule's finding into a case: the stronger of the new one and what is left of the old counts."""
    known = case.signals.get(rule)
    if known is None or found.strength >= decayed(known, found.time, half_life_ms):
        case.signals[rule] = found


def counting(case: Case, policy: Policy) -> dict[str, Signal]:
    """Return the signals of rules that are live; what one said before it was taken out is no more heard."""
    live = policy.live
    return {rule: signal for rule, signal in case.signals.items() if rule in live}


def score(case: Case, now: int, policy: Policy, *, since: int | None = None, gravity: int = 0) -> float:
    """Return 0 to 1: the chance that not every signal errs, were they independent of one another.

    With `since` only what was found after that moment counts, with `gravity` only what may lead to an action
    so grave, a place in `ACTIONS`.

    Of the rules that see one fact, the one that weighs most counts. Notes are left out of that: any number of
    them is worth no more than the greatest. Rounded to the six digits that an alert shows: what is shown
    decides, whatever a machine's last bit is.
    """
    notes, facts = [0.0], dict[str, float]()
    for rule, signal in sorted(counting(case, policy).items()):
        if (since is not None and signal.time <= since) or gravity > policy.gravest(rule):
            continue
        part = policy.weights[rule] * decayed(signal, now, policy.half_life_ms)
        if signal.strength > ALWAYS_OBSERVE:
            fact = policy.facts.get(rule, rule)
            facts[fact] = max(facts.get(fact, 0.0), part)
        else:
            notes.append(part)
    missed = prod(1.0 - part for _, part in sorted(facts.items()))
    return round(max(1.0 - missed, *notes), 6)


def reasons(case: Case, now: int, policy: Policy) -> tuple[Reason, ...]:
    """Return what speaks against the subject, the biggest part of the score first."""
    parts = sorted(
        (
            (policy.weights[rule] * decayed(signal, now, policy.half_life_ms), rule)
            for rule, signal in counting(case, policy).items()
        ),
        key=lambda part: (-part[0], part[1]),
    )
    return tuple(
        Reason(signal.signal, signal.value, signal.threshold, round(part, 6))
        for part, rule in parts
        for signal in (case.signals[rule],)
    )

"""The score of a case: independent signals add up, the same fact seen twice does not."""

from math import prod

from detector.ladder.case import Case, Signal
from detector.policy import Policy


def decayed(signal: Signal, now: int, half_life_ms: int) -> float:
    """Return what is left of a signal's strength at a later moment."""
    return float(signal.strength * 0.5 ** ((now - signal.time) / half_life_ms))


def absorb(case: Case, rule: str, found: Signal, half_life_ms: int) -> None:
    """Take a rule's finding into a case: the stronger of the new one and what is left of the old counts."""
    known = case.signals.get(rule)
    if known is None or found.strength >= decayed(known, found.time, half_life_ms):
        case.signals[rule] = found


def score(case: Case, now: int, policy: Policy) -> float:
    """Return 0 to 1: the chance that not every signal errs, were they independent of one another."""
    missed = (
        1.0 - policy.weights[rule] * decayed(signal, now, policy.half_life_ms)
        for rule, signal in sorted(case.signals.items())
    )
    return 1.0 - prod(missed)

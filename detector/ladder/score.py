"""The score of a case: independent signals add up, the same fact seen twice does not."""

from collections.abc import Iterable
from math import prod

from detector.alerts import Reason
from detector.ladder.case import Case, Part, Signal
from detector.policy import Policy
from detector.rules.base import ALWAYS_OBSERVE


def decayed(signal: Signal, now: int, half_life_ms: int) -> float:
    """Return what is left of a signal's strength at a moment, all of it where that is not later."""
    since = signal.time if signal.confirmed is None else signal.confirmed
    return float(signal.strength * 0.5 ** (max(0, now - since) / half_life_ms))


def absorb(case: Case, rule: str, found: Signal, half_life_ms: int) -> None:
    """Take a rule's finding into a case: the stronger of the new one and what is left of the old counts."""
    known = case.signals.get(rule)
    if known is None or found.strength >= decayed(known, found.time, half_life_ms):
        case.signals[rule] = found


def counting(case: Case, policy: Policy) -> dict[str, Signal]:
    """Return the signals of rules that are live; what one said before it was taken out is no more heard."""
    live = policy.live
    return {rule: signal for rule, signal in case.signals.items() if rule in live}


def score(case: Case, now: int, policy: Policy) -> float:
    """Return 0 to 1: the chance that not every signal errs, were they independent of one another."""
    return joined(parts(case, now, policy), policy)


def parts(case: Case, now: int, policy: Policy, *, since: int | None = None, gravity: int = 0) -> list[Part]:
    """Return each rule's part in the score.

    With `since` only what was found after that moment counts, with `gravity` only what may lead to an action
    so grave, a place in `ACTIONS`.
    """
    return [
        Part(
            rule,
            policy.weights[rule] * decayed(signal, now, policy.half_life_ms),
            signal.strength <= ALWAYS_OBSERVE,
        )
        for rule, signal in sorted(counting(case, policy).items())
        if (since is None or signal.time > since) and gravity <= policy.gravest(rule)
    ]


def joined(parts: Iterable[Part], policy: Policy) -> float:
    """Return the score that parts come to, 0 to 1.

    Of the rules that see one fact, the one that weighs most counts. Notes are left out of that: any number of
    them is worth no more than the greatest. Rounded to the six digits that an alert shows: what is shown
    decides, whatever a machine's last bit is.
    """
    notes, facts = [0.0], dict[str, float]()
    for part in parts:
        if part.note:
            notes.append(part.size)
        else:
            fact = policy.facts.get(part.rule, part.rule)
            facts[fact] = max(facts.get(fact, 0.0), part.size)
    missed = prod(1.0 - size for _, size in sorted(facts.items()))
    return round(max(1.0 - missed, *notes), 6)


def reasons(case: Case, now: int, policy: Policy) -> tuple[Reason, ...]:
    """Return what speaks against the subject, the biggest part of the score first."""
    return tuple(
        Reason(signal.signal, signal.value, signal.threshold, round(part.size, 6))
        for part in sorted(parts(case, now, policy), key=lambda part: (-part.size, part.rule))
        for signal in (case.signals[part.rule],)
    )

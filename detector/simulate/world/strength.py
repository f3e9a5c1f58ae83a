"""Strength: how much an abuser does and how well it hides, drawn within what its difficulty allows."""

import math
from random import Random
from typing import TypeAlias, TypeVar

from detector.simulate.world.inhabitants import Birth

Span: TypeAlias = tuple[float, float]
_Choice = TypeVar("_Choice")


def chosen(birth: Birth, *, blatant: _Choice, clear: _Choice, subtle: _Choice) -> _Choice:
    """Return what belongs to the difficulty of a birth."""
    return {"blatant": blatant, "clear": clear, "subtle": subtle}[birth.difficulty]


def drawn(birth: Birth, *, blatant: Span, clear: Span, subtle: Span) -> float:
    """Draw a quantity from the span of the difficulty, log-uniformly: sizes and rates spread over decades."""
    return spread(birth.rng, *chosen(birth, blatant=blatant, clear=clear, subtle=subtle))


def counted(birth: Birth, *, blatant: Span, clear: Span, subtle: Span) -> int:
    """Draw a number of things as `drawn` does."""
    return round(drawn(birth, blatant=blatant, clear=clear, subtle=subtle))


def spread(rng: Random, low: float, high: float) -> float:
    """Draw log-uniformly from [low, high]."""
    return math.exp(rng.uniform(math.log(low), math.log(high)))

"""Two-sided 95 % confidence bounds for what was counted.

Shares: E. B. Wilson, Probable inference, the law of succession, and statistical inference (1927). Rates:
F. Garwood, Fiducial limits for the Poisson distribution (1936), exact. Both take counts to be independent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, inf, lgamma, log, sqrt
from statistics import NormalDist
from typing import Final

CONFIDENCE: Final = 0.95
TAIL: Final = (1.0 - CONFIDENCE) / 2.0
_Z: Final = NormalDist().inv_cdf(1.0 - TAIL)
_HALVINGS: Final = 60
"""Enough to tell any two bounds apart that print differently."""


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole` with its bounds; a share of nothing is None."""

    part: int
    whole: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` in `exposure`, times `per`, with its bounds; a rate over no exposure is None."""

    count: int
    exposure: float
    per: float
    value: float | None
    low: float | None
    high: float | None


def share(part: int, whole: int) -> Share:
    """Return `part` of `whole` with Wilson's bounds."""
    if whole == 0:
        return Share(part, whole, None, None, None)
    middle, weight = part / whole, _Z * _Z / whole
    centre = (middle + weight / 2.0) / (1.0 + weight)
    reach = sqrt(middle * (1.0 - middle) * weight + weight * weight / 4.0) / (1.0 + weight)
    low = 0.0 if part == 0 else max(0.0, centre - reach)
    high = 1.0 if part == whole else min(1.0, centre + reach)
    return Share(part, whole, middle, low, high)


def rate(count: int, exposure: float, per: float) -> Rate:
    """Return events per `per` units of exposure with Garwood's bounds."""
    if exposure <= 0.0:
        return Rate(count, exposure, per, None, None, None)
    unit = per / exposure
    low, high = poisson_bounds(count)
    return Rate(count, exposure, per, count * unit, low * unit, high * unit)


def poisson_bounds(count: int) -> tuple[float, float]:
    """Return the least and the greatest mean under which `count` is no surprise."""
    ceiling = count + 10.0 * sqrt(count + 1.0) + 10.0
    low = 0.0 if count == 0 else _root(lambda mean: TAIL - (1.0 - _at_most(count - 1, mean)), ceiling)
    return low, _root(lambda mean: _at_most(count, mean) - TAIL, ceiling)


def _root(falling: Callable[[float], float], ceiling: float) -> float:
    """Return where a falling function meets zero between 0 and `ceiling`, by bisection."""
    low, high = 0.0, ceiling
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if falling(middle) > 0.0 else (low, middle)
    return (low + high) / 2.0


def _at_most(count: int, mean: float) -> float:
    """Return the chance of at most `count` events where `mean` are expected."""
    scale = log(mean) if mean > 0.0 else -inf
    return sum(exp((k * scale if k else 0.0) - mean - lgamma(k + 1)) for k in range(count + 1))

"""What is well above the usual of a crowd, at this hour of such a day, as rules about crowds measure it."""

from math import floor
from typing import Final

import numpy as np

from detector.rules.base import Features, Strengths

SPREADS: Final = 3.5
"""Robust standard deviations above the median from which a number is an outlier (Iglewicz and Hoaglin 1993,
How to Detect and Handle Outliers; Leys et al. 2013, Journal of Experimental Social Psychology 49: 3)."""


def well_above(seen: Features, times: float, spreads: float) -> Strengths:
    """Return from which number on there are more than usual, by the spans of the family; shape (..., spans).

    `times` the median of like days, of 1 where that is less, and `spreads` of theirs above it. On a crowd's
    second and third day it is `times` the number of a whole day; on its first, `times` 1.
    """
    median = np.asarray(seen.usual, np.float64)
    return np.maximum(times * np.maximum(median, 1.0), median + spreads * np.asarray(seen.spread, np.float64))


def shown(*thresholds: float | Strengths) -> float:
    """Return the largest threshold as reasons show it: to a tenth, and not above what crossed it."""
    return floor(10.0 * max(map(float, thresholds))) / 10.0

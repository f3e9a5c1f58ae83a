"""What is well above the usual of a crowd, at this hour of such a day, as rules about crowds measure it."""

from math import floor
from typing import Final

import numpy as np

from detector.rules.base import Features, Strengths

SPREADS: Final = 3.5
"""Robust standard deviations above the median from which a number is an outlier (Iglewicz and Hoaglin 1993,
How to Detect and Handle Outliers; Leys et al. 2013, Journal of Experimental Social Psychology 49: 3)."""
BUSIEST: Final = 0.4
"""Part of a day's number that its busiest hour or two may have, as where everybody logs in in the morning."""


def well_above(seen: Features, times: float, spreads: float) -> Strengths:
    """Return from which number on there are more than usual, by the spans of the family; shape (..., spans).

    `times` the median of like days, of 1 where that is less, and `spreads` of theirs above it. Where like
    days are too few, the median is a whole day's: `times` that in a day, the last of the spans, and `BUSIEST`
    of it in less; on the first day it is 0.
    """
    median, spread = np.asarray(seen.usual, np.float64), np.asarray(seen.spread, np.float64)
    of_like_days = np.maximum(times * np.maximum(median, 1.0), median + spreads * spread)
    a_day = np.arange(median.shape[-1]) == median.shape[-1] - 1
    of_whole_days = np.where(a_day, times, BUSIEST) * median
    return np.where(np.asarray(seen.like_days) > 0, of_like_days, of_whole_days)


def shown(*thresholds: float | Strengths) -> float:
    """Return the largest threshold as reasons show it: to a tenth, and not above what crossed it."""
    return floor(10.0 * max(map(float, thresholds))) / 10.0

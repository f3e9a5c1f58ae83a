"""Who of a crowd collects, and how much they have together: what rules about crawls measure with."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.rules.base import Features
from detector.rules.crowds.likeness import Mask, within
from detector.windows.crowds.layout import DAY_MS

IN_ORDER = 0.5
"""Share of the pages that come one after the other by their numbers, of those who go through a catalogue."""
FIRST_TWO = 2
"""Pages of a walk that tell its stride, and are no steps themselves."""
EVEN = 600
"""Thousandths of their mean by which gaps deviate at most that are no person's."""
LEAST_GAPS = 10


def accounts(seen: Features) -> Mask:
    """Return which entries are accounts that told of pages in the last day, shape (..., ENTRIES)."""
    return np.asarray(within(seen, DAY_MS) & (seen.account > 0))


def visitors(seen: Features) -> Mask:
    """Return which entries are visitors that told of pages in the last day."""
    return np.asarray(within(seen, DAY_MS) & (seen.account == 0))


def in_order(seen: Features) -> Mask:
    """Return which entries went through a catalogue by its numbers."""
    return np.asarray((seen.steps > 0) & (seen.steps + FIRST_TWO >= IN_ORDER * seen.pages))


def even(seen: Features) -> Mask:
    """Return whose gaps are a program's."""
    return np.asarray((seen.gaps >= LEAST_GAPS) & (seen.variation <= EVEN))


def pages(seen: Features, mask: Mask) -> NDArray[np.int64]:
    """Return how many fresh pages the entries of a mask have together, as each last told."""
    return np.asarray(np.sum(np.where(mask, seen.pages, 0), axis=-1), np.int64)


def share(part: Mask, whole: Mask) -> NDArray[np.float64]:
    """Return what share of the entries of `whole` a mask has, 0 of none."""
    total = np.sum(whole, axis=-1)
    found: NDArray[Any] = np.sum(part & whole, axis=-1) / np.maximum(total, 1)
    return found

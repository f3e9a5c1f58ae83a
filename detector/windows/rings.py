"""Hour rings: counts over the current clock hour and the 23 before it, forgotten bucket by bucket.

`hours` has shape (RINGS, HOURS); bucket `h % HOURS` holds hour `h`. `totals` has shape (RINGS,) and is the
sum of each ring, kept so that reading a window costs nothing.
"""

import numpy as np

from detector.windows.compiled import Array, Record, compiled
from detector.windows.layout import HOURS, PATH_WORDS, RINGS

MOST = 65_535
NOTHING = np.uint64(0)
"""A plain 0 beside a 64-bit word would make numba go through floats, which hold 53 bits."""
DAY_BITS = (1 << HOURS) - 1


@compiled
def advance(head: Record, totals: Array, hours: Array, paths: Array, hour: int) -> None:
    """Move a row's windows to `hour`; what is a day old is forgotten."""
    steps = hour - int(head["hour"])
    if steps <= 0:
        return
    for step in range(1, min(steps, HOURS) + 1):
        bucket = (int(head["hour"]) + step) % HOURS
        for ring in range(RINGS):
            totals[ring] -= hours[ring, bucket]
            hours[ring, bucket] = 0
    head["active"] = (int(head["active"]) << min(steps, HOURS)) & DAY_BITS
    head["walked"] = (int(head["walked"]) << min(steps, HOURS)) & DAY_BITS
    head["hosting"] = (int(head["hosting"]) << min(steps, HOURS)) & DAY_BITS
    for word in range(PATH_WORDS):
        paths[1, word] = paths[0, word] if steps == 1 else NOTHING
        paths[0, word] = NOTHING
    head["hour"] = hour


@compiled
def add(head: Record, totals: Array, hours: Array, ring: int) -> None:
    """Count one in the current hour; a full bucket stays full."""
    bucket = int(head["hour"]) % HOURS
    if hours[ring, bucket] < MOST:
        hours[ring, bucket] += 1
        totals[ring] += 1


@compiled
def bits(word: int) -> int:
    """Return how many bits of a non-negative integer are set (Kernighan)."""
    count = 0
    while word != 0:
        word &= word - 1
        count += 1
    return count

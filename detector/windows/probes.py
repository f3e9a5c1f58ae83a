"""Probes: what a row was asked for that looks for a weakness, and what it was asked for in vain.

Both are bitmaps by hash, so that the same again is no other; they are forgotten after a day without any.
"""

import numpy as np

from detector.windows.compiled import Record, compiled
from detector.windows.layout import MISS_WORDS
from detector.windows.rings import NOTHING

QUIET_MS = 24 * 3_600_000
SERVED = (2, 3, 4, 7)
"""Kinds whose paths a platform may really have (blogs, portals, consoles and dumps of
detector/enrich/scanners.py): they count where the answer says that it has not."""
IN_VAIN = (400, 403, 404, 405, 410, 414, 501)
"""Answers to who asks for what is not there, or not for him."""
LEAST_ERROR = 400
_ONE = np.uint64(1)


@compiled
def look_for(event: Record, asked: Record, out: Record) -> None:
    """Take note of what a request looks for, and of its being in vain."""
    status = int(event["status"])
    if status in IN_VAIN:
        _miss(event, asked)
    kind = int(event["probe"])
    if kind == 0 or (kind in SERVED and status < LEAST_ERROR):
        return
    now_ms = int(event["time_ms"])
    if now_ms - int(asked["probe_ms"]) > QUIET_MS:
        asked["probe_paths"] = NOTHING
        asked["probe_kinds"] = 0
    asked["probe_ms"] = now_ms
    asked["probe_kinds"] = int(asked["probe_kinds"]) | (1 << kind)
    bit = _ONE << np.uint64(int(event["shape"]) % 64)
    if np.uint64(asked["probe_paths"]) & bit == NOTHING:
        out["probed"] = 1
        asked["probe_paths"] = np.uint64(asked["probe_paths"]) | bit


@compiled
def _miss(event: Record, asked: Record) -> None:
    now_ms = int(event["time_ms"])
    misses = asked["misses"]
    if now_ms - int(asked["miss_ms"]) > QUIET_MS:
        for word in range(MISS_WORDS):
            misses[word] = NOTHING
    asked["miss_ms"] = now_ms
    place = int(event["shape"]) % (64 * MISS_WORDS)
    misses[place // 64] |= _ONE << np.uint64(place % 64)

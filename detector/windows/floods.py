"""Floods and bursts: leaky buckets of requests, which hold what comes faster than anybody reads.

What is asked for again and again fills that of floods; another page, as a crawler asks for, a fifth as much
where it is there, and the round of a timer, as an open page has it, not at all. Fresh pages fill that of
bursts.
"""

import numpy as np

from detector.windows.compiled import Record, compiled
from detector.windows.probes import IN_VAIN

LEAK_PER_S = 1.0
BURST_LEAK_PER_S = 0.5
ANOTHER = 0.2
MOST = 1e6


@compiled
def _leak(asked: Record, now_ms: int) -> None:
    """Bring both buckets to a moment."""
    passed_s = (now_ms - int(asked["flood_ms"])) / 1000.0
    asked["flood_level"] = max(np.float64(asked["flood_level"]) - LEAK_PER_S * passed_s, 0.0)
    asked["burst_level"] = max(np.float64(asked["burst_level"]) - BURST_LEAK_PER_S * passed_s, 0.0)
    asked["flood_ms"] = now_ms


@compiled
def pour(event: Record, asked: Record, out: Record) -> None:
    """Take a request into the buckets."""
    _leak(asked, int(event["time_ms"]))
    in_vain = int(event["status"]) in IN_VAIN
    more = 1.0 if out["again"] else ANOTHER if out["present"] and not in_vain else 0.0
    asked["flood_level"] = min(np.float64(asked["flood_level"]) + more, MOST)
    if out["fresh"]:
        asked["burst_level"] = min(np.float64(asked["burst_level"]) + 1.0, MOST)

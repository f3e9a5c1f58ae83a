"""Floods and bursts: leaky buckets of requests, which hold what comes faster than anybody reads.

What is asked for again and again fills that of floods; another page, as a crawler asks for, a fifth as much
where it is there, and the round of a timer, as an open page has it, not at all. Fresh pages fill that of
bursts.

Who knocks asks for the same again and again, if not fast: about once a second, for ten and more of them. So
does one of many machines that flood together, and somebody before a service that falters.
"""

import numpy as np

from detector.windows.compiled import Record, compiled
from detector.windows.probes import IN_VAIN

LEAK_PER_S = 1.0
BURST_LEAK_PER_S = 0.5
KNOCK_LEAK_PER_S = 0.2
KNOCKS = 10.0
"""The crowds are told of so many knocks, and of each doubling of their number."""
ANOTHER = 0.2
MOST = 1e6


@compiled
def _leak(asked: Record, now_ms: int) -> None:
    """Bring the buckets to a moment."""
    passed_s = (now_ms - int(asked["flood_ms"])) / 1000.0
    asked["flood_level"] = max(np.float64(asked["flood_level"]) - LEAK_PER_S * passed_s, 0.0)
    asked["burst_level"] = max(np.float64(asked["burst_level"]) - BURST_LEAK_PER_S * passed_s, 0.0)
    asked["knock_level"] = max(np.float64(asked["knock_level"]) - KNOCK_LEAK_PER_S * passed_s, 0.0)
    asked["flood_ms"] = now_ms


@compiled
def pour(event: Record, asked: Record, out: Record) -> None:
    """Take a request into the buckets."""
    _leak(asked, int(event["time_ms"]))
    in_vain = int(event["status"]) in IN_VAIN
    more = 1.0 if out["again"] else ANOTHER if out["present"] and not in_vain else 0.0
    asked["flood_level"] = min(np.float64(asked["flood_level"]) + more, MOST)
    if out["again"]:
        _knock(asked, out)
    if out["fresh"]:
        asked["burst_level"] = min(np.float64(asked["burst_level"]) + 1.0, MOST)


@compiled
def _knock(asked: Record, out: Record) -> None:
    before = np.float64(asked["knock_level"])
    asked["knock_level"] = min(before + 1.0, MOST)
    told = KNOCKS
    while told <= before:
        told *= 2.0
    if before + 1.0 >= told:
        out["knocked"] = 1

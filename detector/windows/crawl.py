"""What requests say about who asks: how many, how evenly, in which order, with or without rest."""

import numpy as np

from detector.windows.compiled import Array, Record, compiled
from detector.windows.floods import pour
from detector.windows.layout import ASSETS, CHOSEN, FRESH, HOURS, IPV6, REFUSED, REQUESTS, STEPS, WALKS
from detector.windows.paths import mark, stands_for
from detector.windows.probes import look_for
from detector.windows.rings import MOST, add

BREAK_MS = 5 * 60_000
"""A longer gap is a break, after which all is measured anew: how even the gaps are, how long it goes on."""
LOAD_MS = 1_500
"""What is asked for within it belongs to one page: its data, its parts."""
MEMORY = 200
"""Gaps that the running mean and variance remember, about (exponential weights after that many)."""
SEVERAL = 3
"""Fresh pages that an hour must have to count as one at work."""
LONGEST_STRIDE = 10_000
TOO_MANY_REQUESTS = 429
TURNED_AWAY = (401, 403, 423, 429, 451)
"""Answers that give nothing to read: to who has no business there, comes too often, or was shut out."""
TOLD_FIRST = 2
"""Fresh pages after which crowds are told of a row for the first time."""


@compiled
def request(
    event: Record, head: Record, asked: Record, totals: Array, hours: Array, paths: Array, out: Record
) -> None:
    """Count a request; assets are counted apart, a browser asks for them by itself."""
    add(head, totals, hours, REQUESTS)
    head["minute_requests"] = int(head["minute_requests"]) + 1
    head["active"] = int(head["active"]) | 1
    if event["asset"]:
        add(head, totals, hours, ASSETS)
        return
    if event["status"] == TOO_MANY_REQUESTS:
        add(head, totals, hours, REFUSED)
    look_for(event, asked, out)
    if int(event["status"]) in TURNED_AWAY:
        pour(event, asked, out)
        return
    if out["present"]:
        add(head, totals, hours, CHOSEN)
        _open(head, asked, int(event["time_ms"]))
        stride = _step(event, asked)
        if stride != 0:
            out["stepped"] = 1
            out["stride"] = stride
            add(head, totals, hours, STEPS)
    if mark(paths, event["path"]):
        out["fresh"] = 1
        asked["fresh_part"] = np.float64(asked["fresh_part"]) + stands_for(paths)
        while asked["fresh_part"] >= 1.0:
            asked["fresh_part"] = np.float64(asked["fresh_part"]) - 1.0
            add(head, totals, hours, FRESH)
        _tell(event, asked, int(totals[FRESH]), out)
        if hours[FRESH, int(head["hour"]) % HOURS] >= SEVERAL:
            head["walked"] = int(head["walked"]) | 1
    pour(event, asked, out)


@compiled
def _open(head: Record, asked: Record, now_ms: int) -> None:
    """Take note of a page that was chosen: the gap before it, and how long they have come without a break."""
    gap_ms = now_ms - int(head["load_ms"])
    first = head["load_ms"] == 0
    if not first and gap_ms < LOAD_MS:
        return
    if first or gap_ms > BREAK_MS:
        asked["run_ms"] = now_ms
        asked["run_loads"] = 0
        head["gap_count"] = 0
        head["gap_mean_s"] = 0.0
        head["gap_var_s2"] = 0.0
    else:
        _gap(head, gap_ms / 1000.0)
    asked["run_loads"] = min(int(asked["run_loads"]) + 1, 4_000_000_000)
    head["load_ms"] = now_ms


@compiled
def _gap(head: Record, gap_s: float) -> None:
    """Take a gap into the running mean and variance (Welford, then exponential; Finch 2009)."""
    count = int(head["gap_count"]) + 1
    weight = 1.0 / min(count, MEMORY)
    away = gap_s - np.float64(head["gap_mean_s"])
    head["gap_count"] = min(count, 4_000_000_000)
    head["gap_mean_s"] = np.float64(head["gap_mean_s"]) + weight * away
    head["gap_var_s2"] = (1.0 - weight) * (np.float64(head["gap_var_s2"]) + weight * away * away)


@compiled
def _step(event: Record, asked: Record) -> int:
    """Return how far a page lies from the last of its catalogue, where that lay as far from its last; else 0.

    A catalogue is what has one path but for the digits.
    """
    if event["number"] == 0:
        return 0
    number = np.int64(event["number"])
    for place in range(WALKS):
        if asked["walk_shape"][place] == event["shape"]:
            stride = number - np.int64(asked["walk_number"][place])
            near = stride != 0 and abs(stride) <= LONGEST_STRIDE
            on = near and stride == np.int64(asked["walk_stride"][place])
            asked["walk_number"][place] = number
            asked["walk_stride"][place] = stride if near else 0
            return int(stride) if on else 0
    place = int(asked["walk_next"])
    asked["walk_next"] = (place + 1) % WALKS
    asked["walk_shape"][place] = event["shape"]
    asked["walk_number"][place] = number
    asked["walk_stride"][place] = 0
    return 0


@compiled
def _tell(event: Record, asked: Record, fresh: int, out: Record) -> None:
    """Say whether the crowds are told of a fresh page: of every one that doubles the day's number.

    A program that changes its IPv6 address has a new one for every page.
    """
    first = 1 if event["version"] == IPV6 and not event["account"] else TOLD_FIRST
    asked["untold"] = min(int(asked["untold"]) + 1, MOST)
    if asked["untold"] >= max(first, fresh // 2):
        asked["untold"] = 0
        out["told"] = 1

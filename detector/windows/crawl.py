"""What requests say about who asks: how many, how evenly, how many paths, with or without rest."""

import numpy as np

from detector.windows.compiled import Array, Record, compiled
from detector.windows.layout import ASSETS, REQUESTS
from detector.windows.paths import mark
from detector.windows.rings import add

PAUSE_S = 30 * 60.0
"""A longer gap is a pause; the evenness of gaps is measured anew after it."""
MEMORY = 100
"""Gaps that the running mean and variance remember, about (exponential weights after that many)."""


@compiled
def request(event: Record, head: Record, totals: Array, hours: Array, paths: Array) -> None:
    """Count a request; assets are counted apart, a browser asks for them by itself."""
    add(head, totals, hours, REQUESTS)
    head["minute_requests"] = int(head["minute_requests"]) + 1
    head["active"] = int(head["active"]) | 1
    if event["asset"]:
        add(head, totals, hours, ASSETS)
        return
    mark(paths, event["path"])
    if head["request_ms"] > 0:
        _gap(head, (int(event["time_ms"]) - int(head["request_ms"])) / 1000.0)
    head["request_ms"] = event["time_ms"]


@compiled
def _gap(head: Record, gap_s: float) -> None:
    """Take a gap into the running mean and variance (Welford, then exponential; Finch 2009)."""
    if gap_s > PAUSE_S:
        head["gap_count"] = 0
        head["gap_mean_s"] = 0.0
        head["gap_var_s2"] = 0.0
        return
    count = int(head["gap_count"]) + 1
    weight = 1.0 / min(count, MEMORY)
    away = gap_s - np.float64(head["gap_mean_s"])
    head["gap_count"] = min(count, 4_000_000_000)
    head["gap_mean_s"] = np.float64(head["gap_mean_s"]) + weight * away
    head["gap_var_s2"] = (1.0 - weight) * (np.float64(head["gap_var_s2"]) + weight * away * away)

"""What the worker shows of itself beside what it counts as it goes."""

from detector.enrich import Stats
from detector.metrics import Metrics


class Lookups:
    """Carries the enrichment's own counts over into the metrics."""

    def __init__(self, metrics: Metrics, stats: Stats) -> None:
        self._stats = stats
        self._counters = {
            "address_hits": metrics.cache_requests.labels("address", "hit"),
            "address_misses": metrics.cache_requests.labels("address", "miss"),
            "client_hits": metrics.cache_requests.labels("user_agent", "hit"),
            "client_misses": metrics.cache_requests.labels("user_agent", "miss"),
            "unknown_city": metrics.enrichment_misses.labels("city"),
            "unknown_asn": metrics.enrichment_misses.labels("asn"),
        }
        self._shown = dict.fromkeys(self._counters, 0)

    def show(self) -> None:
        """Add what was counted since the last time."""
        for name, counter in self._counters.items():
            now = getattr(self._stats, name)
            counter.inc(now - self._shown[name])
            self._shown[name] = now

"""What the worker shows of itself beside what it counts as it goes."""

from collections.abc import Mapping
from typing import Final

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from detector.enrich import Stats
from detector.metrics import Metrics
from detector.stream.shard import Shard

STAGES: Final = ("accounts", "crowds", "cases")


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


async def show_progress(
    metrics: Metrics, consumer: AIOKafkaConsumer, shards: Mapping[TopicPartition, Shard]
) -> None:
    """Show how many shards there are, and how much is left to read in each one's partition.

    Left to read is what lies between the consumer's position and the last stable offset: behind the last
    message may lie the markers of transactions, which no consumer is ever given.
    """
    for stage in STAGES:
        owned = sum(shard.stage == stage for shard in shards.values())
        metrics.shards_owned.labels(stage).set(owned)
    assigned = consumer.assignment()
    for partition in shards:
        end = consumer.last_stable_offset(partition) if partition in assigned else None
        if end is not None:
            left = max(0, end - await consumer.position(partition))
            metrics.consumer_lag.labels(partition.topic, str(partition.partition)).set(left)

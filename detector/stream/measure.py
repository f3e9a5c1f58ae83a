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


def show_progress(
    metrics: Metrics, consumer: AIOKafkaConsumer, shards: Mapping[TopicPartition, Shard]
) -> None:
    """Show how many shards there are, and how far each is behind its partition's end."""
    for stage in STAGES:
        owned = sum(shard.stage == stage for shard in shards.values())
        metrics.shards_owned.labels(stage).set(owned)
    for partition, shard in shards.items():
        end = consumer.highwater(partition)
        if end is not None:
            lag = max(0, end - shard.position)
            metrics.consumer_lag.labels(partition.topic, str(partition.partition)).set(lag)

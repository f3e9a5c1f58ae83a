"""Watching for partitions that went quiet, so that what they hold is closed when it is time (see idle.py)."""

import time
from collections.abc import Collection, Mapping

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from detector.stream.accounts_shard import AccountsShard
from detector.stream.frontiers import Frontiers
from detector.stream.idle import quiet_frontier


class QuietWatch:
    """Looks at every partition of the events once a turn."""

    def __init__(self, consumer: AIOKafkaConsumer, frontiers: Frontiers) -> None:
        self._consumer = consumer
        self._frontiers = frontiers

    async def look(
        self, shards: Mapping[TopicPartition, AccountsShard], heard: Collection[TopicPartition]
    ) -> None:
        """Close what quiet partitions hold, when it is time; `heard` are those that brought something."""
        now = time.monotonic()
        paused = self._consumer.paused()  # nobody knows where the log of such a one ends
        for partition, shard in shards.items():
            if shard.refolding or shard.stuck:
                continue
            if partition in heard or partition in paused or not await self._at_end(partition):
                shard.quiet.heard(now)
            elif shard.quiet.due(now):
                standings = await self._frontiers.sample()
                if standings is not None:
                    shard.quiet.sampled(quiet_frontier(partition, standings))
            else:
                target = shard.quiet.found_nothing()
                if target is not None:
                    shard.close_quietly(target)

    async def _at_end(self, partition: TopicPartition) -> bool:
        """Return whether everything that is committed in a partition has been read."""
        end = self._consumer.last_stable_offset(partition)
        return end is not None and await self._consumer.position(partition) >= end

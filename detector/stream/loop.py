"""The loop of one worker: both stages, on the partitions that the group gives it.

    poll -> receive -> advance (order, fold, judge; decide) -> commit -> checkpoint

One turn does it all, one step after the other; only what different partitions do in one step overlaps.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.structs import TopicPartition

from detector.stream.expiring import ExpiringEntries
from detector.stream.frontiers import Frontiers
from detector.stream.in_force import InForce
from detector.stream.kafka import reporting
from detector.stream.kit import Kit
from detector.stream.measure import Lookups, show_progress
from detector.stream.ownership import Ownership
from detector.stream.partition_watch import PartitionWatch
from detector.stream.quiet_watch import QuietWatch
from detector.stream.reading import Reading
from detector.stream.shard import Shard

BATCH: Final = 40_000
PAUSE_S: Final = 0.05
"""A poll that brought little is not followed by the next one at once: small batches cost the most."""
FEW: Final = 2_000


class Loop:
    """Turns of the loop; between two of them partitions come and go."""

    def __init__(
        self,
        kit: Kit,
        consumer: AIOKafkaConsumer,
        ownership: Ownership,
        frontiers: Frontiers,
        watch: PartitionWatch,
    ) -> None:
        self._consumer = consumer
        self._ownership = ownership
        self._watch = watch
        self._metrics = kit.metrics
        self._quiet = QuietWatch(consumer, frontiers)
        self._reading = Reading(consumer, ownership, frontiers)
        self._in_force = InForce(kit.metrics, kit.workshop.book, frontiers)
        self._expiring = ExpiringEntries(kit)
        self._lookups = Lookups(kit.metrics, kit.workshop.enricher.stats)
        self._interval_ms = kit.settings.commit_interval_ms
        self._committed_at = time.monotonic()

    async def turn(self) -> None:
        """Read what there is and do what follows from it. Raises `DetectorError`."""
        with reporting("polling"):
            batches = await self._consumer.getmany(timeout_ms=self._interval_ms, max_records=BATCH)
        self._watch.check(self._consumer)
        async with self._ownership.turn:
            await self._work(batches)
        if sum(map(len, batches.values())) < FEW:
            await asyncio.sleep(PAUSE_S)

    async def _work(self, batches: Mapping[TopicPartition, Sequence[ConsumerRecord]]) -> None:
        owned = self._ownership
        for partition, records in batches.items():
            if partition in owned.shards:
                owned.shards[partition].receive(records)
        await owned.take_over()  # after that: what is taken over reads from its own place
        await self._quiet.look(owned.accounts(), batches)
        await owned.each(self._advance)
        now = time.monotonic()
        if now - self._committed_at >= self._interval_ms / 1000.0:
            self._committed_at = now
            await owned.each(_commit)
        await self._expiring.look(owned.accounts())
        await self._reading.hold_back()
        await show_progress(self._metrics, self._consumer, owned.shards)
        self._lookups.show()
        await self._in_force.look()

    async def _advance(self, shard: Shard) -> None:
        with self._metrics.batch_seconds.labels(shard.stage).time():
            await shard.advance()


async def _commit(shard: Shard) -> None:
    await shard.commit()
    await shard.checkpoint()

"""Which partitions this worker owns: given by the group, taken over, given up, tried again."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from aiokafka.structs import TopicPartition

from detector.errors import DetectorError, OwnershipLostError, UnavailableError
from detector.logs import get_logger
from detector.metrics import Metrics
from detector.stream.accounts_shard import AccountsShard
from detector.stream.complaints import Complaints
from detector.stream.idle import Standing
from detector.stream.shard import Shard

log = get_logger(__name__)

RETRY_S: Final = 1.0


class Ownership(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka ships no types
    """The shards of one worker, by partition; `make` makes the shard of a partition.

    Rebalances come from another task: they wait for `turn`, which the loop holds while it works.
    """

    def __init__(
        self, make: Callable[[TopicPartition], Shard], consumer: AIOKafkaConsumer, metrics: Metrics
    ) -> None:
        self._make = make
        self._consumer = consumer
        self._metrics = metrics
        self._complaints = Complaints()
        self._waiting: dict[TopicPartition, float] = {}
        self.turn = asyncio.Lock()
        self.shards: dict[TopicPartition, Shard] = {}
        self.ready = False

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Note what the group gave; the loop takes it over. aiokafka swallows what fails here.

        Pause first: messages may be delivered before this has ended.
        """
        partitions = list(assigned)
        self._consumer.pause(*partitions)
        self._waiting |= dict.fromkeys(partitions, 0.0)
        self.ready = False

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Let go, in order, of what the group takes away."""
        async with self.turn:
            partitions = list(revoked)
            for partition in partitions:
                self._waiting.pop(partition, None)
            await self._give_up(partitions, orderly=True)

    def accounts(self) -> dict[TopicPartition, AccountsShard]:
        """Return the shards of stage accounts."""
        return {name: shard for name, shard in self.shards.items() if isinstance(shard, AccountsShard)}

    def standings(self) -> dict[TopicPartition, Standing]:
        """Return how far this worker's partitions of the events are, once they are past a take-over."""
        return {name: shard.standing for name, shard in self.accounts().items() if not shard.refolding}

    def judged_to(self) -> int:
        """Return how far event time was judged in any of this worker's partitions, Unix ms; 0 for none."""
        return max((shard.judged_to for shard in self.accounts().values()), default=0)

    async def each(self, act: Callable[[Shard], Awaitable[None]]) -> None:
        """Do something with every shard; one that fails is dropped, and taken over again after a pause."""
        shards = dict(self.shards)
        results = await asyncio.gather(*(act(shard) for shard in shards.values()), return_exceptions=True)
        for (partition, shard), result in zip(shards.items(), results, strict=True):
            if isinstance(result, UnavailableError) and shard.stuck:
                self._complaints.warn("waiting for rows", partition=_name(partition), error=str(result))
            elif isinstance(result, (OwnershipLostError, UnavailableError)):
                self._complaints.warn("dropped a shard", partition=_name(partition), error=str(result))
                await self._give_up([partition], orderly=False)
                self._waiting[partition] = time.monotonic() + RETRY_S
            elif isinstance(result, BaseException):
                raise result

    async def take_over(self) -> None:
        """Take over what the group gave and is due; its partition stays paused until it is ready."""
        now = time.monotonic()
        due = [partition for partition, moment in self._waiting.items() if moment <= now]
        for partition in due:
            del self._waiting[partition]
        assigned = self._consumer.assignment()
        chosen = [partition for partition in due if partition in assigned]
        # One that cannot be served ends the worker, but not before the others can be let go of in order.
        for result in await asyncio.gather(*map(self._take_over_one, chosen), return_exceptions=True):
            if result is not None:
                raise result
        self.ready = not self._waiting and bool(self._consumer.assignment())

    async def _take_over_one(self, partition: TopicPartition) -> None:
        self._consumer.pause(partition)
        shard = self._make(partition)
        try:
            await shard.take_over(self._consumer)
        except (OwnershipLostError, UnavailableError) as error:
            self._complaints.warn("could not take over", partition=_name(partition), error=str(error))
            await shard.give_up(orderly=False)
            self._waiting[partition] = time.monotonic() + RETRY_S
        except BaseException:
            await shard.give_up(orderly=False)
            raise
        else:
            # Between the seek and this nothing was awaited: no rebalance can have come between.
            self.shards[partition] = shard
            self._consumer.resume(partition)
            self._metrics.takeovers.labels(shard.stage).inc()

    async def give_up_all(self) -> None:
        """Let go of everything, in order."""
        await self._give_up(list(self.shards), orderly=True)
        self.ready = False

    async def _give_up(self, partitions: Sequence[TopicPartition], *, orderly: bool) -> None:
        for partition in partitions:
            shard = self.shards.pop(partition, None)
            if shard is None:
                continue
            try:
                await shard.give_up(orderly=orderly)
            except DetectorError as error:
                log.warning("gave up out of order", partition=_name(partition), error=str(error))
            self._metrics.forget_partition(shard.stage, partition.topic, partition.partition)


def _name(partition: TopicPartition) -> str:
    return f"{partition.topic}-{partition.partition}"

"""Reading a topic along, as whoever carries out alerts does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer

from detector.errors import UnavailableError
from detector.stream.kafka import KafkaClients, reporting
from detector.stream.offsets import partitions_of

_AT_ONCE_MS = 0
_PATIENCE_MS = 10_000


class Collector:
    """Collects the values of one topic's committed messages, from its beginning on."""

    def __init__(self, consumer: AIOKafkaConsumer, topic: str) -> None:
        self._consumer = consumer
        self._topic = topic
        self.values: list[bytes] = []

    async def take(self, wait_ms: int = _AT_ONCE_MS) -> bool:
        """Take what is there, waiting for the first for `wait_ms`; say whether there was anything."""
        with reporting(f"reading {self._topic}"):
            found = await self._consumer.getmany(timeout_ms=wait_ms)
        self.values += [record.value for records in found.values() for record in records]
        return bool(found)

    async def until(self, count: int) -> None:
        """Take until there are `count`; raises UnavailableError where they do not come."""
        while len(self.values) < count:
            if not await self.take(_PATIENCE_MS):
                raise UnavailableError(
                    f"of {count} messages in {self._topic} only {len(self.values)} can be read: "
                    "does the broker keep as much? try fewer accounts, or name another one with --brokers"
                )


@asynccontextmanager
async def collecting(clients: KafkaClients, topic: str) -> AsyncIterator[Collector]:
    """Give a collector of a topic that is there. Raises UnavailableError where Kafka does not answer."""
    consumer, admin = clients.consumer(), clients.admin()
    try:
        with reporting(f"starting to read {topic}"):
            await admin.start()
            await consumer.start()
        # Assigned, without a group: nothing is committed.
        consumer.assign(await partitions_of(admin, topic))
        yield Collector(consumer, topic)
    finally:
        await consumer.stop()
        await admin.close()

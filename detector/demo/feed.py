"""Sending messages as the platform does: by murmur2 of their key, with their own times."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaProducer

from detector.demo.history import Message
from detector.stream.kafka import KafkaClients, partition_of, reporting

# A producer's call for each message would take as long as judging it does: whole batches are filled here.
_BATCH_BYTES = 512_000


class Feed:
    """A producer of whole batches."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer

    async def send(self, topic: str, messages: Iterable[Message]) -> None:
        """Send messages, and return when the broker has them all; raises UnavailableError."""
        with reporting(f"sending to {topic}"):
            count = len(await self._producer.partitions_for(topic))
            parts: dict[int, list[Message]] = {}
            for message in messages:
                parts.setdefault(partition_of(message[0], count), []).append(message)
            waiting = [
                await self._producer.send_batch(batch, topic, partition=partition)
                for partition, part in sorted(parts.items())
                for batch in self._batches(part)
            ]
            for sent in waiting:
                await sent

    def _batches(self, messages: Sequence[Message]) -> list[object]:
        """Fill batches in the order of the messages."""
        batches = [self._producer.create_batch()]
        for key, value, time_ms in messages:
            if batches[-1].append(key=key, value=value, timestamp=time_ms) is None:  # it is full
                batches.append(self._producer.create_batch())
                batches[-1].append(key=key, value=value, timestamp=time_ms)
        return list(batches)


@asynccontextmanager
async def feeding(clients: KafkaClients) -> AsyncIterator[Feed]:
    """Give a feed. Raises UnavailableError where Kafka does not answer."""
    producer = AIOKafkaProducer(
        bootstrap_servers=clients.brokers, max_batch_size=_BATCH_BYTES, **clients.security
    )
    try:
        with reporting("starting a producer"):
            await producer.start()
        yield Feed(producer)
    finally:
        await producer.stop()

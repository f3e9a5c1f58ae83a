"""The control topic, as every worker reads it: what is entitled, from which moment on."""

import asyncio
from collections.abc import Mapping

import msgspec
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.structs import TopicPartition

from detector.logs import get_logger
from detector.policy import Entitlements, Stamped
from detector.stream.kafka import KafkaClients, reporting

log = get_logger(__name__)

_POLL_MS = 200


class _Said(msgspec.Struct):
    """What every record of the topic says: which message made it, and what it is."""

    source: str
    kind: str


class ControlLog:
    """Reads the one partition of the control topic, from its beginning, into `entitlements`."""

    def __init__(self, clients: KafkaClients, topic: str, entitlements: Entitlements) -> None:
        self._home = TopicPartition(topic, 0)
        self._entitlements = entitlements
        self._consumer: AIOKafkaConsumer = clients.consumer()
        self._stamped: dict[tuple[str, int], int] = {}
        self._news = asyncio.Event()

    async def catch_up(self) -> None:
        """Read what is there now. Raises `UnavailableError`."""
        with reporting(f"reading {self._home.topic}"):
            await self._consumer.start()
            self._consumer.assign([self._home])
            await self._consumer.seek_to_beginning(self._home)
            end = (await self._consumer.end_offsets([self._home]))[self._home]
            while await self._consumer.position(self._home) < end:
                await self._poll()

    async def follow(self) -> None:
        """Go on reading until cancelled. Raises `UnavailableError`."""
        with reporting(f"reading {self._home.topic}"):
            while True:
                await self._poll()

    async def stop(self) -> None:
        """Let go of the connection."""
        await self._consumer.stop()

    async def wait_for(self, topic: str, ends: Mapping[int, int], timeout_s: float) -> bool:
        """Wait until what lies before `ends`, offsets by partition, is stamped; False on time-out."""
        try:
            async with asyncio.timeout(timeout_s):
                while any(self.seen(topic, number) < end - 1 for number, end in ends.items()):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return False
        return True

    def seen(self, topic: str, partition: int) -> int:
        """Return the highest offset of a topic's partition that is stamped, -1 where none is."""
        return self._stamped.get((topic, partition), -1)

    async def _poll(self) -> None:
        for records in (await self._consumer.getmany(timeout_ms=_POLL_MS)).values():
            for record in records:
                self._take(record)

    def _take(self, record: ConsumerRecord) -> None:
        try:
            said = msgspec.json.decode(record.value or b"", type=_Said)
            topic, partition, offset = said.source.rsplit("/", 2)
            place, number = (topic, int(partition)), int(offset)
            if said.kind == "entitlement":
                self._entitlements.put(msgspec.json.decode(record.value, type=Stamped))
        except (msgspec.MsgspecError, ValueError) as error:
            # Written by another release, or by a hand: the rest must not wait for it.
            log.warning("no control record", topic=self._home.topic, offset=record.offset, error=str(error))
            return
        self._stamped[place] = max(self._stamped.get(place, -1), number)
        self._news.set()

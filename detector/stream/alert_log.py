"""A topic of alerts from its beginning to its present end, and the heads of the chains, to check them by.

Heads are read first, and the alerts after them: an alert and its case's new head are written in one
transaction, so every alert up to a head that was read is there by then, and what came since is newer.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.structs import TopicPartition

from detector.errors import UnavailableError
from detector.evidence import Head
from detector.ladder import Case
from detector.ladder.case import decode_case
from detector.stream.kafka import KafkaClients, partition_of, reporting
from detector.stream.offsets import partitions_of
from detector.stream.open_cases import read_cases

Mode: TypeAlias = Literal["live", "shadow"]
"""Whose alerts lie in a topic, and whose cases they are of."""
_POLL_MS: Final = 500
_PATIENCE: Final = 120
"""Polls without anything new: a minute, twice as long as a transaction may stay open."""


@dataclass(frozen=True, slots=True)
class AlertLog:
    """What lies in a topic's partitions: from which offset on, and up to before which."""

    topic: str
    begins: Mapping[TopicPartition, int]
    ends: Mapping[TopicPartition, int]
    _reader: AIOKafkaConsumer
    _watcher: AIOKafkaConsumer

    @property
    def length(self) -> int:
        """How many offsets there are."""
        return sum(end - self.begins[each] for each, end in self.ends.items())

    def cut(self, partition: int) -> bool:
        """Tell whether the topic has let go of what was first in a partition (retention)."""
        return self.begins[TopicPartition(self.topic, partition)] > 0

    def cut_for(self, subject_id: str) -> bool:
        """Tell the same of the partition in which the alerts about a subject lie."""
        return self.cut(partition_of(subject_id.encode(), len(self.begins)))

    async def was_cut_meanwhile(self) -> bool:
        """Tell whether the topic has let go of more since it was opened; raises `UnavailableError`."""
        with reporting(f"asking where {self.topic} begins"):
            begins: Mapping[TopicPartition, int] = await self._watcher.beginning_offsets(list(self.begins))
        return begins != self.begins

    async def batches(self) -> AsyncIterator[list[ConsumerRecord]]:
        """Yield what was committed, each partition in its order; raises `UnavailableError`."""
        self._reader.assign(list(self.ends))
        with reporting(f"reading {self.topic}"):
            for each, begin in self.begins.items():
                self._reader.seek(each, begin)
        empty = 0
        while await self._is_behind():
            with reporting(f"reading {self.topic}"):
                found = await self._reader.getmany(timeout_ms=_POLL_MS)
            empty = 0 if found else empty + 1
            if empty > _PATIENCE:
                raise UnavailableError(
                    f"{self.topic} cannot be read to its end: is a transaction open? try again in a minute"
                )
            for each, records in found.items():
                yield [record for record in records if record.offset < self.ends[each]]

    async def _is_behind(self) -> bool:
        with reporting(f"asking how far {self.topic} was read"):
            return any([await self._reader.position(each) < end for each, end in self.ends.items()])


@asynccontextmanager
async def opened(clients: KafkaClients, topic: str) -> AsyncIterator[AlertLog]:
    """Give a topic as it is now; raises `UnavailableError` where it is not there."""
    admin, reader = clients.admin(), clients.consumer()
    # Its end is where open transactions end, too: what they write may be a head's alert already.
    watcher = clients.consumer(isolation="read_uncommitted")
    try:
        with reporting(f"starting to read {topic}"):
            await asyncio.gather(admin.start(), reader.start(), watcher.start())
            partitions = await partitions_of(admin, topic)
            begins = await watcher.beginning_offsets(partitions)
            ends = await watcher.end_offsets(partitions)
        yield AlertLog(topic, begins, ends, reader, watcher)
    finally:
        await asyncio.gather(admin.close(), reader.stop(), watcher.stop())


async def heads_of(clients: KafkaClients, topic: str, mode: Mode) -> dict[str, Head]:
    """Return the heads of the open cases of a mode that had an alert, from the topic of cases.

    Raises `UnavailableError`, `StateError`.
    """
    admin = clients.admin()
    try:
        with reporting(f"starting to read {topic}"):
            await admin.start()
        homes = await partitions_of(admin, topic)
    finally:
        await admin.close()
    cases = [decode_case(data) for home in homes for data in await read_cases(clients, home)]
    return {
        case.case_id: _head(case, case.alert_id)
        for case in cases
        if case.alert_id is not None and case.mode == mode
    }


def _head(case: Case, alert_id: str) -> Head:
    return Head(case.case_id, case.sequence, case.head, alert_id, case.alerted, case.subject)

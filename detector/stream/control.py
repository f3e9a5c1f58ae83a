"""The control topic, as every worker reads it: entitlements, feedback, policies, each from a moment on."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.structs import TopicPartition

from detector.errors import UnavailableError
from detector.feedback import Feedbacks, StampedFeedback
from detector.logs import get_logger
from detector.moments import moment_text
from detector.policy import Book, Entitlements, Stamped
from detector.policy.applied import KINDS as POLICIES
from detector.policy.applied import Ended, PolicyRecord, Tried
from detector.policy.reading import PolicyError
from detector.stream.audit import KINDS
from detector.stream.kafka import KafkaClients, reporting
from detector.stream.stamp import Control

log = get_logger(__name__)

REJECTED: Final = "rejected"
"""The kind of a record that only says: that message was looked at, and is none."""
PASSED_OVER: Final = frozenset({REJECTED, *KINDS})
"""Kinds that tell a worker nothing."""
_ENTITLEMENT = "entitlement"
_FEEDBACK = "feedback"
UNREADABLE: Final = "unreadable"
UNUSABLE: Final = "unusable_policy"
"""Why a record of the topic counts as rejected."""
_POLL_MS = 200
_RETRY_S = 1.0
_TAIL = 100
_TAIL_S = 30.0
_UNREADABLE = (msgspec.MsgspecError, ValueError, RecursionError)


class _Said(msgspec.Struct):
    """What every record of the topic says: what it is, and which message made it."""

    kind: str
    source: str = ""


def _nobody(_: object) -> None:
    """Hear of a control and do nothing."""


class ControlLog:
    """Reads the one partition of the control topic, from its beginning, into what it is given.

    `heard` is told of each control, once; `rejected` of each record that is none, why.
    """

    def __init__(
        self,
        clients: KafkaClients,
        topic: str,
        entitlements: Entitlements,
        feedback: Feedbacks,
        book: Book,
        *,
        heard: Callable[[Control], None] = _nobody,
        rejected: Callable[[str], None] = _nobody,
    ) -> None:
        self._home = TopicPartition(topic, 0)
        self._entitlements = entitlements
        self._feedback = feedback
        self._book = book
        self._heard = heard
        self._rejected = rejected
        self._consumer: AIOKafkaConsumer = clients.consumer()
        self._stamped: dict[tuple[str, int], int] = {}
        self._unknown: set[str] = set()
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
        """Go on reading until cancelled; what Kafka does not give is asked for again."""
        while True:
            try:
                with reporting(f"reading {self._home.topic}"):
                    await self._poll()
            except UnavailableError as error:
                log.error("no news of controls", error=str(error))  # noqa: TRY400  # its words say it
                await asyncio.sleep(_RETRY_S)

    async def stop(self) -> None:
        """Let go of the connection."""
        await self._consumer.stop()

    async def wait_for(self, topic: str, ends: Mapping[int, int], timeout_s: float) -> bool:
        """Wait until what lies before `ends`, offsets by partition, is stamped.

        False where nothing more came for `timeout_s`: many take longer, as long as they come.
        """
        while any(self.seen(topic, number) < end - 1 for number, end in ends.items()):
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), timeout_s)
            except TimeoutError:
                return False
        return True

    def seen(self, topic: str, partition: int) -> int:
        """Return the highest offset of a topic's partition that is stamped, -1 where none is."""
        return self._stamped.get((topic, partition), -1)

    async def _poll(self) -> None:
        for records in (await self._consumer.getmany(timeout_ms=_POLL_MS)).values():
            for record in records:
                try:
                    self._take(record.value or b"")
                except PolicyError as error:
                    self._refuse(record, error)
                except _UNREADABLE as error:
                    # Broken by a hand or another program: the rest must not wait for it.
                    self._complain(record, error)

    def _take(self, value: bytes) -> None:
        said = msgspec.json.decode(value, type=_Said)
        new = not said.source or self._note(said.source)
        if said.kind == _ENTITLEMENT:
            stamped = msgspec.json.decode(value, type=Stamped)
            self._entitlements.put(stamped)
            if new:
                self._heard(stamped)
        elif said.kind == _FEEDBACK:
            spoken = msgspec.json.decode(value, type=StampedFeedback)
            self._feedback.put(spoken)
            if new:
                self._heard(spoken)
        elif said.kind in POLICIES:
            self._apply(msgspec.json.decode(value, type=PolicyRecord))
        elif said.kind not in PASSED_OVER and said.kind not in self._unknown:
            self._unknown.add(said.kind)
            log.warning(
                "controls of a kind that this release does not know are passed over: is a newer one running?",
                topic=self._home.topic,
                kind=said.kind,
            )

    def _note(self, source: str) -> bool:
        """Note which message was stamped; return whether it is the first time."""
        topic, partition, offset = source.rsplit("/", 2)
        place = topic, int(partition)
        before = self.seen(*place)
        self._stamped[place] = max(before, int(offset))
        self._news.set()
        return int(offset) > before

    def _apply(self, record: PolicyRecord) -> None:
        """Let what is done to a policy count from its moment on, in every shard; raises `PolicyError`."""
        version = record.put_into(self._book)
        if version is None:
            log.warning("what is not in shadow cannot end there", version=record.version)
        log.info(
            _what(record),
            version=record.version,
            policy_hash=None if version is None else version.policies[None, None].hash,
            counts_from=moment_text(record.counts_from),
            author=record.author,
        )
        self._heard(record)

    def _refuse(self, record: ConsumerRecord, error: PolicyError) -> None:
        """Tell of a policy that this release cannot use; what is in force stays in force."""
        self._rejected(UNUSABLE)
        log.error(
            "this release cannot use an applied policy, and what was in force stays: apply one that it can",
            topic=self._home.topic,
            offset=record.offset,
            problem=str(error.problems[0]),
            problems=len(error.problems),
        )

    def _complain(self, record: ConsumerRecord, error: Exception) -> None:
        self._rejected(UNREADABLE)
        log.error(
            "unreadable control record, passed over",
            topic=self._home.topic,
            offset=record.offset,
            error=str(error),
        )


def _what(record: PolicyRecord) -> str:
    """Return what was done, as the log says it."""
    if isinstance(record, Ended):
        return "a policy in shadow ends"
    return "a policy is tried out in shadow" if isinstance(record, Tried) else "a policy was applied"


async def ends_of_records(clients: KafkaClients, partitions: Sequence[TopicPartition]) -> dict[int, int]:
    """Return, by partition of a topic, the offset behind its last record; 0 where there is none.

    Not the log's end: behind the last record may lie a transaction's marker, or what compaction removed.
    Raises `UnavailableError`.
    """
    found = {each.partition: 0 for each in partitions}
    consumer = clients.consumer()
    with reporting("looking for the last records"):
        try:
            await consumer.start()
            async with asyncio.timeout(_TAIL_S):
                await _read_tails(consumer, partitions, found)
        finally:
            await consumer.stop()
    return found


async def _read_tails(
    consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition], found: dict[int, int]
) -> None:
    ends = await consumer.end_offsets(partitions)
    begins = await consumer.beginning_offsets(partitions)
    consumer.assign(partitions)
    for each, end in ends.items():
        consumer.seek(each, max(begins[each], end - _TAIL))
    while any([await consumer.position(each) < end for each, end in ends.items()]):
        for each, records in (await consumer.getmany(timeout_ms=_POLL_MS)).items():
            found[each.partition] = max(record.offset for record in records) + 1

"""One shard's commits: what it sends on and how far it has read, in one Kafka transaction.

aiokafka names only the group where it commits offsets in a transaction, so Kafka cannot tell an outlived
member by its generation. What fences an outlived owner instead is the transactional id, which belongs to the
partition: one producer for each, and whoever starts it last is the owner.
"""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaProducer
from aiokafka.errors import InvalidProducerEpoch, InvalidProducerIdMapping, ProducerClosed, ProducerFenced
from aiokafka.structs import OffsetAndMetadata, TopicPartition

from detector.errors import OwnershipLostError, StateError, UnavailableError
from detector.stream.kafka import BATCH_BYTES, CLIENT_ERRORS, KafkaClients, reporting

log = logging.getLogger(__name__)

METADATA_BYTES = 4_096
"""What a broker takes with an offset by default; one byte more and the producer is dead."""

_START_TIMEOUT_S = 30.0
# aiokafka repeats a transaction's requests for ever. Less than the transaction's own time-out at the broker.
_COMMIT_TIMEOUT_S = 20.0
_STOP_TIMEOUT_S = 1.0
_FENCED = (ProducerFenced, InvalidProducerEpoch, InvalidProducerIdMapping)


@dataclass(frozen=True, slots=True)
class OutRecord:
    """A message to send; without a partition, murmur2 of the key chooses it.

    Kafka's own client sends nothing that has neither key nor value: such a one goes out with an empty value.
    """

    topic: str
    value: bytes | None
    key: bytes | None = None
    partition: int | None = None
    headers: tuple[tuple[str, bytes], ...] = ()
    timestamp_ms: int | None = None


def transactional_id(group: str, stage: str, partition: int) -> str:
    """Name the owner of one stage's partition, the same for every worker of the group."""
    return f"{group}-{stage}-{partition}"


class ShardTransactions:
    """The transactions of one partition that a stage reads, from take-over until they are lost.

    After any error it is of no further use: `stop` it, make sure of the membership, and take over with a new
    one.
    """

    def __init__(self, clients: KafkaClients, *, group: str, stage: str, source: TopicPartition) -> None:
        self._clients = clients
        self._group = group
        self._source = source
        self._id = transactional_id(group, stage, source.partition)
        self._producer: AIOKafkaProducer | None = None
        self._usable = False
        self._open = False

    async def start(self) -> None:
        """Become the owner: fence the one before and end its open transaction.

        Raises `UnavailableError` where Kafka does not let it.
        """
        self._producer = self._clients.transactional_producer(self._id)
        try:
            with reporting(f"starting the transactions of {self._id}"):
                async with asyncio.timeout(_START_TIMEOUT_S):
                    await self._producer.start()
        except BaseException:
            await self.stop()
            raise
        self._usable = True

    async def commit(self, records: Sequence[OutRecord], offset: int | None, metadata: str) -> None:
        """Send `records` and commit `offset` with `metadata` for the source, all or nothing.

        `offset` is the next to be read; None commits none. Raises `OwnershipLostError` where another worker
        took over, `UnavailableError` where Kafka does not do it or it is not known whether it did, and
        `StateError` for metadata that no broker takes.
        """
        if self._producer is None or not self._usable:
            raise OwnershipLostError(f"{self._id} was given up after an error: take the partition over again")
        if len(metadata.encode()) > METADATA_BYTES:
            raise StateError(
                f"{self._id} would commit {len(metadata.encode())} bytes of metadata, and Kafka takes"
                f" {METADATA_BYTES}: too many idle steps since the last checkpoint"
            )
        # Until it is done: whatever interrupts this leaves a transaction of unknown fate.
        self._usable = False
        try:
            with reporting(f"committing {len(records)} messages of {self._id}"):
                async with asyncio.timeout(_COMMIT_TIMEOUT_S):
                    await self._transact(self._producer, records, offset, metadata)
        except UnavailableError as error:
            if _was_fenced(error):
                raise OwnershipLostError(
                    f"another worker took over {self._id}: nothing of the last commit counts, drop the shard"
                ) from error
            raise
        self._usable = True

    async def stop(self) -> None:
        """Let go of the producer, in any state; an open transaction is aborted where Kafka still answers."""
        producer, self._producer, self._usable = self._producer, None, False
        if producer is None:
            return
        _heed_unsent(producer)
        if self._open:
            # Where it cannot be aborted (fenced, ending already, Kafka away), the next owner's start ends it.
            with contextlib.suppress(*CLIENT_ERRORS):
                async with asyncio.timeout(_STOP_TIMEOUT_S):
                    await producer.abort_transaction()
        try:
            async with asyncio.timeout(_STOP_TIMEOUT_S):
                await producer.stop()
        except CLIENT_ERRORS as error:
            log.warning("%s could not be stopped in order and is abandoned (%r)", self._id, error)
            await _abandon(producer)

    async def _transact(
        self, producer: AIOKafkaProducer, records: Sequence[OutRecord], offset: int | None, metadata: str
    ) -> None:
        await producer.begin_transaction()
        self._open = True
        # Where something fails before the end of the transaction, nobody asks how it ended.
        _heed(producer._txn_manager.wait_for_transaction_end())  # noqa: SLF001  # aiokafka shows it nowhere else
        sent = [await _sent(producer, record) for record in records]
        if offset is not None:
            offsets = {self._source: OffsetAndMetadata(offset, metadata)}
            await producer.send_offsets_to_transaction(offsets, self._group)
        # A message that was rejected does not fail the transaction by itself.
        for future in sent:
            await future
        await producer.commit_transaction()
        self._open = False


async def _sent(producer: AIOKafkaProducer, record: OutRecord) -> asyncio.Future[object]:
    """Send a message; wait for a large one: a request with many of them could be more than Kafka takes."""
    future = await _send(producer, record)
    if len(record.value or b"") > BATCH_BYTES:
        await future
    return future


async def _send(producer: AIOKafkaProducer, record: OutRecord) -> asyncio.Future[object]:
    nothing = record.key is None and record.value is None
    future: asyncio.Future[object] = await producer.send(
        record.topic,
        value=b"" if nothing else record.value,
        key=record.key,
        partition=record.partition,
        timestamp_ms=record.timestamp_ms,
        headers=list(record.headers),
    )
    _heed(future)  # where one message fails, nobody asks after the others
    return future


def _heed(future: asyncio.Future[object]) -> None:
    """See to it that a failure nobody asks for is not logged as never retrieved."""
    future.add_done_callback(lambda done: done.cancelled() or done.exception())


def _heed_unsent(producer: AIOKafkaProducer) -> None:
    """Do the same for messages that aiokafka had not begun to send: those fail where nobody can ask."""
    for batches in producer._message_accumulator._batches.values():  # noqa: SLF001  # there is no other way
        for batch in batches:
            _heed(batch._drain_waiter)  # noqa: SLF001  # as above


async def _abandon(producer: AIOKafkaProducer) -> None:
    """End a producer that still waits for an answer from Kafka; its own `stop` would wait with it."""
    sender = producer._sender  # noqa: SLF001  # there is no other way
    producer._message_accumulator.fail_all(ProducerClosed())  # noqa: SLF001  # as above
    sender.sender_task.cancel()
    await producer.client.close()
    await asyncio.wait([sender.sender_task], timeout=_STOP_TIMEOUT_S)
    await producer.client.close()  # what the sender had begun may have connected again


def _was_fenced(error: BaseException | None) -> bool:
    """Look through the causes: aiokafka wraps what ends its background task."""
    while error is not None:
        if isinstance(error, _FENCED):
            return True
        error = error.__cause__
    return False

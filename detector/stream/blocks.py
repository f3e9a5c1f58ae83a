"""Blocks: how findings and cells travel from stage to stage, in few messages per commit and target partition.

A block also says who sends, how many senders there are, and how far the sender is; so a sender that found
nothing still sends a block to every partition now and then.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import msgspec
from aiokafka import ConsumerRecord
from aiokafka.structs import TopicPartition

from detector.cells import Cell, CellBlock, decode_cells, encode_cells
from detector.errors import StateError
from detector.findings import Block, Finding, decode_block, encode_block
from detector.stream.kafka import MAX_MESSAGE_BYTES, partition_of
from detector.stream.transactions import OutRecord

ANNOUNCE_S: Final = 1.0
"""A frontier with nothing else travels at most once in this time."""
LARGEST_BLOCK: Final = MAX_MESSAGE_BYTES - 1_000
"""Less what a record has beside its value."""
T = TypeVar("T")
B = TypeVar("B", Block, CellBlock)


@dataclass(frozen=True, slots=True)
class Parcel(Generic[T]):
    """How one kind of thing is sent: by whose key it finds its partition, and how a block of it is written.

    `encode` takes sender, number of senders, frontier and what is sent.
    """

    key: Callable[[T], str]
    encode: Callable[[int, int, int, tuple[T, ...]], bytes]


def _findings(sender: int, senders: int, frontier: int, sent: tuple[Finding, ...]) -> bytes:
    return encode_block(Block(sender, senders, frontier, sent))


def _cells(sender: int, senders: int, frontier: int, sent: tuple[Cell, ...]) -> bytes:
    return encode_cells(CellBlock(sender, senders, frontier, sent))


FINDINGS: Final[Parcel[Finding]] = Parcel(lambda finding: finding.subject.id, _findings)
CELLS: Final[Parcel[Cell]] = Parcel(lambda cell: cell.key.text, _cells)


class BlockSender(Generic[T]):
    """One shard's blocks for a topic; it is sender number `sender` of `senders`."""

    def __init__(self, parcel: Parcel[T], topic: str, partitions: int, *, sender: int, senders: int) -> None:
        self._parcel = parcel
        self._topic = topic
        self._partitions = partitions
        self._sender = sender
        self._senders = senders
        self._announced_at = 0.0
        self._announced = -1

    def due(self, now: float) -> bool:
        """Return whether every partition may hear how far the sender is; `now` is a monotonic clock, s."""
        return now - self._announced_at >= ANNOUNCE_S

    def heard(self, frontier: int) -> bool:
        """Return whether every partition has heard of `frontier`, and not only those that were sent more."""
        return frontier == self._announced

    def records(self, things: Sequence[T], frontier: int, *, everywhere: bool) -> list[OutRecord]:
        """Return what is sent as blocks, for each partition concerned, or for all."""
        parts: dict[int, list[T]] = {}
        if everywhere:
            parts = {place: [] for place in range(self._partitions)}
        for thing in things:
            place = partition_of(self._parcel.key(thing).encode(), self._partitions)
            parts.setdefault(place, []).append(thing)
        return [
            OutRecord(self._topic, block, partition=place)
            for place, sent in sorted(parts.items())
            for block in self._split(sent, frontier)
        ]

    def _split(self, sent: Sequence[T], frontier: int) -> Iterator[bytes]:
        """Yield blocks that fit into messages; only the last says how far the sender is."""
        block = self._parcel.encode(self._sender, self._senders, frontier, tuple(sent))
        if len(block) <= LARGEST_BLOCK or len(sent) == 1:
            yield block
            return
        half = len(sent) // 2
        yield from self._split(sent[:half], 0)
        yield from self._split(sent[half:], frontier)

    def announced(self, now: float, frontier: int) -> None:
        """Note that every partition was sent a block."""
        self._announced_at, self._announced = now, frontier


def blocks_in(source: TopicPartition, records: Iterable[ConsumerRecord]) -> Iterator[tuple[int, Block]]:
    """Yield (offset, block of findings); raises `StateError` for a message that is none."""
    return _decoded(source, records, decode_block, "findings")


def cells_in(source: TopicPartition, records: Iterable[ConsumerRecord]) -> Iterator[tuple[int, CellBlock]]:
    """Yield (offset, block of cells); raises `StateError` for a message that is none."""
    return _decoded(source, records, decode_cells, "cells")


def _decoded(
    source: TopicPartition, records: Iterable[ConsumerRecord], decode: Callable[[bytes], B], what: str
) -> Iterator[tuple[int, B]]:
    for record in records:
        if not record.value:
            continue
        try:
            yield record.offset, decode(record.value)
        except msgspec.MsgspecError as error:
            raise StateError(
                f"{source.topic}-{source.partition} holds at {record.offset} what is no block "
                f"of {what} ({error}): does something else write to it, or another release?"
            ) from error

"""Blocks: how findings travel from stage to stage, one message per commit and target partition.

A block also says who sends, how many senders there are, and how far the sender is; so a sender that found
nothing still sends a block to every partition now and then.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec
from aiokafka import ConsumerRecord
from aiokafka.structs import TopicPartition

from detector.errors import StateError
from detector.findings import Block, Finding, decode_block, encode_block
from detector.stream.kafka import partition_of
from detector.stream.transactions import OutRecord

ANNOUNCE_S: Final = 1.0
"""A frontier without findings travels at most once in this time."""


class BlockSender:
    """One shard's blocks for a topic; it is sender number `sender` of `senders`."""

    def __init__(self, topic: str, partitions: int, *, sender: int, senders: int) -> None:
        self._topic = topic
        self._partitions = partitions
        self._sender = sender
        self._senders = senders
        self._announced_at = 0.0

    def due(self, now: float) -> bool:
        """Return whether every partition is to hear how far the sender is; `now` is a monotonic clock, s."""
        return now - self._announced_at >= ANNOUNCE_S

    def records(self, findings: Sequence[Finding], frontier: int, *, everywhere: bool) -> list[OutRecord]:
        """Return the findings as blocks, one for each partition concerned, or for all."""
        parts: dict[int, list[Finding]] = {}
        if everywhere:
            parts = {place: [] for place in range(self._partitions)}
        for finding in findings:
            place = partition_of(finding.subject.id.encode(), self._partitions)
            parts.setdefault(place, []).append(finding)
        return [
            OutRecord(
                self._topic,
                encode_block(Block(self._sender, self._senders, frontier, tuple(found))),
                partition=place,
            )
            for place, found in sorted(parts.items())
        ]

    def announced(self, now: float) -> None:
        """Note that every partition was sent a block."""
        self._announced_at = now


def blocks_in(source: TopicPartition, records: Iterable[ConsumerRecord]) -> Iterator[tuple[int, Block]]:
    """Yield (offset, block); raises `StateError` for a message that is none."""
    for record in records:
        if not record.value:
            continue
        try:
            yield record.offset, decode_block(record.value)
        except msgspec.MsgspecError as error:
            raise StateError(
                f"{source.topic}-{source.partition} holds at {record.offset} what is no block "
                f"of findings ({error}): does something else write to it, or another release?"
            ) from error

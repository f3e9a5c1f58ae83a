"""Messages that go out as they came: those that are no event, and events that came too late.

A message's size decides nothing else: what its topic would not take is cut, and a header says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from aiokafka import ConsumerRecord
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.structs import TopicPartition

from detector.events import Rejected
from detector.stream.kafka import LARGEST_LETTER_BYTES, MAX_MESSAGE_BYTES
from detector.stream.transactions import OutRecord
from detector.topics import Topics

LONGEST_DETAIL: Final = 1_000
"""Characters of an error's detail, which may repeat what the message says."""

_LENGTH_BYTES = 5
Headers = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Letters:
    """Makes them; `room` has the largest message that each topic takes, bytes, where it is known."""

    topics: Topics
    room: Mapping[str, int]

    def dead(self, source: TopicPartition, record: ConsumerRecord, why: Rejected) -> OutRecord:
        """Return a message that is no event, as it came, with what is wrong and where it lies."""
        headers = (
            ("error", why.detail[:LONGEST_DETAIL].encode()),
            ("reason", why.reason.encode()),
            *_origin(source, record),
        )
        letter = OutRecord(self.topics.dead_letters, record.value, key=record.key, headers=headers)
        return self._fitted(letter, headers)

    def late(self, source: TopicPartition, record: ConsumerRecord) -> OutRecord:
        """Return an event that came too late, as it came."""
        headers = tuple(record.headers or ())
        letter = OutRecord(self.topics.late, record.value, key=record.key, headers=headers)
        return self._fitted(letter, _origin(source, record))

    def _fitted(self, letter: OutRecord, instead: Headers) -> OutRecord:
        """Return a message that its topic takes; one that is cut has the headers `instead`, and one more."""
        most = min(self.room.get(letter.topic, MAX_MESSAGE_BYTES), LARGEST_LETTER_BYTES)
        if _size(letter) <= most:
            return letter
        key, value = letter.key or b"", letter.value or b""
        headers = (*instead, ("truncated", str(len(value)).encode()))
        left = most - _bare(headers)
        if len(key) > left // 2:
            headers = (*headers, ("truncated_key", str(len(key)).encode()))
            left = most - _bare(headers)
            key = key[: left // 2]
        return replace(
            letter,
            key=None if letter.key is None else key,
            value=None if letter.value is None else value[: left - len(key)],
            headers=headers,
        )


def _origin(source: TopicPartition, record: ConsumerRecord) -> Headers:
    return (
        ("topic", source.topic.encode()),
        ("partition", str(source.partition).encode()),
        ("offset", str(record.offset).encode()),
    )


def _size(record: OutRecord) -> int:
    """Return the most bytes that a batch of this message alone takes: what brokers compare."""
    return int(
        DefaultRecordBatchBuilder.estimate_size_in_bytes(record.key, record.value, list(record.headers))
    )


def _bare(headers: Headers) -> int:
    """Return the most bytes that such a batch takes beside key and value."""
    return _size(OutRecord("", b"", key=b"", headers=headers)) + 2 * _LENGTH_BYTES

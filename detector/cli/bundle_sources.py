"""What a bundle is made from: alerts and events, in files or topics, read as often as they are needed."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

from aiokafka.structs import ConsumerRecord

from detector.alerts import Evidence, Origin
from detector.cli.clients import hushed_clients
from detector.cli.topic_url import TopicUrl
from detector.dispute import Found, Key, Why, key_of
from detector.evidence import MOST_BYTES
from detector.formats import FORMATS, read_batches
from detector.replay import History
from detector.replay.select import head_of, read_late
from detector.stream.alert_log import AlertLog, opened
from detector.stream.kafka import KafkaClients

_BATCH: Final = 100
"""Lines of alerts that are read at once: each may be long."""
Entry = dict[str, Any]
"""What recomputation.json says of a source."""


@dataclass(frozen=True, slots=True)
class Line:
    """A message or a line with alerts: where it lies, and whether what was before it may be gone."""

    place: str
    text: bytes
    late: bool = False


def alerts_with(source: str, needle: bytes, clients: Callable[[str], KafkaClients]) -> list[Line]:
    """Return what may hold the text `needle` in a file or a topic of alerts, in its order.

    Whatever has escapes of JSON may. Raises `InputError`, `UnavailableError`.
    """
    url = TopicUrl.parse(source)
    if url is None:
        return [
            Line(f"line {number}", line)
            for batch in read_batches(source, _BATCH, MOST_BYTES + 1)
            for number, line in zip(batch.numbers, batch.lines, strict=True)
            if _may_hold(line, needle)
        ]
    with hushed_clients():
        return asyncio.run(_messages_with(url, needle, clients(url.brokers)))


def _may_hold(text: bytes, needle: bytes) -> bool:
    return needle in text or b"\\u" in text


async def _messages_with(url: TopicUrl, needle: bytes, clients: KafkaClients) -> list[Line]:
    async with opened(clients, url.topic) as log:
        return [
            Line(_place(record), record.value, log.cut(record.partition))
            async for record in _records(log)
            if record.value is not None and _may_hold(record.value, needle)
        ]


@dataclass(slots=True)
class Wanted:
    """Evidence that is looked for: by time and id, and by its place in Kafka where it names one."""

    keys: frozenset[Key]
    origins: Mapping[Origin, Key]
    found: dict[Key, Found] = field(default_factory=dict)
    missing: dict[Key, Why] = field(default_factory=dict)
    _at_origin: set[Key] = field(default_factory=set)

    @classmethod
    def of(cls, evidence: Sequence[Evidence]) -> "Wanted":
        """Look for the events of some evidence."""
        origins = {said.origin: key_of(said) for said in evidence if isinstance(said.origin, Origin)}
        return cls(frozenset(map(key_of, evidence)), origins)

    def look_at(self, value: bytes, place: str, origin: Origin | None = None) -> None:
        """Take an event that is wanted; one that lies where the evidence says counts before its twins."""
        there = self.origins.get(origin) if origin is not None else None
        head = head_of(value)
        key = None if head is None else (head[0], head[1])
        if there is not None:
            if key == there:
                self.found[there] = Found(value, place)
                self._at_origin.add(there)
            else:
                self.missing[there] = "other_there"
        if key in self.keys and key not in self._at_origin:
            self.found.setdefault(key, Found(value, place))

    def note_gone(self, log: AlertLog) -> None:
        """Note what lies before the beginning of its partition."""
        begins = {each.partition: begin for each, begin in log.begins.items()}
        for origin, key in self.origins.items():
            if origin.topic == log.topic and origin.offset < begins.get(origin.partition, 0):
                self.missing[key] = "gone"


@dataclass(frozen=True, slots=True)
class Events:
    """The history of a bundle as files, with what was wanted of it and what to say of where it came from."""

    history: History
    wanted: Wanted
    entries: tuple[Entry, ...]


def events_of_files(files: Sequence[Path], form: str, wanted: Wanted) -> Events:
    """Look for what is wanted in files; raises `InputError`."""
    history = History(files, FORMATS[form])
    for batch in history.batches(lambda _bytes: None):
        for record, name, number in zip(batch.records, batch.files, batch.numbers, strict=True):
            wanted.look_at(record.value, f"{Path(name).name}, line {number}")
    return Events(history, wanted, tuple(entry_of_file("events", path) for path in files))


def events_of_topic(
    url: TopicUrl, wanted: Wanted, clients: KafkaClients, most_ahead_ms: int, folder: Path
) -> Events:
    """Write a topic's events to a file in `folder`, and look among them; raises `UnavailableError`.

    What the live service refused is left out: a time more than `most_ahead_ms` ahead of the broker's.
    """
    path = folder / "events.jsonl"
    with path.open("wb") as out, hushed_clients():
        entry = asyncio.run(_copied(url, wanted, clients, most_ahead_ms, out))
    return Events(History([path], FORMATS["jsonl"]), wanted, (entry,))


async def _copied(
    url: TopicUrl, wanted: Wanted, clients: KafkaClients, most_ahead_ms: int, out: BinaryIO
) -> Entry:
    async with opened(clients, url.topic) as log:
        wanted.note_gone(log)
        async for record in _records(log):
            if record.value is None:
                continue
            origin = Origin(url.topic, record.partition, record.offset)
            wanted.look_at(record.value, _place(record), origin)
            head = head_of(record.value)
            if head is not None and head[0] - record.timestamp <= most_ahead_ms:
                out.write(record.value.replace(b"\r", b" ").replace(b"\n", b" ") + b"\n")
        offsets = {
            str(each.partition): [log.begins[each], end]
            for each, end in sorted(log.ends.items(), key=lambda pair: pair[0].partition)
        }
        return {"what": "events", "topic": url.topic, "offsets": offsets}


def late_ones(source: str, clients: Callable[[str], KafkaClients]) -> frozenset[Key]:
    """Return time and id of what was counted as late live; raises `InputError`, `UnavailableError`."""
    url = TopicUrl.parse(source)
    if url is None:
        return read_late(Path(source))
    with hushed_clients():
        return asyncio.run(_late(url, clients(url.brokers)))


async def _late(url: TopicUrl, clients: KafkaClients) -> frozenset[Key]:
    async with opened(clients, url.topic) as log:
        heads = [head_of(record.value) async for record in _records(log) if record.value is not None]
    return frozenset((head[0], head[1]) for head in heads if head is not None)


def entry_of_file(what: str, path: Path) -> Entry:
    """Return what a file is called, without its folder, and the SHA-256 of its bytes."""
    with path.open("rb") as file:
        return {"what": what, "file": path.name, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


async def _records(log: AlertLog) -> AsyncIterator[ConsumerRecord]:
    async for batch in log.batches():
        for record in batch:
            yield record


def _place(record: ConsumerRecord) -> str:
    return f"{record.topic}, partition {record.partition}, offset {record.offset}"

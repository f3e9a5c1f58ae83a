"""The inputs of a replay: files in any number, whose events come out nearly in the order of event time.

How far from that order they are is measured in a first pass (survey.py), so that a second one can restore it
with a buffer just large enough; where that would be too large, it is restored on disk (sorting.py).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heapreplace
from pathlib import Path
from typing import TypeVar

import msgspec

from detector.errors import InputError
from detector.events import Rejected
from detector.feedback import Feedback, StampedFeedback
from detector.formats import FORMATS, Format, LineBatch, lines_of, read_batches, read_texts, source_of
from detector.moments import Instant, instant_ms, moment_ms
from detector.policy.applied import PolicyRecord
from detector.policy.entitlements import Entitlement, Stamped
from detector.stages.accounts import NO_OFFSET, NO_STAMP, Record

T = TypeVar("T")


class _Moment(msgspec.Struct, gc=False):
    time: Instant


class _AnyMoment(msgspec.Struct, gc=False):
    time: str | float


_MOMENT = msgspec.json.Decoder(_Moment)
_ANY_MOMENT = msgspec.json.Decoder(_AnyMoment)
_BLANK = (b"\n", b"\r", b" ", b"\t")
"""How a line begins that JSON calls blank, and may be."""


class FileRecord(msgspec.Struct, frozen=True, gc=False):
    """A line of a file as a record: from no broker, from no log."""

    value: bytes
    timestamp: int = NO_STAMP
    offset: int = NO_OFFSET


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that is no event, and why."""

    file: str
    number: int
    why: Rejected


@dataclass(frozen=True, slots=True)
class Batch:
    """Some lines as records, with the file and the number of each, and lines that could not be read.

    `position` is how many bytes of the last one's file were read.
    """

    records: list[FileRecord] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    position: int = 0

    def places(self, records: Sequence[Record]) -> list[tuple[str, int]]:
        """Return where the given ones of its records lie: file and line."""
        places = {id(record): place for place, record in enumerate(self.records)} if records else {}
        return [(self.files[place], self.numbers[place]) for place in (places[id(one)] for one in records)]

    def refused(self, rejected: Sequence[tuple[Record, Rejected]]) -> list[Unread]:
        """Return where in the files the records lie that are no events."""
        places = self.places([record for record, _ in rejected])
        return [Unread(*place, why) for place, (_, why) in zip(places, rejected, strict=True)]


class History:
    """The events of some files, each read in its own order; the batch that begins first comes next."""

    def __init__(self, files: Sequence[Path], form: Format) -> None:
        self._files = [str(path) for path in files]
        self._form = form
        self._by_lines = form is not FORMATS["jsonl"]

    def batches(self, advance: Callable[[int], None]) -> Iterator[Batch]:
        """Yield everything, and tell `advance` how many bytes of the files were read.

        Raises `InputError` for a file that cannot be read.
        """
        read = [0] * len(self._files)
        for number, batch in self._in_turns():
            advance(batch.position - read[number])
            read[number] = batch.position
            yield batch

    @property
    def is_one_of_events(self) -> bool:
        """Whether it is one file, whose lines are events: its texts come as its batches do."""
        return len(self._files) == 1 and not self._by_lines

    def texts(self, advance: Callable[[int], None]) -> Iterator[bytes]:
        """Yield the whole lines of a history that is one of events, in large texts; else as `batches`."""
        (name,) = self._files
        read = 0
        for text, position in read_texts(name):
            advance(position - read)
            read = position
            yield text

    def _in_turns(self) -> Iterator[tuple[int, Batch]]:
        readers = [self._read(name) for name in self._files]
        heads = []
        for number, reader in enumerate(readers):
            first = next(reader, None)
            if first is not None:
                heads.append((_first_time(first), number, first))
        heapify(heads)
        while heads:
            _, number, batch = heads[0]
            yield number, batch
            following = next(readers[number], None)
            if following is None:
                heappop(heads)
            else:
                heapreplace(heads, (_first_time(following), number, following))

    def _read(self, name: str) -> Iterator[Batch]:
        source = source_of(name) if self._by_lines else ""
        for lines in read_batches(name):
            yield self._converted(name, source, lines)

    def _converted(self, name: str, source: str, lines: LineBatch) -> Batch:
        if not self._by_lines:
            records = [FileRecord(line) for line in lines.lines]
            return Batch(records, [name] * len(records), lines.numbers, position=lines.position)
        batch = Batch(position=lines.position)
        for number, line in zip(lines.numbers, lines.lines, strict=True):
            event = self._form.convert(source, number, line)
            if isinstance(event, Rejected):
                batch.unread.append(Unread(name, number, event))
            else:
                batch.records.append(FileRecord(event))
                batch.files.append(name)
                batch.numbers.append(number)
        return batch


def times_of(values: Sequence[bytes]) -> Sequence[int | None]:
    """Return the times of events, Unix ms, None for what has none."""
    times = _times_in(b"\n".join(values))
    return [_time_of(value) for value in values] if times is None or len(times) != len(values) else times


def times_in(text: bytes) -> Sequence[int | None]:
    """Return the same of the lines of a text that are not blank."""
    if not text.startswith(_BLANK) and not any(b"\n" + blank in text for blank in _BLANK):
        times = _times_in(text)
        if times is not None and len(times) == text.count(b"\n") + 1:
            return times
    return times_of(lines_of(text))


def _times_in(text: bytes) -> list[int] | None:
    """Return the times in a text of nothing but events, else None."""
    try:
        return [instant_ms(found.time) for found in _MOMENT.decode_lines(text)]
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return None


def _time_of(value: bytes) -> int | None:
    try:
        return instant_ms(_MOMENT.decode(value).time)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        pass
    try:
        return moment_ms(_ANY_MOMENT.decode(value).time)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return None


def _first_time(batch: Batch) -> int:
    """Return the first moment of a batch, 0 where it has none."""
    return next((time for record in batch.records if (time := _time_of(record.value)) is not None), 0)


class _Entitled(msgspec.Struct):
    key: str
    value: Entitlement | None
    counts_from: Instant | None = None
    """The moment that it was stamped with, where `detector entitlements export` wrote the line."""


class _Spoken(msgspec.Struct):
    key: str
    value: Feedback


def read_entitlements(path: Path) -> list[Stamped]:
    """Return the entitlements of a file, each from its `valid_from` on, from ever where it names none.

    A line that was exported counts from the moment that it was stamped with.
    """
    return [_stamped(line) for line in _lines(path, msgspec.json.Decoder(_Entitled), "entitlement")]


def _stamped(line: _Entitled) -> Stamped:
    since = line.counts_from
    if since is None and line.value is not None:
        since = line.value.valid_from
    return Stamped(line.key, 0 if since is None else instant_ms(since), line.value)


def read_feedback(path: Path) -> list[StampedFeedback]:
    """Return the feedback of a file, each from its `time` on."""
    lines = _lines(path, msgspec.json.Decoder(_Spoken), "feedback")
    return [StampedFeedback(line.key, line.value.time_ms, line.value) for line in lines]


def read_applied(path: Path) -> list[PolicyRecord]:
    """Return what a file says was done to policies, as it lies on the control topic."""
    decoder: msgspec.json.Decoder[PolicyRecord] = msgspec.json.Decoder(PolicyRecord)
    return [*_lines(path, decoder, "applied policy")]


def _lines(path: Path, decoder: msgspec.json.Decoder[T], what: str) -> Iterator[T]:
    for batch in read_batches(path):
        for number, line in zip(batch.numbers, batch.lines, strict=True):
            try:
                yield decoder.decode(line)
            except (msgspec.MsgspecError, ValueError, RecursionError) as error:
                raise InputError(f"{path}, line {number}: no {what}: {error}") from error

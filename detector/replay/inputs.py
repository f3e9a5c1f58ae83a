"""The inputs of a replay: files in any number, whose events come out nearly in the order of event time.

How far from that order they are is measured in a first pass, so that a second one can restore it with a
buffer just large enough, however long the history is.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace
from pathlib import Path
from typing import NamedTuple

import msgspec

from detector.errors import InputError
from detector.events import EARLIEST_MS, LATEST_MS, Rejected
from detector.formats import FORMATS, Format, LineBatch, read_batches, source_of
from detector.policy.entitlements import Entitlement, Instant, Stamped, instant_ms
from detector.stages.accounts import NO_OFFSET, NO_STAMP, Record


class _Moment(msgspec.Struct, gc=False):
    time: Instant


_MOMENT = msgspec.json.Decoder(_Moment)


class FileRecord(NamedTuple):
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
    """Some lines of one file as records, with their numbers, and those of them that could not be read."""

    records: list[FileRecord]
    numbers: list[int]
    unread: list[Unread]
    file: str
    position: int

    def refused(self, rejected: Sequence[tuple[Record, Rejected]]) -> list[Unread]:
        """Return where in the file the records lie that are no events."""
        if not rejected:
            return []
        numbers = {id(record): number for record, number in zip(self.records, self.numbers, strict=True)}
        return [Unread(self.file, numbers[id(record)], why) for record, why in rejected]


class History:
    """The events of some files, each read in its own order; the batch that begins first comes next."""

    def __init__(self, files: Sequence[Path], form: Format) -> None:
        self._files = [str(path) for path in files]
        self._form = form
        self._by_lines = form is not FORMATS["jsonl"]

    def disorder_ms(self, advance: Callable[[int], None]) -> int:
        """Read everything once; return by how much an event may come after a later one.

        A time that no clock could mean is no event's, and must not make the buffer hold all there is.
        `advance` is told how many bytes of the files were read.
        """
        newest = disorder = 0
        for batch in self.batches(advance):
            for time in _times([record.value for record in batch.records]):
                if EARLIEST_MS <= time < LATEST_MS:
                    disorder = max(disorder, newest - time)
                    newest = max(newest, time)
        return disorder

    def batches(self, advance: Callable[[int], None]) -> Iterator[Batch]:
        """Yield everything; raises `InputError` for a file that cannot be read."""
        read = dict.fromkeys(self._files, 0)
        for batch in self._in_turns():
            advance(batch.position - read[batch.file])
            read[batch.file] = batch.position
            yield batch

    def _in_turns(self) -> Iterator[Batch]:
        readers = [self._read(name) for name in self._files]
        heads = []
        for number, reader in enumerate(readers):
            first = next(reader, None)
            if first is not None:
                heads.append((_first_time(first), number, first))
        heapify(heads)
        while heads:
            _, number, batch = heads[0]
            yield batch
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
            return Batch(records, lines.numbers, [], name, lines.position)
        batch = Batch([], [], [], name, lines.position)
        for number, line in zip(lines.numbers, lines.lines, strict=True):
            event = self._form.convert(source, number, line)
            if isinstance(event, Rejected):
                batch.unread.append(Unread(name, number, event))
            else:
                batch.records.append(FileRecord(event))
                batch.numbers.append(number)
        return batch


def _times(values: list[bytes]) -> list[int]:
    """Return the times of events, Unix ms, leaving out what has none."""
    try:
        return [instant_ms(found.time) for found in _MOMENT.decode_lines(b"\n".join(values))]
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return [time for value in values for time in _time(value)]


def _time(value: bytes) -> list[int]:
    try:
        return [instant_ms(_MOMENT.decode(value).time)]
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return []


def _first_time(batch: Batch) -> int:
    """Return the first moment of a batch, 0 where it has none."""
    return next((time for record in batch.records for time in _time(record.value)), 0)


class _Line(msgspec.Struct):
    key: str
    value: Entitlement | None


def read_entitlements(path: Path) -> list[Stamped]:
    """Return the entitlements of a file, each from its `valid_from` on, from ever where it names none."""
    found = []
    for batch in read_batches(path):
        for number, line in zip(batch.numbers, batch.lines, strict=True):
            try:
                entry = msgspec.json.decode(line, type=_Line)
            except (msgspec.MsgspecError, ValueError) as error:
                raise InputError(f"{path}, line {number}: no entitlement: {error}") from error
            since = None if entry.value is None else entry.value.valid_from
            found.append(Stamped(entry.key, 0 if since is None else instant_ms(since), entry.value))
    return found

"""The lines of a file as records: from no broker, from no log."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from detector.events import Rejected
from detector.formats import Format, LineBatch
from detector.stages.accounts import NO_OFFSET, NO_STAMP, Record


class FileRecord(msgspec.Struct, frozen=True, gc=False):
    """A line of a file as a record."""

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


def as_records(name: str, form: Format, source: str, lines: LineBatch) -> Batch:
    """Return lines of the file `name` as records; `source` is what it is called in ids."""
    if form.of_events:
        records = [FileRecord(line) for line in lines.lines]
        return Batch(records, [name] * len(records), lines.numbers, position=lines.position)
    batch = Batch(position=lines.position)
    for number, line in zip(lines.numbers, lines.lines, strict=True):
        event = form.convert(source, number, line)
        if isinstance(event, Rejected):
            batch.unread.append(Unread(name, number, event))
        else:
            batch.records.append(FileRecord(event))
            batch.files.append(name)
            batch.numbers.append(number)
    return batch

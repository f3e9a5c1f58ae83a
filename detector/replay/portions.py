"""The portions of a history that can be read by anybody, and what a first look at one tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from detector.events import EARLIEST_MS, LATEST_MS
from detector.formats import Extent, Format, Mask, cut, lines_of
from detector.replay.glance import divided, times_and_parts, times_of
from detector.replay.records import Batch, as_records


@dataclass(frozen=True, slots=True)
class Portion:
    """Some lines of a file; `source` is what it is called in ids."""

    extent: Extent
    form: Format
    source: str

    def batch(self, first_line: int, wanted: Mask | None = None) -> Batch:
        """Return its lines as records; `first_line` is the number of the first in the file.

        Where `wanted` is given, only those of the lines that are not blank for which it is true.
        """
        return as_records(self.extent.path, self.form, self.source, self.extent.lines(first_line, wanted))


class Stretch(NamedTuple):
    """Events one after the other, moments in Unix ms; those of nothing where there are none."""

    events: int = 0
    first_ms: int = 0
    earliest_ms: int = 0
    latest_ms: int = 0
    disorder_ms: int = 0
    """By how much one comes after a later one among them, at most."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a portion holds: lines in all, those that are not blank, and its events.

    `parts` has a byte for each line that is not blank: the number of the process that judges it, none where
    there is one process only.
    """

    lines: int
    filled: int
    stretch: Stretch
    parts: bytes = b""


def stretch_of(moments: Sequence[int | None]) -> Stretch:
    """Return what times tell, Unix ms. One that no clock could mean is no event's."""
    times = np.array([time for time in moments if time is not None], np.int64)
    times = times[(times >= EARLIEST_MS) & (times < LATEST_MS)]
    if not len(times):
        return Stretch()
    behind = np.maximum.accumulate(times) - times
    return Stretch(len(times), int(times[0]), int(times.min()), int(times.max()), int(behind.max()))


def look(portion: Portion, count: int) -> Look:
    """Return what there is in a portion, to be judged by `count` processes.

    Raises `InputError` where it cannot be read.
    """
    text = portion.extent.text()
    starts, ends = cut(text)
    if portion.form.of_events:
        found = times_and_parts(text, starts, ends, count)
        if found is not None:
            times, parts = found
            return Look(len(starts), len(times), stretch_of(times), bytes(parts))
    lines = lines_of(text, 1, portion.extent.end)
    batch = as_records(portion.extent.path, portion.form, portion.source, lines)
    values = [record.value for record in batch.records]
    filled = len(values) + len(batch.unread)
    return Look(len(starts), filled, stretch_of(times_of(values)), _parts(batch, count) if count > 1 else b"")


def _parts(batch: Batch, count: int) -> bytes:
    numbers = zip(batch.numbers, divided([record.value for record in batch.records], count), strict=True)
    return bytes(part for _, part in sorted([*numbers, *((line.number, 0) for line in batch.unread)]))

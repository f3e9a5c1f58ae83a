"""Order restored on disk, for a history too far out of order for memory: runs are sorted, written and merged.

One event of a year to come would otherwise hold back all that follows it, and there is no broker's timestamp
to tell that it is wrong.
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from detector.replay.glance import times_of
from detector.replay.records import Batch, FileRecord

MOST_HELD = 250_000
"""Events that may wait in memory at once, about 0.2 GB; and those of one run."""
_BATCH = 20_000
_HEAD = struct.Struct("<qIQI")
_BUFFER = 1 << 16


class _Kept(NamedTuple):
    """A line as it is written to a run; `file` is its place among the names."""

    time_ms: int
    file: int
    number: int
    value: bytes


def in_order(
    batches: Iterable[Batch], chosen: Callable[[Sequence[FileRecord]], Sequence[FileRecord]], folder: Path
) -> Iterator[Batch]:
    """Yield the chosen records of `batches` in the order of their time, those without time first.

    What could not be read comes at once. `folder` takes about the size of the history, unpacked.
    """
    names: dict[str, int] = {}
    runs: list[Path] = []
    kept: list[_Kept] = []
    for batch in batches:
        if batch.unread:
            yield Batch(unread=batch.unread)
        records = chosen(batch.records)
        for record, time_ms, (file, number) in zip(
            records, times_of([record.value for record in records]), batch.places(records), strict=True
        ):
            kept.append(_Kept(time_ms or 0, names.setdefault(file, len(names)), number, record.value))
        if len(kept) >= MOST_HELD:
            runs.append(_written(kept, folder / f"run-{len(runs)}"))
            kept.clear()
    kept.sort(key=itemgetter(0))
    yield from _merged([*map(_read, runs), iter(kept)], list(names))


def _written(kept: list[_Kept], path: Path) -> Path:
    kept.sort(key=itemgetter(0))
    with path.open("wb") as file:
        for one in kept:
            file.write(_HEAD.pack(one.time_ms, one.file, one.number, len(one.value)))
            file.write(one.value)
    return path


def _read(path: Path) -> Iterator[_Kept]:
    with path.open("rb", buffering=_BUFFER) as file:
        while head := file.read(_HEAD.size):
            time_ms, name, number, size = _HEAD.unpack(head)
            yield _Kept(time_ms, name, number, file.read(size))


def _merged(runs: list[Iterator[_Kept]], names: list[str]) -> Iterator[Batch]:
    waiting = merge(*runs, key=itemgetter(0))
    while part := list(islice(waiting, _BATCH)):
        yield Batch(
            [FileRecord(one.value) for one in part],
            [names[one.file] for one in part],
            [one.number for one in part],
        )

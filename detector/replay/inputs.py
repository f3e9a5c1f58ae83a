"""The inputs of a replay: files in any number, whose events come out nearly in the order of event time.

How far from that order they are is measured in a first pass (survey.py), so that a second one can restore it
with a buffer just large enough; where that would be too large, it is restored on disk (sorting.py).
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from heapq import heapify, heappop, heapreplace
from pathlib import Path
from typing import TypeVar

import msgspec

from detector.errors import InputError
from detector.feedback import Feedback, StampedFeedback
from detector.formats import Format, extents_of, read_batches, source_of
from detector.moments import Instant, instant_ms
from detector.policy.applied import PolicyRecord
from detector.policy.entitlements import NO_ACCOUNT, Entitlement, Stamped, is_visitor
from detector.replay.glance import time_of
from detector.replay.portions import Portion
from detector.replay.records import Batch, as_records

T = TypeVar("T")


class History:
    """The events of some files, each read in its own order; what begins first comes next."""

    def __init__(self, files: Sequence[Path], form: Format) -> None:
        self._files = [str(path) for path in files]
        self._form = form

    @cached_property
    def portions(self) -> list[list[Portion]] | None:
        """What it consists of, by file; None where a file can only be read from its beginning."""
        files = []
        for name in self._files:
            cut = extents_of(name)
            if cut is None:
                return None
            source = self._source(name)
            files.append([Portion(extent, self._form, source) for extent in cut])
        return files

    def batches(self, advance: Callable[[int], None]) -> Iterator[Batch]:
        """Yield everything, and tell `advance` how many bytes of the files were read.

        Raises `InputError` for a file that cannot be read.
        """
        read = [0] * len(self._files)
        for number, batch in in_turns([self._read(name) for name in self._files], _begun_ms):
            advance(batch.position - read[number])
            read[number] = batch.position
            yield batch

    def _read(self, name: str) -> Iterator[Batch]:
        source = self._source(name)
        for lines in read_batches(name):
            yield as_records(name, self._form, source, lines)

    def _source(self, name: str) -> str:
        return "" if self._form.of_events else source_of(name)


def in_turns(readers: Sequence[Iterator[T]], begun_ms: Callable[[T], int]) -> Iterator[tuple[int, T]]:
    """Yield what the readers give, each with its number: of what comes next, the one that begins first."""
    heads = []
    for number, reader in enumerate(readers):
        first = next(reader, None)
        if first is not None:
            heads.append((begun_ms(first), number, first))
    heapify(heads)
    while heads:
        _, number, given = heads[0]
        yield number, given
        following = next(readers[number], None)
        if following is None:
            heappop(heads)
        else:
            heapreplace(heads, (begun_ms(following), number, following))


def _begun_ms(batch: Batch) -> int:
    """Return the first moment of a batch, Unix ms, 0 where it has none."""
    return next((time for record in batch.records if (time := time_of(record.value)) is not None), 0)


class _Entitled(msgspec.Struct):
    key: str
    value: Entitlement | None
    counts_from: Instant | None = None
    """The moment that it was stamped with, where `detector entitlements export` wrote the line."""

    def __post_init__(self) -> None:
        """Refuse, with a ValueError, what is about nobody who can be granted anything."""
        if is_visitor(self.key):
            raise ValueError(NO_ACCOUNT)


class _Spoken(msgspec.Struct):
    key: str
    value: Feedback
    counts_from: Instant | None = None
    """The same, where `detector feedback export` wrote the line."""


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
    """Return the feedback of a file, each from its `time` on, or from when on it counted live."""
    lines = _lines(path, msgspec.json.Decoder(_Spoken), "feedback")
    return [
        StampedFeedback(
            line.key,
            line.value.time_ms if line.counts_from is None else instant_ms(line.counts_from),
            line.value,
        )
        for line in lines
    ]


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

"""The first pass over a history: how far it is out of order, and what it takes to put that right."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import islice
from pathlib import Path

from detector.replay.glance import times_of
from detector.replay.inputs import History, in_turns
from detector.replay.portions import Look, Portion, Stretch, look, stretch_of
from detector.replay.records import Batch
from detector.replay.select import Selection
from detector.replay.sorting import MOST_HELD, in_order


@dataclass(frozen=True, slots=True)
class Piece:
    """A portion that was looked at; `first_line` is the number of its first line in its file."""

    portion: Portion
    look: Look
    first_line: int

    @property
    def size(self) -> int:
        """Bytes."""
        return self.portion.extent.size


@dataclass(slots=True)
class Survey:
    """What was seen of a history so far."""

    disorder_ms: int = 0
    """By how much an event comes after a later one, at most."""
    lines: int = 0
    """Lines that are not blank, whatever they are."""
    pieces: list[Piece] = field(default_factory=list)
    """All of it, where all of it can be read in portions and is wanted; else nothing."""
    _newest_ms: int = 0
    _stretches: list[tuple[Stretch, int]] = field(default_factory=list)
    """Each with the newest moment up to its end, Unix ms."""

    def take(self, stretch: Stretch, lines: int) -> None:
        """Take what was seen next, of so many lines."""
        self.lines += lines
        if stretch.events:
            behind_ms = self._newest_ms - stretch.earliest_ms
            self.disorder_ms = max(self.disorder_ms, stretch.disorder_ms, behind_ms)
            self._newest_ms = max(self._newest_ms, stretch.latest_ms)
            self._stretches.append((stretch, self._newest_ms))

    def most_held(self) -> int:
        """Return how many events wait at once, at most, where each waits until no earlier one can follow."""
        return max(self._held(), default=0)

    @property
    def fits(self) -> bool:
        """Whether what waits has room in memory; else the order is restored on disk."""
        return self.most_held() <= MOST_HELD

    @property
    def lateness_ms(self) -> int:
        """How long an event of what `ordered` gives has to wait for earlier ones, in event time."""
        return self.disorder_ms if self.fits else 0

    def ordered(
        self, history: History, selection: Selection, folder: Path, advance: Callable[[int], None]
    ) -> Iterator[Batch]:
        """Yield the history in an order that `lateness_ms` makes right; `folder` is for what does not fit."""
        batches = self.batches(history, advance)
        return batches if self.fits else in_order(batches, selection.of, folder)

    def batches(self, history: History, advance: Callable[[int], None]) -> Iterator[Batch]:
        """Yield the history in the order in which it was seen; see `History.batches`."""
        if not self.pieces:
            yield from history.batches(advance)
        for piece in self.pieces:
            advance(piece.size)
            yield piece.portion.batch(piece.first_line)

    def _held(self) -> Iterator[int]:
        held, waiting = 0, list[tuple[int, int]]()
        for stretch, newest_ms in self._stretches:
            heappush(waiting, (stretch.latest_ms, stretch.events))
            held += stretch.events
            while waiting[0][0] < newest_ms - self.disorder_ms:
                held -= heappop(waiting)[1]
            yield held


Looks = Callable[[Iterable[Portion]], Iterator[Look]]
"""What portions hold, in their order."""


def looked_at(portions: Iterable[Portion]) -> Iterator[Look]:
    """Look at portions, one after the other, in this process."""
    return (look(portion, 1) for portion in portions)


def surveyed(
    history: History, selection: Selection, advance: Callable[[int], None], looks: Looks = looked_at
) -> Survey:
    """Read a history through; `advance` is told how many bytes of its files were read.

    Raises `InputError` for a file that cannot be read.
    """
    survey = Survey()
    if selection.is_everything and history.portions is not None:
        files = [iter(file) for file in _pieces(history.portions, looks, advance)]
        for _, piece in in_turns(files, _begun_ms):
            survey.take(piece.look.stretch, piece.look.filled)
            survey.pieces.append(piece)
        return survey
    for batch in history.batches(advance):
        values = [record.value for record in selection.of(batch.records)]
        survey.take(stretch_of(times_of(values)), len(batch.records) + len(batch.unread))
    return survey


def _pieces(files: list[list[Portion]], looks: Looks, advance: Callable[[int], None]) -> list[list[Piece]]:
    found = looks([portion for file in files for portion in file])
    pieces = []
    for file in files:
        first_line, of_file = 1, []
        for portion, seen in zip(file, islice(found, len(file)), strict=True):
            advance(portion.extent.size)
            of_file.append(Piece(portion, seen, first_line))
            first_line += seen.lines
        pieces.append(of_file)
    return pieces


def _begun_ms(piece: Piece) -> int:
    return piece.look.stretch.first_ms

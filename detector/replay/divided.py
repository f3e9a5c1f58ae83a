"""A replay in several processes: each judges some of the accounts, and this one joins what they tell.

Accounts are divided as among the partitions of the live service, so that the alerts are the same.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final, Protocol

from detector.events import Rejected
from detector.replay.engine import Behind, Chosen, Outcome, Summary
from detector.replay.glance import divided
from detector.replay.portions import Look, Portion, look
from detector.replay.processes import Processes, Said, close, reporting, take, take_portion
from detector.replay.records import Batch, FileRecord, Unread
from detector.replay.survey import Piece
from detector.stages.assemble import Workshop

_AHEAD: Final = 3
"""What each process may have before it: enough never to wait, little enough for memory."""
_LOOKED_AHEAD: Final = 8
"""Portions that each may have to look at before it: what is said of one is little."""


class _Share(Protocol):
    """What was given to the processes at once, to each what is its own."""

    @property
    def said(self) -> list[Future[Said]]:
        """What each will say."""
        ...

    def unread(self, number: int, refused: Sequence[tuple[int, Rejected]]) -> list[Unread]:
        """Return where the lines are that a process refused, by their places among its own."""


@dataclass(frozen=True, slots=True)
class _Handed:
    """Records that were divided here: the places of each process' own among them."""

    said: list[Future[Said]]
    batch: Batch
    records: Sequence[FileRecord]
    places: list[list[int]]

    def unread(self, number: int, refused: Sequence[tuple[int, Rejected]]) -> list[Unread]:
        own = self.places[number]
        return self.batch.refused([(self.records[own[place]], why) for place, why in refused])


@dataclass(frozen=True, slots=True)
class _Named:
    """Lines that each process reads by itself, and refuses by their numbers in the file."""

    said: list[Future[Said]]
    path: str = ""

    def unread(self, _number: int, refused: Sequence[tuple[int, Rejected]]) -> list[Unread]:
        return [Unread(self.path, line, why) for line, why in refused]


class DividedEngine:
    """As `detector.replay.Engine`, over several processes: a batch is done a little later than it is read."""

    def __init__(self, processes: Processes, workshop: Workshop) -> None:
        self._processes = processes
        self._behind = Behind(workshop, processes.count)
        self._lateness_ms = workshop.lateness_ms
        self._frontier = self._newest = 0

    @property
    def summary(self) -> Summary:
        """What was seen so far."""
        return self._behind.summary

    def run(self, batches: Iterable[Batch], chosen: Chosen) -> Iterator[Outcome]:
        """Judge what is chosen of the batches, to the end; raises `DetectorError` where a process dies."""
        return self._outcomes((self._hand(batch, chosen(batch.records)), batch.unread) for batch in batches)

    def run_pieces(self, pieces: Iterable[Piece], advance: Callable[[int], None]) -> Iterator[Outcome]:
        """Judge what the processes read by themselves; `advance` is told how many bytes that is.

        Raises as `run` does, and `InputError` where a file cannot be read.
        """
        return self._outcomes((self._name(piece, advance), []) for piece in pieces)

    def _outcomes(self, shares: Iterable[tuple[_Share, list[Unread]]]) -> Iterator[Outcome]:
        sent: deque[tuple[_Share, list[Unread]]] = deque()
        for share in shares:
            sent.append(share)
            if len(sent) > _AHEAD:
                yield self._heard(*sent.popleft())
        while sent:
            yield self._heard(*sent.popleft())
        yield self._heard(self._end(), [])

    def _hand(self, batch: Batch, records: Sequence[FileRecord]) -> _Handed:
        places: list[list[int]] = [[] for _ in range(self._processes.count)]
        for place, number in enumerate(divided([record.value for record in records], len(places))):
            places[number].append(place)
        said = []
        for number, own in enumerate(places):
            lines = b"\n".join([records[place].value for place in own])
            said.append(self._processes.submit(number, take, self._lateness_ms, lines, self._frontier))
        return _Handed(said, batch, records, places)

    def _name(self, piece: Piece, advance: Callable[[int], None]) -> _Named:
        advance(piece.size)
        given = (self._lateness_ms, piece.portion, piece.first_line, piece.look.parts)
        count = self._processes.count
        said = [
            self._processes.submit(number, take_portion, *given, number, self._frontier)
            for number in range(count)
        ]
        return _Named(said, piece.portion.extent.path)

    def _end(self) -> _Named:
        """Let everything be closed that was taken."""
        end = self._newest + 1
        count = self._processes.count
        return _Named(
            [self._processes.submit(number, close, self._lateness_ms, end) for number in range(count)]
        )

    def _heard(self, share: _Share, unread: list[Unread]) -> Outcome:
        """Wait for what is said of a share, and decide what is due by it."""
        lines = [*unread]
        for number, future in enumerate(share.said):
            with reporting():
                said = future.result()
            told = said.told
            self._behind.hear(number, told)
            self._behind.summary.count(said.counts)
            self._frontier = max(self._frontier, told.frontier)
            self._newest = max(self._newest, said.newest)
            lines += share.unread(number, said.refused)
        lines.sort(key=lambda line: (line.file, line.number))
        return Outcome(self._behind.decide(), lines, self._behind.take_shadow())


def looked_at_by(processes: Processes, portions: Iterable[Portion]) -> Iterator[Look]:
    """Look at portions, in their order, in several processes by turns."""
    looks: deque[Future[Look]] = deque()
    for place, portion in enumerate(portions):
        looks.append(processes.submit(place % processes.count, look, portion, processes.count))
        if len(looks) > _LOOKED_AHEAD * processes.count:
            yield _look(looks.popleft())
    while looks:
        yield _look(looks.popleft())


def _look(future: Future[Look]) -> Look:
    with reporting():
        return future.result()

"""The first pass over a history: how far it is out of order, and what it takes to put that right."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

import numpy as np

from detector.events import EARLIEST_MS, LATEST_MS
from detector.replay.inputs import History, times_in, times_of
from detector.replay.select import Selection


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A batch: how many events it has, its newest moment, and the newest moment up to its end, Unix ms."""

    events: int
    last_ms: int
    newest_ms: int


@dataclass(slots=True)
class Survey:
    """What was seen of a history so far."""

    disorder_ms: int = 0
    """By how much an event comes after a later one, at most."""
    lines: int = 0
    """Lines that are not blank, whatever they are."""
    _newest_ms: int = 0
    _stretches: list[_Stretch] = field(default_factory=list)

    def take(self, moments: Sequence[int | None]) -> None:
        """Look at the times of the next batch, Unix ms. One that no clock could mean is no event's."""
        times = np.array(
            [time for time in moments if time is not None and EARLIEST_MS <= time < LATEST_MS], np.int64
        )
        if len(times):
            newest = np.maximum(np.maximum.accumulate(times), self._newest_ms)
            self.disorder_ms = max(self.disorder_ms, int((newest - times).max()))
            self._newest_ms = int(newest[-1])
            self._stretches.append(_Stretch(len(times), int(times.max()), self._newest_ms))

    def most_held(self) -> int:
        """Return how many events wait at once, at most, where each waits until no earlier one can follow."""
        return max(self._held(), default=0)

    def _held(self) -> Iterator[int]:
        held, waiting = 0, list[tuple[int, int]]()
        for stretch in self._stretches:
            heappush(waiting, (stretch.last_ms, stretch.events))
            held += stretch.events
            while waiting[0][0] < stretch.newest_ms - self.disorder_ms:
                held -= heappop(waiting)[1]
            yield held


def surveyed(history: History, selection: Selection, advance: Callable[[int], None]) -> Survey:
    """Read a history through; `advance` is told how many bytes of its files were read.

    Raises `InputError` for a file that cannot be read.
    """
    survey = Survey()
    if history.is_one_of_events and selection.is_everything:
        # Not cut into lines, which takes twice as long as it takes to find their times.
        for text in history.texts(advance):
            times = times_in(text)
            survey.take(times)
            survey.lines += len(times)
        return survey
    for batch in history.batches(advance):
        survey.take(times_of([record.value for record in selection.of(batch.records)]))
        survey.lines += len(batch.records) + len(batch.unread)
    return survey

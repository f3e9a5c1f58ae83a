"""The reorder buffer: events leave it in the order (`time`, `event_id`), whatever order they came in.

A partition's frontier is the newest `min(time, broker's timestamp)` seen, less the allowed lateness. An event
behind the frontier of the moment it is read is late; what lies behind the frontier is closed and leaves. So
what comes out depends on the log alone, not on how it was cut into batches.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detector.events import SessionEvent

BEGINNING: Final = 0
"""The frontier before anything was read."""
NO_OFFSET: Final = -1
"""The offset of an event that came from no log."""

Times = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ordered:
    """Events in order, with their times (Unix ms, shape (n,)) and offsets (shape (n,))."""

    events: list[SessionEvent]
    times: Times
    offsets: Times


class ReorderBuffer:
    """What of one partition has been read and is not closed yet."""

    def __init__(self, lateness_ms: int) -> None:
        self._lateness_ms = lateness_ms
        self._chunks: list[Ordered] = []
        self.frontier = BEGINNING
        self.newest = BEGINNING
        self.duplicates = 0

    def restore(self, frontier: int, newest: int) -> None:
        """Take up where a checkpoint left off; what was held then must be added again."""
        self.frontier, self.newest = frontier, newest

    def add(self, events: Sequence[SessionEvent], stamps: Times, offsets: Times) -> NDArray[np.bool_]:
        """Take events in the log's order; return which of them were late and are not taken.

        `stamps`: the broker's timestamps, Unix ms, shape (n,); an event from no broker bears its own time.
        """
        times = np.fromiter((event.time for event in events), np.int64, len(events))
        seen = np.maximum.accumulate(np.minimum(times, stamps))
        before = np.maximum(np.concatenate(([self.newest], seen[:-1])), self.newest) - self._lateness_ms
        late: NDArray[np.bool_] = times < np.maximum(before, self.frontier)
        if len(events):
            self.newest = max(self.newest, int(seen[-1]))
            self.frontier = max(self.frontier, self.newest - self._lateness_ms)
        self._hold(events, times, offsets, ~late)
        return late

    def hold(self, events: Sequence[SessionEvent], offsets: Times) -> None:
        """Take events that a checkpoint's buffer held already: what is closed was folded, the rest waits."""
        times = np.fromiter((event.time for event in events), np.int64, len(events))
        self._hold(events, times, offsets, times >= self.frontier)

    def raise_frontier(self, frontier: int) -> None:
        """Close what lies before `frontier`, though no event said so."""
        self.frontier = max(self.frontier, frontier)

    def close(self) -> Ordered:
        """Return what lies behind the frontier, in order, each event once."""
        parts = []
        for place, chunk in enumerate(self._chunks):
            ready = int(np.searchsorted(chunk.times, self.frontier))
            if ready:
                parts.append(part(chunk, 0, ready))
                self._chunks[place] = part(chunk, ready, len(chunk.events))
        self._chunks = [chunk for chunk in self._chunks if chunk.events]
        return self._each_once(_joined(parts))

    @property
    def resume_offset(self) -> int | None:
        """The oldest offset held, None where nothing is."""
        return min((int(chunk.offsets.min()) for chunk in self._chunks), default=None)

    @property
    def held(self) -> int:
        """How many events wait."""
        return sum(len(chunk.events) for chunk in self._chunks)

    def _hold(
        self, events: Sequence[SessionEvent], times: Times, offsets: Times, taken: NDArray[np.bool_]
    ) -> None:
        places = np.flatnonzero(taken)
        if len(places):
            order = places[np.argsort(times[places], kind="stable")]
            self._chunks.append(_picked(events, times, offsets, order))

    def _each_once(self, ordered: Ordered) -> Ordered:
        """Sort equal times by id and drop what repeats its neighbour."""
        events, times = ordered.events, ordered.times
        twins = np.flatnonzero(times[1:] == times[:-1])
        if not len(twins):
            return ordered
        order = np.arange(len(events))
        keep = np.ones(len(events), np.bool_)
        for first, end in _runs(twins):
            places = sorted(range(first, end), key=lambda place: events[place].event_id)
            order[first:end] = places
            for place in range(first + 1, end):
                keep[place] = events[order[place]].event_id != events[order[place - 1]].event_id
        self.duplicates += int(np.count_nonzero(~keep))
        return _picked(events, times, ordered.offsets, order[keep])


def part(chunk: Ordered, start: int, end: int) -> Ordered:
    """Return the events from one place up to another."""
    return Ordered(chunk.events[start:end], chunk.times[start:end], chunk.offsets[start:end])


def _picked(events: Sequence[SessionEvent], times: Times, offsets: Times, order: NDArray[np.intp]) -> Ordered:
    return Ordered([events[place] for place in order.tolist()], times[order], offsets[order])


def _joined(parts: list[Ordered]) -> Ordered:
    """Merge chunks; of equal times the one read first comes first."""
    if not parts:
        nothing = np.empty(0, np.int64)
        return Ordered([], nothing, nothing)
    if len(parts) == 1:
        return parts[0]
    events = [event for part in parts for event in part.events]
    times = np.concatenate([part.times for part in parts])
    offsets = np.concatenate([part.offsets for part in parts])
    return _picked(events, times, offsets, np.argsort(times, kind="stable"))


def _runs(twins: NDArray[np.intp]) -> list[tuple[int, int]]:
    """Return (first, end) of each run of equal times, from the places whose successor is equal."""
    breaks = np.flatnonzero(np.diff(twins) > 1)
    starts = twins[np.concatenate(([0], breaks + 1))]
    ends = twins[np.concatenate((breaks, [len(twins) - 1]))] + 2
    return list(zip(starts.tolist(), ends.tolist(), strict=True))

"""The reorder buffer: what comes out depends on the log alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.events import SessionEvent
from detector.stages.order import ReorderBuffer
from tests.support.events import event

LATENESS_MS = 50

Sent = tuple[int, str, int]
"""An event's time, its id and the broker's timestamp."""
Key = tuple[int, str]
"""An event's time and id."""

SENT = st.tuples(st.integers(0, 300), st.sampled_from("abc"), st.integers(0, 300))
LOG = st.lists(SENT, max_size=40)
CUTS = st.lists(st.integers(0, 40), max_size=8)


@dataclass
class Reader:
    """Reads a log through a buffer; offsets are places in the log."""

    buffer: ReorderBuffer = field(default_factory=lambda: ReorderBuffer(LATENESS_MS))
    out: list[Key] = field(default_factory=list)
    late: list[int] = field(default_factory=list)

    def read(self, log: Sequence[Sent], start: int, end: int) -> None:
        events, stamps, offsets = columns(log, start, end)
        late = self.buffer.add(events, stamps, offsets)
        self.late += (start + np.flatnonzero(late)).tolist()

    def hold(self, log: Sequence[Sent], start: int, end: int) -> None:
        events, _, offsets = columns(log, start, end)
        self.buffer.hold(events, offsets)

    def close(self) -> None:
        ordered = self.buffer.close()
        assert ordered.times.tolist() == [each.time for each in ordered.events]
        assert len(ordered.offsets) == len(ordered.events)
        self.out += [
            (int(time), each.event_id) for time, each in zip(ordered.times, ordered.events, strict=True)
        ]

    def finish(self) -> "Reader":
        self.buffer.raise_frontier(10_000)
        self.close()
        return self


def columns(
    log: Sequence[Sent], start: int, end: int
) -> tuple[
    list[SessionEvent], np.ndarray[tuple[int], np.dtype[np.int64]], np.ndarray[tuple[int], np.dtype[np.int64]]
]:
    part = log[start:end]
    events = [event(name, time) for time, name, _ in part]
    return events, np.array([sent[2] for sent in part], np.int64), np.arange(start, start + len(part))


def read_in_batches(log: Sequence[Sent], cuts: Sequence[int] = ()) -> Reader:
    reader = Reader()
    edges = sorted({0, len(log), *(cut for cut in cuts if cut < len(log))})
    for start, end in pairwise(edges):
        reader.read(log, start, end)
        reader.close()
    return reader


def by_definition(log: Sequence[Sent]) -> tuple[list[int], list[Key]]:
    """Late offsets, and what comes out: from one event to the next, as the contract says it."""
    newest, late, kept = 0, [], set()
    for offset, (time, name, stamp) in enumerate(log):
        if time < newest - LATENESS_MS:
            late.append(offset)
        else:
            kept.add((time, name))
        newest = max(newest, min(time, stamp))
    return late, sorted(kept)


@given(LOG)
def test_late_is_what_lies_behind_the_frontier_of_the_moment_it_is_read(log: list[Sent]) -> None:
    assert by_definition(log)[0] == read_in_batches(log).late


@given(LOG)
def test_the_rest_comes_out_in_order_and_each_once(log: list[Sent]) -> None:
    assert by_definition(log)[1] == read_in_batches(log).finish().out


@given(LOG, CUTS)
def test_any_split_into_batches_gives_the_same(log: list[Sent], cuts: list[int]) -> None:
    whole, split = read_in_batches(log), read_in_batches(log, cuts)
    assert whole.late == split.late
    assert whole.out == split.out
    assert (whole.buffer.frontier, whole.buffer.newest) == (split.buffer.frontier, split.buffer.newest)
    assert whole.finish().out == split.finish().out


@given(
    st.sets(st.tuples(st.integers(0, 300), st.sampled_from("abc"))), st.randoms(use_true_random=False), CUTS
)
def test_any_arrival_order_within_the_lateness_gives_the_same(
    events: set[Key], chance: Random, cuts: list[int]
) -> None:
    delays = {key: chance.randint(0, LATENESS_MS) for key in sorted(events)}
    arrived = sorted(events, key=lambda key: (key[0] + delays[key], key))
    reader = read_in_batches([(time, name, time) for time, name in arrived], cuts)
    assert [] == reader.late
    assert sorted(events) == reader.finish().out


@given(LOG, CUTS, st.randoms(use_true_random=False))
def test_duplicates_change_nothing(log: list[Sent], cuts: list[int], chance: Random) -> None:
    twice = [sent for sent in log for _ in range(chance.choice([1, 2, 3]))]
    once, again = read_in_batches(log).finish(), read_in_batches(twice, cuts).finish()
    assert once.out == again.out
    taken = len(twice) - len(again.late)
    assert taken - len(again.out) == again.buffer.duplicates


@given(LOG, CUTS)
def test_nothing_closed_is_taken_back(log: list[Sent], cuts: list[int]) -> None:
    reader = read_in_batches(log, cuts)
    frontier, before = reader.buffer.frontier, len(reader.out)
    assert all(time < frontier for time, _ in reader.out)
    assert all(time >= frontier for time, _ in reader.finish().out[before:])


@given(LOG, CUTS, st.integers(0, 40))
def test_a_buffer_cut_anywhere_goes_on_as_if_it_had_not_been(
    log: list[Sent], cuts: list[int], at: int
) -> None:
    at = min(at, len(log))
    whole = read_in_batches(log, [*cuts, at])
    before = read_in_batches(log[:at], cuts)
    after = Reader()
    after.buffer.restore(before.buffer.frontier, before.buffer.newest)
    resume = before.buffer.resume_offset
    after.hold(log, at if resume is None else resume, at)
    after.close()
    assert [] == after.out
    assert before.buffer.held == after.buffer.held
    after.read(log, at, len(log))
    after.close()
    assert whole.late == before.late + after.late
    assert whole.finish().out == before.out + after.finish().out


@given(LOG, st.integers(0, 40), st.integers(0, 400))
def test_a_raised_frontier_closes_what_lies_before_it(log: list[Sent], at: int, frontier: int) -> None:
    reader = Reader()
    reader.read(log, 0, min(at, len(log)))
    reader.buffer.raise_frontier(frontier)
    reader.close()
    raised = reader.buffer.frontier
    reader.read(log, min(at, len(log)), len(log))
    assert raised >= frontier
    assert all(log[offset][0] < reader.buffer.frontier for offset in reader.late)
    assert all(offset in reader.late for offset in range(at, len(log)) if log[offset][0] < raised)
    assert sorted(set(reader.finish().out)) == reader.out


def test_a_frontier_is_never_lowered() -> None:
    buffer = ReorderBuffer(LATENESS_MS)
    buffer.raise_frontier(200)
    buffer.raise_frontier(100)
    assert 200 == buffer.frontier
    buffer.add([event(time=120)], np.array([120]), np.array([0]))
    assert (200, 120) == (buffer.frontier, buffer.newest)


def test_an_event_at_the_frontier_is_neither_late_nor_closed() -> None:
    reader = read_in_batches([(100, "a", 100), (50, "b", 50), (49, "c", 49)])
    assert (50, [2], []) == (reader.buffer.frontier, reader.late, reader.out)
    reader.buffer.raise_frontier(51)
    reader.close()
    assert [(50, "b")] == reader.out


def test_a_clock_ahead_of_the_brokers_closes_nothing() -> None:
    reader = read_in_batches([(300, "a", 100), (60, "b", 100)])
    assert (50, []) == (reader.buffer.frontier, reader.late)


def test_a_producer_behind_the_broker_closes_nothing() -> None:
    assert 0 == read_in_batches([(40, "a", 10_000)]).buffer.frontier


def test_of_two_that_are_the_same_the_first_counts() -> None:
    buffer = ReorderBuffer(LATENESS_MS)
    for offset in (7, 8):
        buffer.add([event("a", 100, session_id=str(offset))], np.array([100]), np.array([offset]))
    buffer.raise_frontier(101)
    ordered = buffer.close()
    assert (["7"], [7]) == ([each.session_id for each in ordered.events], ordered.offsets.tolist())


@pytest.mark.parametrize("log", [[], [(100, "a", 100), (90, "b", 90)]])
def test_the_oldest_offset_held_is_where_reading_resumes(log: list[Sent]) -> None:
    reader = Reader()
    reader.read([(300, "x", 0), *log], 1, len(log) + 1)
    assert (1 if log else None, len(log)) == (reader.buffer.resume_offset, reader.buffer.held)
    reader.finish()
    assert (None, 0) == (reader.buffer.resume_offset, reader.buffer.held)

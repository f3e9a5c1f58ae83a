"""Stage accounts: what one account, or one anonymous visitor, does.

One object is one shard, the events of one partition: `read` decodes and orders what the log holds, `close`
takes out what is closed, `judge` folds it into rows and returns what the rules found. Rows that are not in
memory are fetched by the caller between `close` and `judge`.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import TYPE_CHECKING, Final, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from detector.cells import Cell
from detector.events import Addresses, Rejected, SessionEvent, decode
from detector.findings import Finding
from detector.policy import Book, Entitlements
from detector.stages.columns import Columns
from detector.stages.entered import is_entered, is_of_takeover, note_entered
from detector.stages.handovers import between_handovers
from detector.stages.judge import Judge
from detector.stages.order import BEGINNING, NO_OFFSET, Ordered, ReorderBuffer
from detector.stages.proxies import Proxies
from detector.stages.regroup import Regrouper
from detector.stages.rows import ACCOUNT, RowTable
from detector.windows import fold

if TYPE_CHECKING:
    from detector.policy.uses import Uses

NO_STAMP: Final = 2**62
"""The timestamp of a record that no broker stamped: later than any event."""


class Record(Protocol):
    """A message as a log or a file gives it; `aiokafka.ConsumerRecord` is one."""

    @property
    def value(self) -> bytes | None:
        """The message."""
        ...

    @property
    def timestamp(self) -> int:
        """The broker's timestamp, Unix ms; `NO_STAMP` where there is none."""
        ...

    @property
    def offset(self) -> int:
        """Its place in the log; `NO_OFFSET` where there is none."""
        ...


@dataclass(slots=True)
class Counts:
    """What a shard has counted since the counts were last taken."""

    events: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    late: int = 0
    duplicates: int = 0
    hidden: int = 0
    """Judged without the address, because nobody knows whose proxy it came through."""

    def clear(self) -> None:
        """Begin anew."""
        self.events.clear()
        self.rejected.clear()
        self.late = self.duplicates = self.hidden = 0


@dataclass(slots=True)
class Refused:
    """Records that are not judged: with a reason to the dead letters, or late."""

    rejected: list[tuple[Record, Rejected]] = field(default_factory=list)
    late: list[Record] = field(default_factory=list)


class Checkpoint(msgspec.Struct, frozen=True):
    """Where a shard stood when its rows were stored.

    Events before `frontier` are folded; reading resumes at `resume`, and what lies between there and
    `position` was read before: of it only what was not closed is taken again.
    """

    resume: int
    position: int
    frontier: int
    newest: int
    rebuilt_ms: int = 0


class Accounts:
    """One shard of stage accounts."""

    def __init__(
        self,
        *,
        columns: Columns,
        judge: Judge,
        regrouper: Regrouper,
        book: Book,
        addresses: Addresses,
        proxies: Proxies,
        entitlements: Entitlements,
        lateness_ms: int,
        max_ahead_ms: int,
    ) -> None:
        self._columns = columns
        self._judge = judge
        self._regrouper = regrouper
        self._book = book
        self._cells: list[Cell] = []
        self._addresses = addresses
        self._proxies = proxies
        self._entitlements = entitlements
        self._max_ahead_ms = max_ahead_ms
        self._buffer = ReorderBuffer(lateness_ms)
        self._again_until = NO_OFFSET
        self.table = RowTable(ACCOUNT)
        self.uses: Uses = {}
        """What allow entries were used for, in all that was judged since somebody took it from here."""
        self.position = 0
        self.counts = Counts()

    @property
    def frontier(self) -> int:
        """Everything before it, Unix ms, is closed."""
        return self._buffer.frontier

    @property
    def newest(self) -> int:
        """The newest moment seen, Unix ms."""
        return self._buffer.newest

    @property
    def held(self) -> int:
        """How many events wait for their moment to close."""
        return self._buffer.held

    def restore(self, checkpoint: Checkpoint) -> None:
        """Take up where a checkpoint left off; the caller then reads on from its `resume`."""
        self._buffer.restore(checkpoint.frontier, checkpoint.newest)
        self._judge.rebuilt_ms = checkpoint.rebuilt_ms
        self._again_until = checkpoint.position
        self.position = checkpoint.resume

    def checkpoint(self) -> Checkpoint:
        """Say where the shard stands; everything closed must have been judged."""
        resume = self._buffer.resume_offset
        return Checkpoint(
            resume=self.position if resume is None else resume,
            position=max(self.position, self._again_until),
            frontier=self._buffer.frontier,
            newest=self._buffer.newest,
            rebuilt_ms=self._judge.rebuilt_ms,
        )

    def begin_at(self, offset: int) -> None:
        """Begin without a checkpoint, at the first offset that the log has."""
        self.position = offset

    def rebuild(self, now_ms: int) -> None:
        """Note that rows were lost, and that what lies before `now_ms`, event time, may be missing."""
        self._judge.rebuilt_ms = now_ms

    def read(self, records: Sequence[Record]) -> Refused:
        """Take records in the log's order; return those that are not judged."""
        refused = Refused()
        again = bisect_left(records, self._again_until, key=lambda record: record.offset)
        if again:
            events, kept, _ = self._decoded(records[:again])
            self._buffer.hold(events, _offsets(kept))
        if again < len(records):
            events, kept, rejected = self._decoded(records[again:])
            late = np.flatnonzero(self._buffer.add(events, _stamps(kept), _offsets(kept)))
            refused.rejected = rejected
            refused.late = [kept[place] for place in late.tolist()]
            self.counts.late += len(late)
            self.counts.rejected.update(why.reason for _, why in rejected)
        if records:
            self.position = max(self.position, records[-1].offset + 1)
        return refused

    def raise_frontier(self, frontier: int) -> None:
        """Close what lies before `frontier` though nothing came: the partition is quiet."""
        self._buffer.raise_frontier(frontier)

    def close(self) -> Ordered:
        """Return what is closed, in order; it must be judged before anything else is closed."""
        before = self._buffer.duplicates
        ordered = self._buffer.close()
        self.counts.duplicates += self._buffer.duplicates - before
        return ordered

    def missing(self, ordered: Ordered) -> list[str]:
        """Return the keys of rows that must be put into `table` before these events are judged."""
        return self.table.missing(_keys(ordered))

    def judge(self, ordered: Ordered) -> list[Finding]:
        """Fold closed events into their rows and return what the rules found, in order."""
        findings: list[Finding] = []
        if ordered.events:
            self.counts.events.update([event.type for event in ordered.events])
            for each in between_handovers(ordered, self.table, self._entitlements):
                findings += self._judged(each)
        return findings

    def _judged(self, ordered: Ordered) -> list[Finding]:
        places = self.table.touch(_keys(ordered))
        events = self._columns.build(ordered.events, ordered.times, places, self._entitlements, self.uses)
        self.counts.hidden += int(np.count_nonzero(events["proxied"]))
        features = fold(events, self.table.rows)
        findings = self._judge.findings(ordered, features, self.table)
        for one in findings:
            if one.account_id is not None and is_of_takeover(one, self._book):
                ledger = self.table.write_ledger(self.table.place(one.account_id))
                note_entered(ledger, one.time, int(ordered.times[0]))
        self._cells += self._regrouper.cells(
            ordered,
            events,
            features,
            lambda place: is_entered(self.table.ledger(places[place]), ordered.times[place]),
        )
        return findings

    def take_cells(self) -> list[Cell]:
        """Return the cells of all that was judged since they were last taken."""
        cells, self._cells = self._cells, []
        return cells

    def _decoded(
        self, records: Sequence[Record]
    ) -> tuple[list[SessionEvent], Sequence[Record], list[tuple[Record, Rejected]]]:
        decoded = decode([record.value for record in records], self._addresses)
        self._proxies.resolve(decoded.events)
        rejected = [(records[place], why) for place, why in decoded.rejected]
        events, kept = decoded.events, records
        if rejected:
            kept = [records[place] for place in decoded.positions]
        times = np.fromiter((event.time for event in events), np.int64, len(events))
        ahead = times - _stamps(kept)
        if ahead.max(initial=0) > self._max_ahead_ms:
            good = (ahead <= self._max_ahead_ms).tolist()
            rejected += [
                (record, _too_far_ahead(ahead_ms, self._max_ahead_ms))
                for record, ahead_ms in zip(kept, ahead.tolist(), strict=True)
                if ahead_ms > self._max_ahead_ms
            ]
            events, kept = list(compress(events, good)), list(compress(kept, good))
        return events, kept, rejected


def _keys(ordered: Ordered) -> list[str]:
    return [event.account_id or event.key for event in ordered.events]


def _stamps(records: Sequence[Record]) -> NDArray[np.int64]:
    return np.fromiter((record.timestamp for record in records), np.int64, len(records))


def _offsets(records: Sequence[Record]) -> NDArray[np.int64]:
    return np.fromiter((record.offset for record in records), np.int64, len(records))


def _too_far_ahead(ahead_ms: int, most_ms: int) -> Rejected:
    return Rejected(
        "too_far_ahead", f"`time` is {ahead_ms} ms after the broker's timestamp, at most {most_ms} are taken"
    )


__all__ = ["BEGINNING", "NO_OFFSET", "NO_STAMP", "Accounts", "Checkpoint", "Counts", "Record", "Refused"]

"""The engine of a replay, rows in memory: parts of stage accounts, and the stages behind them.

However many parts the accounts are divided among, the alerts are the same.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from detector.alerts import Alert
from detector.cells import Cell, CellBlock
from detector.findings import Block, Finding
from detector.replay.records import Batch, FileRecord, Unread
from detector.stages.accounts import Counts, Record, Refused
from detector.stages.assemble import Workshop
from detector.stages.cases import Cases


@dataclass(slots=True)
class Summary:
    """What a replay has seen so far."""

    events: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    hidden: int = 0
    """Events whose address a proxy nobody vouched for may have hidden."""
    alerts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By category and action."""
    shadow: int = 0
    """Alerts in shadow mode, which are not among them."""
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Those that took effect, by rule and verdict."""
    unknown: int = 0
    """Verdicts on alerts that no open case knew."""

    def count(self, counts: Counts) -> None:
        """Add what a part has counted."""
        self.events += counts.events
        self.rejected += counts.rejected
        self.duplicates += counts.duplicates
        self.hidden += counts.hidden


Chosen = Callable[[Sequence[FileRecord]], Sequence[FileRecord]]
"""Which of some records are to be judged."""


class Outcome(NamedTuple):
    """What became of a batch: the alerts that were decided then, and its lines that are no events."""

    alerts: list[Alert]
    unread: list[Unread]
    shadow: Sequence[Alert] = ()
    """Alerts in shadow mode."""


class Told(NamedTuple):
    """What a part of the accounts sends on: everything before `frontier`, Unix ms, is said."""

    frontier: int
    findings: list[Finding]
    cells: list[Cell]


class Part:
    """Some of the accounts, all events of each."""

    def __init__(self, workshop: Workshop) -> None:
        self._shard = workshop.accounts("", 0)

    @property
    def newest(self) -> int:
        """The newest moment seen, Unix ms."""
        return self._shard.newest

    def take(self, records: Sequence[Record], frontier: int = 0) -> tuple[Told, Refused]:
        """Take records, behind which nothing before `frontier` comes."""
        refused = self._shard.read(records)
        return self.close(frontier), refused

    def close(self, frontier: int) -> Told:
        """Judge all that is closed, what lies before `frontier` included."""
        shard = self._shard
        shard.raise_frontier(frontier)
        ordered = shard.close()
        for key in shard.missing(ordered):
            shard.table.put(key, None, None)
        findings = shard.judge(ordered)
        shard.table.settle()
        return Told(shard.frontier, findings, shard.take_cells())

    def take_counts(self) -> Counts:
        """Return what was counted since the counts were last taken."""
        counts, self._shard.counts = self._shard.counts, Counts()
        return counts


class Behind:
    """The stages behind `parts` parts of the accounts."""

    def __init__(self, workshop: Workshop, parts: int) -> None:
        self._crowds = workshop.crowds("")
        self._cases = Cases(workshop.book, workshop.feedback, entitlements=workshop.entitlements)
        self._parts = parts
        self._blocks = 0
        self._shadow: list[Alert] = []
        self.summary = Summary()

    def hear(self, number: int, told: Told) -> None:
        """Take what the part of that number tells."""
        self._crowds.read(self._blocks, CellBlock(number, self._parts, told.frontier, tuple(told.cells)))
        self._tell(number, told.frontier, told.findings)

    def decide(self) -> list[Alert]:
        """Return the alerts that are due by what was heard, in the order of their file."""
        crowds = self._crowds
        closed = crowds.close()
        for key in crowds.missing(closed):
            crowds.put(key, None, None)
        self._tell(self._parts, crowds.frontier, crowds.judge(closed))
        decided = self._cases.decide(detected_at=0)
        alerts = sorted(decided.alerts, key=lambda alert: alert.order)
        self._shadow += sorted(decided.shadow, key=lambda alert: alert.order)
        self.summary.shadow += len(decided.shadow)
        self.summary.verdicts += decided.verdicts + decided.shadow_verdicts
        self.summary.unknown += decided.unknown
        self.summary.alerts.update((alert.category, alert.action) for alert in alerts)
        return alerts

    def take_shadow(self) -> list[Alert]:
        """Return the alerts in shadow mode that were decided since they were last taken."""
        taken, self._shadow = self._shadow, []
        return taken

    def _tell(self, sender: int, frontier: int, findings: list[Finding]) -> None:
        self._cases.read(self._blocks, Block(sender, self._parts + 1, frontier, tuple(findings)))
        self._blocks += 1


class Engine:
    """All stages, one after the other: takes records in any order within the workshop's lateness."""

    def __init__(self, workshop: Workshop) -> None:
        self._accounts = Part(workshop)
        self._behind = Behind(workshop, 1)

    @property
    def summary(self) -> Summary:
        """What was seen so far."""
        self._behind.summary.count(self._accounts.take_counts())
        return self._behind.summary

    def run(self, batches: Iterable[Batch], chosen: Chosen) -> Iterator[Outcome]:
        """Judge what is chosen of the batches, to the end."""
        for batch in batches:
            alerts, refused = self.take(chosen(batch.records))
            unread = [*batch.unread, *batch.refused(refused.rejected)]
            yield Outcome(alerts, unread, self.take_shadow())
        yield Outcome(self.finish(), [], self.take_shadow())

    def take(self, records: Sequence[Record]) -> tuple[list[Alert], Refused]:
        """Take records; return the alerts that are decided now, and the records that were refused."""
        told, refused = self._accounts.take(records)
        return self._decided(told), refused

    def finish(self) -> list[Alert]:
        """Close everything that was taken; return the last alerts."""
        return self._decided(self._accounts.close(self._accounts.newest + 1))

    def take_shadow(self) -> list[Alert]:
        """Return the alerts in shadow mode that were decided since they were last taken."""
        return self._behind.take_shadow()

    def _decided(self, told: Told) -> list[Alert]:
        self._behind.hear(0, told)
        return self._behind.decide()

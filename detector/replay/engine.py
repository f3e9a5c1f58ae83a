"""The engine of a replay: one shard of each stage, one after the other, rows in memory."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from detector.alerts import Alert
from detector.cells import Cell, CellBlock
from detector.findings import Block, Finding
from detector.policy import Policy
from detector.stages.accounts import Record, Refused
from detector.stages.assemble import Workshop
from detector.stages.cases import Cases

_ACCOUNTS, _CROWDS, _SENDERS = range(3)


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


class Engine:
    """Takes records in any order within the workshop's lateness, gives alerts in the order of their file."""

    def __init__(self, workshop: Workshop, policy: Policy) -> None:
        self._accounts = workshop.accounts("", 0)
        self._crowds = workshop.crowds("")
        workshop.check(policy)
        self._cases = Cases(policy)
        self._blocks = 0
        self.summary = Summary()

    def take(self, records: Sequence[Record]) -> tuple[list[Alert], Refused]:
        """Take records; return the alerts that are decided now, and the records that were refused."""
        refused = self._accounts.read(records)
        return self._advance(), refused

    def finish(self) -> list[Alert]:
        """Close everything that was taken; return the last alerts."""
        self._accounts.raise_frontier(self._accounts.newest + 1)
        return self._advance()

    def _advance(self) -> list[Alert]:
        shard = self._accounts
        ordered = shard.close()
        for key in shard.missing(ordered):
            shard.table.put(key, None, None)
        findings = shard.judge(ordered)
        shard.table.settle()
        self._tell(_ACCOUNTS, shard.frontier, findings)
        self._tell(_CROWDS, shard.frontier, self._regroup(shard.take_cells(), shard.frontier))
        alerts = sorted(self._cases.decide(detected_at=0).alerts, key=lambda alert: alert.order)
        self._count(alerts)
        return alerts

    def _regroup(self, cells: list[Cell], frontier: int) -> list[Finding]:
        crowds = self._crowds
        crowds.read(self._blocks, CellBlock(_ACCOUNTS, 1, frontier, tuple(cells)))
        closed = crowds.close()
        for key in crowds.missing(closed):
            crowds.put(key, None, None)
        return crowds.judge(closed)

    def _tell(self, sender: int, frontier: int, findings: list[Finding]) -> None:
        self._cases.read(self._blocks, Block(sender, _SENDERS, frontier, tuple(findings)))
        self._blocks += 1

    def _count(self, alerts: list[Alert]) -> None:
        counts = self._accounts.counts
        summary = self.summary
        summary.events, summary.rejected = counts.events, counts.rejected
        summary.duplicates, summary.hidden = counts.duplicates, counts.hidden
        summary.alerts.update((alert.category, alert.action) for alert in alerts)

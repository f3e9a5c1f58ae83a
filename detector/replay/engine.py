"""The engine of a replay: one shard of each stage, one after the other, rows in memory."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from detector.alerts import Alert
from detector.findings import Block
from detector.policy import Policy
from detector.stages.accounts import Record, Refused
from detector.stages.assemble import Workshop
from detector.stages.cases import Cases


@dataclass(slots=True)
class Summary:
    """What a replay has seen so far."""

    events: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    alerts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By category and action."""


class Engine:
    """Takes records in any order within the workshop's lateness, gives alerts in the order of their file."""

    def __init__(self, workshop: Workshop, policy: Policy) -> None:
        self._accounts = workshop.accounts("", 0)
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
        self._cases.read(self._blocks, Block(0, 1, shard.frontier, tuple(findings)))
        self._blocks += 1
        alerts = sorted(self._cases.decide(detected_at=0).alerts, key=lambda alert: alert.order)
        self._count(alerts)
        return alerts

    def _count(self, alerts: list[Alert]) -> None:
        counts = self._accounts.counts
        summary = self.summary
        summary.events, summary.rejected = counts.events, counts.rejected
        summary.duplicates = counts.duplicates
        summary.alerts.update((alert.category, alert.action) for alert in alerts)

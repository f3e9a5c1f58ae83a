"""What the next commit of a shard of accounts sends on, beside how far it is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from detector.cells import Cell
from detector.enrich import Enricher
from detector.events import SessionEvent
from detector.findings import Finding
from detector.metrics import Metrics
from detector.stages.enriched import enriched
from detector.stream.transactions import OutRecord
from detector.topics import Topics


@dataclass(slots=True)
class Outbox:
    """Findings and cells, which go out in blocks, and messages of their own; and what is then counted.

    Nothing is counted before it is committed: what is not will be judged, and counted, again.
    """

    findings: list[Finding] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    others: list[OutRecord] = field(default_factory=list)
    events: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    late: int = 0
    duplicates: int = 0
    misrouted: int = 0

    def __bool__(self) -> bool:
        """Whether there is anything to send."""
        return bool(self.findings or self.cells or self.others)

    def count(self, metrics: Metrics) -> None:
        """Add it to the metrics."""
        for kind, number in self.events.items():
            metrics.events.labels(kind).inc(number)
        for reason, number in self.rejected.items():
            metrics.events_rejected.labels(reason).inc(number)
        for reason, number in self.skipped.items():
            metrics.events_skipped.labels(reason).inc(number)
        for rule, number in Counter(finding.rule for finding in self.findings).items():
            metrics.findings.labels(rule).inc(number)
        for family, number in Counter(cell.key.family for cell in self.cells).items():
            metrics.cells.labels(family).inc(number)
        metrics.late_events.inc(self.late)
        metrics.duplicate_events.inc(self.duplicates)
        metrics.misrouted_events.inc(self.misrouted)


def enriched_events(topics: Topics, events: Iterable[SessionEvent], enricher: Enricher) -> list[OutRecord]:
    """Return events with what is known of their addresses."""
    return [OutRecord(topics.enriched, enriched(each, enricher), key=each.home.encode()) for each in events]

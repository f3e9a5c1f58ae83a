"""One partition of the findings, from take-over until it is given up.

Alerts, the cases that changed and the offset go out in one Kafka transaction; the cases live in their topic,
so nothing that happens to Redis touches them.
"""

import time
from collections.abc import Sequence
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.structs import TopicPartition

from detector.alerts import Alert
from detector.clock import now_ms
from detector.ladder.release import RELEASE
from detector.logs import get_logger
from detector.stages.cases import Cases, Decided, Standing
from detector.stream.blocks import blocks_in
from detector.stream.decisions import alert_record, case_records
from detector.stream.kafka import partition_of, reporting
from detector.stream.kit import Kit
from detector.stream.offsets import committed_of
from detector.stream.open_cases import read_cases
from detector.stream.standings import CasesProgress
from detector.stream.transactions import ShardTransactions

log = get_logger(__name__)

KEEP_S: Final = 1.0
"""A frontier without decisions is committed at most once in this time."""


class CasesShard:
    """The runner of one partition; see `detector.stream.shard.Shard`."""

    stage: Final = "cases"
    stuck: Final = False
    full: Final = False

    def __init__(self, kit: Kit, source: TopicPartition) -> None:
        self._kit = kit
        self.source = source
        self._stage = Cases(kit.workshop.book, kit.workshop.feedback, self._owns, kit.workshop.entitlements)
        self._transactions = ShardTransactions(
            kit.clients, group=kit.settings.group, stage=self.stage, source=source
        )
        self._decided = Decided()
        self._committed: Standing | None = None
        self._committed_at = 0.0
        self._read_before = 0
        self._late = 0

    def _owns(self, subject_id: str) -> bool:
        own: int = self.source.partition
        return partition_of(subject_id.encode(), self._kit.findings) == own

    @property
    def position(self) -> int:
        """The next offset to be read."""
        return self._stage.position

    async def take_over(self, consumer: AIOKafkaConsumer) -> None:
        """Become the writer: fence the one before, read the open cases, go back to what waits.

        The partition must be paused. Raises `UnavailableError`, `StateError`.
        """
        await self._transactions.start()
        committed = await committed_of(self._kit.admin, self._kit.settings.group, self.source)
        home = TopicPartition(self._kit.settings.topics.cases, self.source.partition)
        for case in await read_cases(self._kit.clients, home):
            self._stage.put(case)
        with reporting(f"asking where {self.source.topic}-{self.source.partition} begins"):
            position = (await self._kit.logs.beginning_offsets([self.source]))[self.source]
        if committed is not None:
            progress = CasesProgress.decode(committed.metadata)
            position = max(position, committed.offset)
            self._stage.restore(progress.standing, position)
            self._read_before = progress.position
        consumer.seek(self.source, position)
        log.info("took over", stage=self.stage, partition=self.source.partition, cases=self._stage.open_cases)

    def receive(self, records: Sequence[ConsumerRecord]) -> None:
        """Take blocks in the log's order; raises `StateError` for what is none."""
        for offset, block in blocks_in(self.source, records):
            passed = self._stage.read(offset, block)
            if offset >= self._read_before:
                self._late += passed

    async def advance(self) -> None:
        """Decide what every sender has closed."""
        self._decided.add(self._stage.decide(detected_at=now_ms()))

    async def commit(self) -> None:
        """Publish what was decided and commit how far it is, unless nothing changed."""
        standing, decided = self._stage.standing, self._decided
        now = time.monotonic()
        moved = standing != self._committed and now - self._committed_at >= KEEP_S
        if not (moved or decided.alerts or decided.shadow or decided.cases):
            return
        topics = self._kit.settings.topics
        records = [alert_record(topics, alert) for alert in (*decided.alerts, *decided.shadow)]
        records += case_records(topics, decided.cases, self.source.partition)
        with self._kit.metrics.state_commit_seconds.time():
            await self._transactions.commit(
                records,
                self._stage.resume,
                CasesProgress.of(standing, self._stage.position).encode(),
            )
        self._decided = Decided()
        self._committed = standing
        self._committed_at = now
        self._show(decided.alerts, standing.frontier)
        self._show_shadow(decided)
        self._show_feedback(decided)
        self._show_late()

    def _show(self, alerts: Sequence[Alert], frontier: int) -> None:
        metrics, now = self._kit.metrics, time.time()
        for alert in alerts:
            metrics.alerts.labels(alert.category, alert.action).inc()
            metrics.last_alert_timestamp_seconds.labels(alert.category).set(now)
            if alert.action != RELEASE:  # which waits for a person, not for its last event
                metrics.end_to_end_seconds.observe(max(0.0, now - alert.last_event_time / 1000.0))
        metrics.frontier_timestamp_seconds.labels(self.stage, str(self.source.partition)).set(
            frontier / 1000.0
        )

    def _show_shadow(self, decided: Decided) -> None:
        metrics, book = self._kit.metrics, self._kit.workshop.book
        for alert in decided.shadow:
            policies = {version.name for version in book.shadows_at(alert.decided_time)}
            tried = "policy" if alert.policy_version in policies else "rules"
            metrics.shadow_alerts.labels(alert.category, alert.action, tried).inc()
        for (rule, verdict), number in decided.shadow_verdicts.items():
            metrics.shadow_feedback.labels(rule, verdict).inc(number)

    def _show_feedback(self, decided: Decided) -> None:
        metrics = self._kit.metrics
        for (rule, verdict), number in decided.verdicts.items():
            metrics.feedback.labels(rule, verdict).inc(number)
        metrics.feedback_unknown.inc(decided.unknown)

    def _show_late(self) -> None:
        if self._late:
            self._kit.metrics.late_findings.inc(self._late)
            self._kit.complaints.warn(
                "findings came after their moment was decided, and do not count: was the group's state lost, "
                "or does something else write to the topic?",
                topic=self.source.topic,
                findings=self._late,
            )
        self._late = 0

    async def checkpoint(self, *, now: bool = False) -> None:
        """Do nothing: the cases are in their topic."""

    async def give_up(self, *, orderly: bool) -> None:
        """Let go; in order, what was decided is committed first."""
        try:
            if orderly:
                await self.commit()
        finally:
            await self._transactions.stop()

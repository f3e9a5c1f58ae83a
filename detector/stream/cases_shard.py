"""One partition of the findings, from take-over until it is given up.

Alerts, the cases that changed and the offset go out in one Kafka transaction; the cases live in their topic,
so nothing that happens to Redis touches them.
"""

import time
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.structs import TopicPartition

from detector.alerts import Alert, encode
from detector.errors import StateError
from detector.findings import decode_block
from detector.logs import get_logger
from detector.stages.cases import Cases, Decided, Standing
from detector.stream.kafka import reporting
from detector.stream.kit import Kit
from detector.stream.offsets import committed_with_metadata
from detector.stream.transactions import OutRecord, ShardTransactions

log = get_logger(__name__)

KEEP_S = 1.0
"""A frontier without decisions is committed at most once in this time."""
_READ_MS = 500


class CasesShard:
    """The runner of one partition."""

    def __init__(self, kit: Kit, source: TopicPartition) -> None:
        self._kit = kit
        self.source = source
        self._stage = Cases(kit.policy)
        self._transactions = ShardTransactions(
            kit.clients, group=kit.settings.group, stage="cases", source=source
        )
        self._decided = Decided()
        self._committed: Standing | None = None
        self._committed_at = 0.0

    @property
    def position(self) -> int:
        """The next offset to be read."""
        return self._stage.position

    async def take_over(self, consumer: AIOKafkaConsumer) -> None:
        """Become the writer: fence the one before, read the open cases, go back to what waits.

        The partition must be paused. Raises `UnavailableError`, `StateError`.
        """
        await self._transactions.start()
        found = await committed_with_metadata(self._kit.admin, self._kit.settings.group, [self.source])
        await self._read_cases()
        with reporting(f"asking where {self.source.topic}-{self.source.partition} begins"):
            position = (await self._kit.logs.beginning_offsets([self.source]))[self.source]
        committed = found.get(self.source)
        if committed is not None:
            position = max(position, committed.offset)
            self._stage.restore(_standing(committed.metadata), position)
        consumer.seek(self.source, position)
        log.info("took over", stage="cases", partition=self.source.partition, cases=self._stage.open_cases)

    async def _read_cases(self) -> None:
        """Read the partition of the compacted topic that holds this shard's cases, to its present end."""
        home = TopicPartition(self._kit.settings.topics.cases, self.source.partition)
        reader = self._kit.clients.consumer()
        with reporting(f"reading the open cases of {home.topic}-{home.partition}"):
            await reader.start()
            try:
                reader.assign([home])
                end = (await reader.end_offsets([home]))[home]
                await reader.seek_to_beginning(home)
                cases: dict[bytes | None, bytes | None] = {}
                while await reader.position(home) < end:
                    for records in (await reader.getmany(home, timeout_ms=_READ_MS)).values():
                        cases.update((record.key, record.value) for record in records)
            finally:
                await reader.stop()
        for value in cases.values():
            if value is not None:
                self._stage.put(value)

    def receive(self, records: Sequence[ConsumerRecord]) -> None:
        """Take blocks in the log's order."""
        for record in records:
            if not record.value:
                continue
            try:
                self._stage.read(record.offset, decode_block(record.value))
            except msgspec.MsgspecError as error:
                raise StateError(
                    f"{self.source.topic}-{self.source.partition} holds at {record.offset} what is no block "
                    f"of findings ({error}): does something else write to it, or another release?"
                ) from error

    async def advance(self) -> None:
        """Decide what every sender has closed."""
        decided = self._stage.decide(detected_at=int(time.time() * 1000))
        self._decided.alerts += decided.alerts
        self._decided.cases |= decided.cases

    async def commit(self) -> None:
        """Publish what was decided and commit how far it is, unless nothing changed."""
        standing = self._stage.standing
        now = time.monotonic()
        decided = bool(self._decided.alerts or self._decided.cases)
        moved = standing != self._committed and now - self._committed_at >= KEEP_S
        if not decided and not moved:
            return
        with self._kit.metrics.state_commit_seconds.time():
            await self._transactions.commit(
                self._records(), self._stage.resume, msgspec.json.encode(standing).decode()
            )
        self._count(self._decided.alerts)
        self._decided = Decided()
        # The stage goes on changing its own senders; what was committed must not change with it.
        self._committed = Standing(standing.frontier, dict(standing.senders))
        self._committed_at = now
        self._kit.metrics.frontier_timestamp_seconds.labels("cases", str(self.source.partition)).set(
            standing.frontier / 1000.0
        )

    def _records(self) -> list[OutRecord]:
        topics = self._kit.settings.topics
        alerts = [
            OutRecord(
                topics.enforcement if alert.mode == "live" else topics.shadow,
                encode(alert),
                key=alert.subject.id.encode(),
                headers=_cloud_event(alert),
            )
            for alert in self._decided.alerts
        ]
        cases = [
            OutRecord(
                topics.cases,
                None if case is None else msgspec.json.encode(case),
                key=case_id.encode(),
                partition=self.source.partition,
            )
            for case_id, case in self._decided.cases.items()
        ]
        return alerts + cases

    def _count(self, alerts: Sequence[Alert]) -> None:
        metrics, now = self._kit.metrics, time.time()
        for alert in alerts:
            metrics.alerts.labels(alert.category, alert.action).inc()
            metrics.last_alert_timestamp_seconds.labels(alert.category).set(now)
            metrics.end_to_end_seconds.observe(max(0.0, now - alert.last_event_time / 1000.0))

    async def checkpoint(self, *, now: bool = False) -> None:
        """Do nothing: the cases are in their topic."""

    async def give_up(self, *, orderly: bool) -> None:
        """Let go; in order, what was decided is committed first."""
        try:
            if orderly:
                await self.commit()
        finally:
            await self._transactions.stop()

    def take_counts(self) -> None:
        """Do nothing: alerts are counted when they are published."""


def _standing(metadata: str) -> Standing:
    if not metadata:
        return Standing()
    try:
        return msgspec.json.decode(metadata, type=Standing)
    except msgspec.MsgspecError as error:
        raise StateError(
            f"the metadata of a committed offset is not this program's ({error}): does another consumer use "
            "the same group? give the detector one of its own (DETECTOR_GROUP)"
        ) from error


def _cloud_event(alert: Alert) -> tuple[tuple[str, bytes], ...]:
    """Return the headers of CloudEvents' Kafka protocol binding 1.0.2, binary content mode."""
    moment = datetime.fromtimestamp(alert.decided_time / 1000.0, UTC)
    return (
        ("ce_specversion", b"1.0"),
        ("ce_id", alert.alert_id.encode()),
        ("ce_type", f"detector.alert.{alert.category}".encode()),
        ("ce_source", b"detector"),
        ("ce_time", moment.isoformat(timespec="milliseconds").replace("+00:00", "Z").encode()),
        ("content-type", b"application/json"),
    )

"""One partition of the crowds' cells, from take-over until it is given up.

Kafka decides, Redis follows, as in stage accounts: a commit is one Kafka transaction with the findings, the
offset and the frontier that was published; a checkpoint stores rows exactly at a commit. How far it is
depends on what was read alone, so that there are no idle steps.
"""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import msgspec
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.structs import TopicPartition

from detector.errors import UnavailableError
from detector.logs import get_logger
from detector.stages.crowds import CrowdsCheckpoint
from detector.stream.blocks import FINDINGS, BlockSender, cells_in
from detector.stream.kafka import reporting
from detector.stream.kit import Kit
from detector.stream.offsets import committed_of
from detector.stream.progress import Progress
from detector.stream.published import Published
from detector.stream.recovery import restore
from detector.stream.shard_rows import ShardRows
from detector.stream.transactions import ShardTransactions

if TYPE_CHECKING:
    from detector.cells import Cell
    from detector.findings import Finding

log = get_logger(__name__)


class CrowdsShard:
    """The runner of one partition; see `detector.stream.shard.Shard`."""

    stage: Final = "crowds"

    def __init__(self, kit: Kit, source: TopicPartition) -> None:
        self._kit = kit
        self.source = source
        topics = kit.settings.topics
        self._stage = kit.workshop.crowds(topics.session_events)
        self._rows = ShardRows(kit, self._stage.tables, source, stage=self.stage, shards=kit.crowds)
        self._transactions = ShardTransactions(
            kit.clients, group=kit.settings.group, stage=self.stage, source=source
        )
        self._blocks = BlockSender(
            FINDINGS,
            topics.findings,
            kit.findings,
            sender=kit.events + source.partition,
            senders=kit.events + kit.crowds,
        )
        self._published = Published()
        self._late = 0
        self._closed: list[Cell] = []
        self._findings: list[Finding] = []
        self._committed: tuple[int, int] | None = None
        self._checkpointed: tuple[int, int] | None = None

    @property
    def position(self) -> int:
        """The next offset to be read."""
        return self._stage.position

    @property
    def refolding(self) -> bool:
        """Whether it still goes through what was published before."""
        return self._stage.position < self._published.offset

    @property
    def stuck(self) -> bool:
        """Whether closed cells wait for rows that Redis does not give: nothing more may be read."""
        return bool(self._closed)

    @property
    def full(self) -> bool:
        """Whether nothing more may be read for now."""
        return self.stuck or self._rows.overfull

    async def take_over(self, consumer: AIOKafkaConsumer) -> None:
        """Become the writer: fence the one before, and go back to the last checkpoint.

        The partition must be paused. Raises `OwnershipLostError`, `UnavailableError`, `StateError`.
        """
        await self._transactions.start()
        committed = await committed_of(self._kit.admin, self._kit.settings.group, self.source)
        self._published = Published.of(committed)
        payload = await self._rows.claim()
        with reporting(f"asking where {self.source.topic}-{self.source.partition} begins and ends"):
            first = (await self._kit.logs.beginning_offsets([self.source]))[self.source]
            end = (await self._kit.logs.end_offsets([self.source]))[self.source]
        resume = restore(self._stage, CrowdsCheckpoint, payload, self._published, self.source, first, end)
        consumer.seek(self.source, resume)
        log.info("took over", stage=self.stage, partition=self.source.partition, offset=resume)

    def receive(self, records: Sequence[ConsumerRecord]) -> None:
        """Take blocks in the log's order; raises `StateError` for what is none."""
        for offset, block in cells_in(self.source, records):
            passed = self._stage.read(offset, block)
            if offset >= self._published.offset:
                self._late += passed

    async def advance(self) -> None:
        """Judge what every sender has closed; where Redis gives no rows, it stays for the next time."""
        if not self._closed:
            self._closed = self._stage.close()
        wanted: dict[str, list[str]] = {}
        for key in self._stage.missing(self._closed):
            wanted.setdefault(key.family, []).append(key.text)
        for family, keys in wanted.items():
            await self._rows.load(family, keys)
        found = self._stage.judge(self._closed)
        self._findings += [finding for finding in found if finding.time >= self._published.frontier]
        self._closed = []

    async def commit(self) -> None:
        """Send what is due and commit how far it is, unless nothing changed."""
        if self.stuck or self.refolding:
            return
        now, state = time.monotonic(), self._standstill
        announce = self._blocks.due(now)
        frontier = max(self._stage.frontier, self._published.frontier)
        moved = state != self._committed or not self._blocks.heard(frontier)
        if not self._findings and not (announce and moved):
            return
        blocks = self._blocks.records(self._findings, frontier, everywhere=announce)
        with self._kit.metrics.state_commit_seconds.time():
            await self._transactions.commit(blocks, self._stage.position, Progress(frontier).encode())
        if announce:
            self._blocks.announced(now, frontier)
        self._note_commit(frontier, state)

    @property
    def _standstill(self) -> tuple[int, int]:
        return (self._stage.position, self._stage.frontier)

    def _note_commit(self, frontier: int, state: tuple[int, int]) -> None:
        metrics = self._kit.metrics
        for finding in self._findings:
            metrics.findings.labels(finding.rule).inc()
        self._findings = []
        self._show_late()
        self._committed = state
        self._published.passed(frontier)
        metrics.frontier_timestamp_seconds.labels(self.stage, str(self.source.partition)).set(
            frontier / 1000.0
        )

    def _show_late(self) -> None:
        if self._late:
            self._kit.metrics.late_cells.inc(self._late)
            self._kit.complaints.warn(
                "cells came after their moment was folded, and do not count: was the group's state lost, "
                "or does something else write to the topic?",
                topic=self.source.topic,
                cells=self._late,
            )
        self._late = 0

    async def checkpoint(self, *, now: bool = False) -> None:
        """Store the rows that changed, where a checkpoint is due and everything is committed."""
        state = self._standstill
        if self.stuck or self.refolding or self._findings or self._committed != state:
            return
        if self._checkpointed == state or not (now or self._rows.due(pressing=False)):
            return
        if await self._rows.store(msgspec.json.encode(self._stage.checkpoint())):
            self._checkpointed = state

    async def give_up(self, *, orderly: bool) -> None:
        """Let go; in order, everything judged is committed and stored first."""
        try:
            if orderly:
                await self.commit()
                await self.checkpoint(now=True)
        except UnavailableError as error:
            log.warning("gave up without a checkpoint", partition=self.source.partition, error=str(error))
        finally:
            await self._transactions.stop()

"""One partition of the session events, from take-over until it is given up.

Kafka decides, Redis follows: a commit is one Kafka transaction with what is sent on, the offset and the
frontier that was folded and published; a checkpoint stores rows exactly at a commit. A take-over folds again
from the checkpoint and sends nothing that was published before.
"""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec
import numpy as np
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.structs import TopicPartition

from detector.errors import UnavailableError
from detector.events import home_of
from detector.keyring import ACCOUNT
from detector.logs import get_logger
from detector.stages.accounts import Checkpoint
from detector.stream.blocks import CELLS, FINDINGS, BlockSender
from detector.stream.idle import Quiet, Standing
from detector.stream.intake import MOST_STEPS, Intake
from detector.stream.kafka import partition_of, reporting
from detector.stream.kit import Kit
from detector.stream.letters import Letters
from detector.stream.offsets import committed_of
from detector.stream.outbox import Outbox, enriched_events
from detector.stream.outstanding import Outstanding
from detector.stream.progress import Progress
from detector.stream.published import Published
from detector.stream.recovery import restore
from detector.stream.shard_rows import ShardRows
from detector.stream.shard_uses import ShardUses
from detector.stream.skipped import skipped
from detector.stream.transactions import ShardTransactions

if TYPE_CHECKING:
    from detector.stages.accounts import Accounts
    from detector.stages.order import Ordered

log = get_logger(__name__)


class Standstill(NamedTuple):
    """What a commit or a checkpoint keeps; nothing new to keep while it is the same."""

    position: int
    frontier: int
    quiet: bool


class AccountsShard:
    """The runner of one partition; see `detector.stream.shard.Shard`."""

    stage: Final = "accounts"

    def __init__(self, kit: Kit, source: TopicPartition) -> None:
        self._kit = kit
        self._topics = kit.settings.topics
        self.source = source
        self._stage: Accounts = kit.workshop.accounts(source.topic, source.partition)
        self._rows = ShardRows(kit, {ACCOUNT: self._stage.table}, source, stage=self.stage, shards=kit.events)
        self._uses = ShardUses(kit, self._stage.uses)
        self._transactions = ShardTransactions(
            kit.clients, group=kit.settings.group, stage=self.stage, source=source
        )
        self._findings = BlockSender(
            FINDINGS,
            self._topics.findings,
            kit.findings,
            sender=source.partition,
            senders=kit.events + kit.crowds,
        )
        self._cells = BlockSender(
            CELLS, self._topics.crowds, kit.crowds, sender=source.partition, senders=kit.events
        )
        self._outbox = Outbox()
        self.outstanding = Outstanding(kit.events)
        self._intake = Intake(self._stage, source, Letters(self._topics, kit.room))
        self._misrouted: set[str] = set()
        self._committed: Standstill | None = None
        self._checkpointed: Standstill | None = None
        self.quiet = Quiet(kit.settings.idle_timeout_ms / 1000.0, time.monotonic())

    @property
    def position(self) -> int:
        """The next offset to be read."""
        return self._stage.position

    @property
    def standing(self) -> Standing:
        """How far it is."""
        return Standing(self._stage.frontier, self._stage.newest, self.quiet.quiet)

    @property
    def judged_to(self) -> int:
        """How far event time was judged, by whomever, Unix ms."""
        return max(self._stage.frontier, self._intake.published.frontier)

    @property
    def refolding(self) -> bool:
        """Whether it still goes through what was published before."""
        return self._intake.refolding

    @property
    def stuck(self) -> bool:
        """Whether closed events wait for rows that Redis does not give: nothing more may be read."""
        return bool(self._intake.closed)

    @property
    def full(self) -> bool:
        """Whether nothing more may be read for now."""
        return self.stuck or self._rows.overfull or self.outstanding.too_many

    @property
    def held(self) -> int:
        """How many events wait for their moment to close."""
        return self._stage.held

    async def take_over(self, consumer: AIOKafkaConsumer) -> None:
        """Become the writer: fence the one before, and go back to the last checkpoint.

        The partition must be paused. Raises `OwnershipLostError`, `UnavailableError`, `StateError`.
        """
        await self._transactions.start()
        committed = await committed_of(self._kit.admin, self._kit.settings.group, self.source)
        published = Published.of(committed)
        payload = await self._rows.claim()
        with reporting(f"asking where {self.source.topic}-{self.source.partition} begins and ends"):
            first = (await self._kit.logs.beginning_offsets([self.source]))[self.source]
            end = (await self._kit.logs.end_offsets([self.source]))[self.source]
        resume = restore(self._stage, Checkpoint, payload, published, self.source, first, end)
        self._intake.begin(published)
        consumer.seek(self.source, resume)
        self.quiet.heard(time.monotonic())
        log.info("took over", stage=self.stage, partition=self.source.partition, offset=resume)

    def receive(self, records: Sequence[ConsumerRecord]) -> None:
        """Take records in the log's order."""
        self._intake.receive(records, self._outbox)
        self.quiet.heard(time.monotonic())

    def close_quietly(self, frontier: int) -> None:
        """Close what lies before `frontier`: the partition is quiet."""
        self._intake.close_quietly(frontier)

    async def advance(self) -> None:
        """Judge what is closed; where Redis does not give the rows, it stays for the next time."""
        self._intake.close(self._outbox)
        closed = self._intake.closed
        while closed:
            await self._judge(closed[0])
            del closed[0]

    async def _judge(self, closed: "Ordered") -> None:
        await self._load(self._stage.missing(closed))
        published = self._intake.published.frontier
        new = closed.events[int(np.searchsorted(closed.times, published)) :]
        self._outbox.events.update([event.type for event in new])
        self._outbox.skipped += skipped(new, self._kit.workshop.proxies)
        if self._misrouted:
            self._outbox.misrouted += sum(event.key in self._misrouted for event in new)
        if self._kit.settings.enriched_topic_enabled:
            self._outbox.others += enriched_events(self._topics, new, self._kit.workshop.enricher)
        found = self._stage.judge(closed)
        self._outbox.findings += [finding for finding in found if finding.time >= published]
        self._outbox.cells += [cell for cell in self._stage.take_cells() if cell.time >= published]

    async def _load(self, keys: Sequence[str]) -> None:
        if not keys:
            return
        await self._rows.load(ACCOUNT, keys)
        here, partitions = self.source.partition, self._kit.events
        elsewhere = [key for key in keys if partition_of(home_of(key).encode(), partitions) != here]
        self._misrouted.update(elsewhere)

    async def commit(self) -> None:
        """Send what is due and commit how far it is, unless nothing changed."""
        if self.stuck or self.refolding:
            return
        now, state, last = time.monotonic(), self._standstill, self._committed
        announce = self._findings.due(now)
        frontier = self.judged_to
        moved = last is None or (state != last and (state.position != last.position or announce))
        moved = moved or (announce and not self._findings.heard(frontier))
        if not moved and not self._outbox:
            return
        progress = Progress(
            frontier, self._stage.newest, self.quiet.quiet, tuple(self._intake.steps), self._kit.partitions
        )
        blocks = self._findings.records(self._outbox.findings, frontier, everywhere=announce)
        blocks += self._cells.records(self._outbox.cells, frontier, everywhere=announce)
        with self._kit.metrics.state_commit_seconds.time():
            await self._transactions.commit(
                [*self._outbox.others, *blocks], self._stage.position, progress.encode()
            )
        if announce:
            self._findings.announced(now, frontier)
        self._note_commit(frontier, state)

    @property
    def _standstill(self) -> Standstill:
        return Standstill(self._stage.position, self._stage.frontier, self.quiet.quiet)

    def _note_commit(self, frontier: int, state: Standstill) -> None:
        metrics = self._kit.metrics
        self._outbox.count(metrics)
        self.outstanding.sent(len(self._outbox.findings) + len(self._outbox.cells), frontier)
        self._outbox = Outbox()
        self._committed = state
        self._intake.published.passed(frontier)
        metrics.frontier_timestamp_seconds.labels(self.stage, str(self.source.partition)).set(
            frontier / 1000.0
        )

    async def checkpoint(self, *, now: bool = False) -> None:
        """Store the rows that changed, where a checkpoint is due and everything is committed."""
        state = self._standstill
        if self.stuck or self.refolding or self._outbox or self._committed != state:
            return
        due = now or self._rows.due(pressing=len(self._intake.steps) >= MOST_STEPS // 2)
        if not due or self._checkpointed == state:
            return
        if await self._rows.store(msgspec.json.encode(self._stage.checkpoint()), self._uses):
            self._intake.steps.clear()
            self._checkpointed = state
            self._misrouted.difference_update(self._stage.table.missing(self._misrouted))

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

"""One partition of the session events, from take-over until it is given up.

Kafka decides, Redis follows: a commit is one Kafka transaction with what is sent on, the offset and the
frontier that was folded and published; a checkpoint stores rows exactly at a commit. A take-over folds again
from the checkpoint and sends nothing that was published before.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.structs import TopicPartition

from detector.errors import StateError, UnavailableError
from detector.events import Rejected
from detector.findings import Block, Finding, encode_block
from detector.logs import get_logger
from detector.stages.accounts import Accounts, Checkpoint
from detector.stages.enriched import enriched
from detector.stores import Claim, shard_name
from detector.stream.idle import Quiet, Standing
from detector.stream.kafka import partition_of, reporting
from detector.stream.kit import Kit
from detector.stream.offsets import committed_with_metadata
from detector.stream.progress import IdleStep, Progress
from detector.stream.transactions import OutRecord, ShardTransactions

if TYPE_CHECKING:
    from detector.stages.order import Ordered

log = get_logger(__name__)

ANNOUNCE_S = 1.0
"""A frontier without findings travels at most once in this time."""
LEAST_S = 0.2
"""Checkpoints are no nearer together, however much waits for one."""
MOST_STEPS = 40
"""Idle steps that fit into an offset's metadata; a checkpoint makes room."""


@dataclass(slots=True)
class Outbox:
    """What the next commit sends on."""

    findings: list[Finding] = field(default_factory=list)
    others: list[OutRecord] = field(default_factory=list)


class Standstill(NamedTuple):
    """What a commit or a checkpoint keeps; nothing new to keep while it is the same."""

    position: int
    frontier: int
    quiet: bool


class AccountsShard:
    """The runner of one partition."""

    def __init__(self, kit: Kit, source: TopicPartition) -> None:
        self._kit = kit
        self.source = source
        self._stage: Accounts = kit.workshop.accounts(source.topic, source.partition)
        self._transactions = ShardTransactions(
            kit.clients, group=kit.settings.group, stage="accounts", source=source
        )
        self._claim: Claim | None = None
        self._outbox = Outbox()
        self._published = Progress()
        self._published_offset = 0
        self._again: list[IdleStep] = []
        self._steps: list[IdleStep] = []
        self._pending: Ordered | None = None
        self._misrouted: set[str] = set()
        self._committed: Standstill | None = None
        self._checkpointed: Standstill | None = None
        self._announced_at = 0.0
        self._checkpointed_at = 0.0
        self.quiet = Quiet(kit.settings.idle_timeout_ms / 1000.0, time.monotonic())

    @property
    def standing(self) -> Standing:
        """How far it is."""
        return Standing(self._stage.frontier, self._stage.newest, self.quiet.quiet)

    @property
    def stuck(self) -> bool:
        """Whether closed events wait for rows that Redis does not give: nothing more may be read."""
        return self._pending is not None

    @property
    def position(self) -> int:
        """The next offset to be read."""
        return self._stage.position

    async def take_over(self, consumer: AIOKafkaConsumer) -> None:
        """Become the writer: fence the one before, and go back to the last checkpoint.

        The partition must be paused. Raises `OwnershipLostError`, `UnavailableError`, `StateError`.
        """
        await self._transactions.start()
        found = await committed_with_metadata(self._kit.admin, self._kit.settings.group, [self.source])
        committed = found.get(self.source)
        if committed is not None:
            self._published = Progress.decode(committed.metadata)
            self._published_offset = committed.offset
        self._claim, payload = await self._kit.store.claim(shard_name("accounts", self.source.partition))
        with reporting(f"asking where {self.source.topic}-{self.source.partition} begins and ends"):
            first = (await self._kit.logs.beginning_offsets([self.source]))[self.source]
            end = (await self._kit.logs.end_offsets([self.source]))[self.source]
        resume = self._restore(payload, first, end)
        self._again = list(self._published.steps)
        self._repeat_steps()
        consumer.seek(self.source, resume)
        self.quiet.heard(time.monotonic())
        log.info("took over", stage="accounts", partition=self.source.partition, offset=resume)

    def _restore(self, payload: bytes | None, first: int, end: int) -> int:
        """Bring the stage to its checkpoint; return the offset to read from."""
        if payload is None:
            if self._published_offset > 0:
                # Rows are gone and are folded again; what the log no longer holds is missing from them.
                self._rebuild(lost=first > 0)
            self._stage.begin_at(first)
            return first
        try:
            checkpoint = msgspec.json.decode(payload, type=Checkpoint)
        except msgspec.MsgspecError as error:
            raise StateError(f"a checkpoint cannot be read ({error}): clear Redis to rebuild it") from error
        if checkpoint.position > end:
            raise StateError(
                f"{self.source.topic}-{self.source.partition} ends at {end}, but was read to "
                f"{checkpoint.position}: was the topic created anew? use another group, or clear Redis"
            )
        self._stage.restore(checkpoint)
        self._published_offset = max(self._published_offset, checkpoint.position)
        if checkpoint.frontier > self._published.frontier:
            self._published = msgspec.structs.replace(self._published, frontier=checkpoint.frontier)
        if checkpoint.resume < first:
            self._rebuild(lost=True)
        return max(first, checkpoint.resume)

    def _rebuild(self, *, lost: bool) -> None:
        log.warning("rows are folded again", partition=self.source.partition, some_lost=lost)
        if lost:
            self._stage.rebuild(max(self._published.frontier, 1))

    def receive(self, records: Sequence[ConsumerRecord]) -> None:
        """Take records in the log's order, through the idle steps of before, if any."""
        while self._again and records:
            offset = self._again[0].offset
            before = [record for record in records if record.offset < offset]
            self._take(before)
            records = records[len(before) :]
            self._repeat_steps(before=records[0].offset + 1 if records else self._stage.position)
        self._take(records)
        self._repeat_steps(before=self._stage.position)
        self.quiet.heard(time.monotonic())

    def _repeat_steps(self, before: int | None = None) -> None:
        """Go again through the idle steps that were taken when everything read so far had been read."""
        position = self._stage.position if before is None else before
        while self._again and self._again[0].offset <= position:
            self._stage.raise_frontier(self._again.pop(0).frontier)

    def _take(self, records: Sequence[ConsumerRecord]) -> None:
        if not records:
            return
        refused = self._stage.read(records)
        topics = self._kit.settings.topics
        for record, why in refused.rejected:
            if record.offset >= self._published_offset:
                self._outbox.others.append(_dead_letter(topics.dead_letters, self.source, record, why))
        for record in refused.late:
            if record.offset >= self._published_offset:
                self._outbox.others.append(_as_it_came(topics.late, record))

    def close_quietly(self, frontier: int) -> None:
        """Close what lies before `frontier`: the partition is quiet."""
        if frontier > self._stage.frontier and len(self._steps) < MOST_STEPS:
            self._stage.raise_frontier(frontier)
            self._steps.append(IdleStep(self._stage.position, frontier))

    async def advance(self) -> None:
        """Judge what is closed; where Redis does not give the rows, it stays for the next time."""
        ordered = self._pending if self._pending is not None else self._stage.close()
        self._pending = ordered
        missing = self._stage.missing(ordered)
        if missing:
            await self._load(missing)
        if self._misrouted:
            wrong = sum(event.key in self._misrouted for event in ordered.events)
            self._kit.metrics.misrouted_events.inc(wrong)
        published = self._published.frontier
        if self._kit.settings.enriched_topic_enabled:
            self._outbox.others += self._enriched(ordered, published)
        self._outbox.findings += [
            finding for finding in self._stage.judge(ordered) if finding.time >= published
        ]
        self._pending = None

    def _enriched(self, ordered: "Ordered", published: int) -> list[OutRecord]:
        topic, enricher = self._kit.settings.topics.enriched, self._kit.workshop.enricher
        return [
            OutRecord(topic, enriched(event, enricher), key=event.key.encode())
            for event, time_ms in zip(ordered.events, ordered.times.tolist(), strict=True)
            if time_ms >= published
        ]

    async def _load(self, keys: Sequence[str]) -> None:
        digests = [self._kit.pseudonyms.digest(key, "account") for key in keys]
        found = await self._kit.store.load(self._held, digests)
        for key, digest, stored in zip(keys, digests, found, strict=True):
            row, sealed = stored or (None, None)
            ledger = None if not sealed else self._kit.sealer.open(sealed, associated=digest)
            self._stage.table.put(key, row, ledger)
            if partition_of(key.encode(), self._kit.events) != self.source.partition:
                self._misrouted.add(key)

    @property
    def _held(self) -> Claim:
        if self._claim is None:
            raise StateError("a shard was used before it was taken over")
        return self._claim

    @property
    def refolding(self) -> bool:
        """Whether it still goes through what was published before."""
        return self._stage.position < self._published_offset or bool(self._again)

    async def commit(self) -> None:
        """Send what is due and commit how far it is, unless nothing changed."""
        if self.stuck or self.refolding:
            return
        now, state, last = time.monotonic(), self._standstill, self._committed
        announce = now - self._announced_at >= ANNOUNCE_S
        silent = not self._outbox.findings and not self._outbox.others
        if (
            silent
            and last is not None
            and (state == last or (state.position == last.position and not announce))
        ):
            return
        progress = Progress(
            max(self._stage.frontier, self._published.frontier),
            self._stage.newest,
            self.quiet.quiet,
            tuple(self._steps),
        )
        records = [*self._outbox.others, *self._blocks(progress.frontier, everywhere=announce)]
        with self._kit.metrics.state_commit_seconds.time():
            await self._transactions.commit(records, self._stage.position, progress.encode())
        self._note_commit(progress, state, now if announce else self._announced_at)

    @property
    def _standstill(self) -> Standstill:
        return Standstill(self._stage.position, self._stage.frontier, self.quiet.quiet)

    def _note_commit(self, progress: Progress, state: Standstill, announced_at: float) -> None:
        for finding in self._outbox.findings:
            self._kit.metrics.findings.labels(finding.rule).inc()
        self._outbox = Outbox()
        self._committed = state
        self._announced_at = announced_at
        self._published = msgspec.structs.replace(self._published, frontier=progress.frontier)
        self._kit.metrics.frontier_timestamp_seconds.labels("accounts", str(self.source.partition)).set(
            progress.frontier / 1000.0
        )

    def _blocks(self, frontier: int, *, everywhere: bool) -> list[OutRecord]:
        """Return the findings as blocks, one for each partition concerned, or for all."""
        count = self._kit.findings
        parts: dict[int, list[Finding]] = {place: [] for place in range(count)} if everywhere else {}
        for finding in self._outbox.findings:
            parts.setdefault(partition_of(finding.subject.id.encode(), count), []).append(finding)
        topic = self._kit.settings.topics.findings
        return [
            OutRecord(
                topic,
                encode_block(Block(self.source.partition, self._kit.events, frontier, tuple(findings))),
                partition=place,
            )
            for place, findings in sorted(parts.items())
        ]

    async def checkpoint(self, *, now: bool = False) -> None:
        """Store the rows that changed, where a checkpoint is due and everything is committed."""
        waited_s = time.monotonic() - self._checkpointed_at
        due = now or waited_s >= self._interval_s or (self._full and waited_s >= LEAST_S)
        state = self._standstill
        behind = self.stuck or self.refolding or self._outbox.findings or self._outbox.others
        if not due or behind or self._committed != state or self._checkpointed == state:
            return
        rows = {}
        for key, row, ledger in self._stage.table.changes():
            digest = self._kit.pseudonyms.digest(key, "account")
            rows[digest] = (row, None if ledger is None else self._kit.sealer.seal(ledger, associated=digest))
        self._checkpointed_at = time.monotonic()
        try:
            with self._kit.metrics.checkpoint_seconds.time():
                await self._kit.store.checkpoint(
                    self._held, msgspec.json.encode(self._stage.checkpoint()), rows
                )
        except UnavailableError as error:
            # Redis follows when it can; until then the rows that changed stay here, up to `overfull`.
            log.warning("no checkpoint", partition=self.source.partition, error=str(error))
            return
        self._stage.table.settle()
        self._stage.table.evict(self._kit.settings.rows_in_memory // self._kit.events)
        self._steps.clear()
        self._checkpointed = state

    @property
    def _interval_s(self) -> float:
        return self._kit.settings.checkpoint_interval_ms / 1000.0

    @property
    def _full(self) -> bool:
        """Whether a checkpoint cannot wait: idle steps or changed rows pile up."""
        most = self._kit.settings.rows_in_memory // self._kit.events
        return len(self._steps) >= MOST_STEPS // 2 or self._stage.table.changed > most

    @property
    def overfull(self) -> bool:
        """Whether so much waits for a checkpoint that nothing more may be read: Redis is away for long."""
        most = self._kit.settings.rows_in_memory // self._kit.events
        return self._stage.table.changed > 2 * most

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

    def take_counts(self) -> None:
        """Add what the stage counted to the metrics."""
        counts, metrics = self._stage.counts, self._kit.metrics
        if self.refolding:
            counts.clear()  # counted when it was folded first
            return
        for kind, number in counts.events.items():
            metrics.events.labels(kind).inc(number)
        for reason, number in counts.rejected.items():
            metrics.events_rejected.labels(reason).inc(number)
        metrics.late_events.inc(counts.late)
        metrics.duplicate_events.inc(counts.duplicates)
        counts.clear()


def _dead_letter(topic: str, source: TopicPartition, record: ConsumerRecord, why: Rejected) -> OutRecord:
    headers = (
        ("error", why.detail.encode()),
        ("reason", why.reason.encode()),
        ("topic", source.topic.encode()),
        ("partition", str(source.partition).encode()),
        ("offset", str(record.offset).encode()),
    )
    return OutRecord(topic, record.value, key=record.key, headers=headers)


def _as_it_came(topic: str, record: ConsumerRecord) -> OutRecord:
    return OutRecord(topic, record.value, key=record.key, headers=tuple(record.headers or ()))

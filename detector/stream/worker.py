"""The life of one worker's pipeline, from the topics it needs to the last checkpoint; loop.py is its work."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Final

from aiokafka.structs import TopicPartition

from detector.errors import DetectorError
from detector.logs import get_logger
from detector.metrics import Metrics
from detector.policy.model import WINDOW_MS
from detector.settings import Settings
from detector.stages.assemble import Workshop
from detector.stages.kernels import warm_up
from detector.stores.redis import RedisStore
from detector.stream.accounts_shard import AccountsShard
from detector.stream.cases_shard import CasesShard
from detector.stream.control import ControlLog, ends_of_records
from detector.stream.crowds_shard import CrowdsShard
from detector.stream.frontiers import Frontiers
from detector.stream.kafka import KafkaClients, hush_expected_retries, reporting
from detector.stream.kit import Kit, make_kit, open_workshop
from detector.stream.late_controls import LateControls
from detector.stream.loop import Loop
from detector.stream.offsets import committed_with_metadata, partitions_of
from detector.stream.ownership import Ownership
from detector.stream.partition_watch import PartitionWatch
from detector.stream.progress import Progress
from detector.stream.retention import kept
from detector.stream.shard import Shard
from detector.stream.stamp import stamps
from detector.stream.topic_specs import pipeline_topics
from detector.stream.topics import TopicReport, ensure_topics
from detector.stream.until import unless

log = get_logger(__name__)

STAMPED_WITHIN_S: Final = 15.0
FROZEN_S: Final = 30.0
COMPILED_S: Final = 10.0
"""A longer warm-up found no kernels kept from before."""


class Pipeline:
    """See the module. `prepare`, then `run` until `stop`; everything else may be asked at any time."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._settings = settings
        self._metrics = metrics
        self._clients = KafkaClients(
            settings.brokers, settings.kafka_security(), check_crcs=settings.check_crcs
        )
        self._workshop: Workshop | None = None
        self._report: TopicReport | None = None
        self._stopping = asyncio.Event()
        self._ownership: Ownership | None = None
        self._frontiers: Frontiers | None = None
        self._following: asyncio.Task[None] | None = None
        self._turned_at: float | None = None

    def stop(self) -> None:
        """Ask `run` to commit, checkpoint and return."""
        self._stopping.set()

    def alive(self) -> bool:
        """Whether the loop has turned lately; until its first turn the start's own time limits hold."""
        return self._turned_at is None or time.monotonic() - self._turned_at < FROZEN_S

    @property
    def ready(self) -> bool:
        """Whether it serves everything that the group gave it."""
        return self._ownership is not None and self._ownership.ready

    def highest_frontier(self) -> int:
        """Return the highest frontier known, Unix ms event time; 0 where none is."""
        return 0 if self._frontiers is None else self._frontiers.highest()

    def knows_plan(self, plan: str | None, time_ms: int) -> bool:
        """Return whether the policy in force at a moment, Unix ms, knows an entitlement's plan."""
        return self._workshop is None or self._workshop.book.knows_plan(plan, time_ms)

    async def prepare(self) -> None:
        """Read the policy, open the databases, create missing topics and name what does not fit.

        Raises `UsageError` for a database and `InputError` for a policy that cannot be used, before anything
        connects, and `UnavailableError` for what Kafka does not do.
        """
        await self._databases()
        self._report = await self._topics()

    async def _topics(self) -> TopicReport:
        settings = self._settings
        admin = self._clients.admin()
        try:
            with reporting(f"connecting to {settings.brokers}"):
                await admin.start()
            report = await ensure_topics(
                admin,
                pipeline_topics(
                    settings.topics,
                    events=settings.session_events_partitions,
                    crowds=settings.crowds_partitions,
                    findings=settings.findings_partitions,
                    window_ms=2 * WINDOW_MS,
                    enriched=settings.enriched_topic_enabled,
                ),
                replication_factor=settings.replication_factor,
            )
        finally:
            await admin.close()
        for warning in report.warnings:
            log.warning(warning)
        report.check()
        self._watch(report).check_size()
        return report

    def _watch(self, report: TopicReport) -> PartitionWatch:
        topics = self._settings.topics
        watched = (topics.session_events, topics.crowds, topics.findings)
        return PartitionWatch(self._settings.group, {topic: report.partitions[topic] for topic in watched})

    async def run(self) -> None:
        """Serve until `stop`; raises `DetectorError` when it cannot go on."""
        hush_expected_retries()
        async with AsyncExitStack() as ending:
            loop = await unless(self._stopping, self._start(ending))
            while loop is not None and not self._stopping.is_set():
                self._turned_at = time.monotonic()
                self._check_controls()
                await loop.turn()

    async def _databases(self) -> Workshop:
        if self._workshop is None:
            self._workshop = await asyncio.to_thread(open_workshop, self._settings)
            begun = time.monotonic()
            await asyncio.to_thread(warm_up)
            if time.monotonic() - begun > COMPILED_S:
                log.info("compiled the kernels", seconds=round(time.monotonic() - begun, 1))
        return self._workshop

    async def _start(self, ending: AsyncExitStack) -> Loop:
        """Open everything that the loop works with; `ending` closes it, also where this is broken off."""
        report = self._report or await self._topics()
        kit = await self._open(report, ending)
        topics = kit.settings.topics
        consumer = kit.clients.consumer(group=kit.settings.group, instance=kit.settings.instance)
        ending.push_async_callback(consumer.stop)
        watch = self._watch(report)
        partitions = await partitions_of(kit.admin, topics.session_events)
        committed = await committed_with_metadata(kit.admin, kit.settings.group, partitions)
        watch.check_committed(Progress.decode(each.metadata) for each in committed.values())
        ownership = self._ownership = Ownership(_maker(kit, watch), consumer, kit.metrics)
        ending.push_async_callback(ownership.give_up_all)
        frontiers = Frontiers(kit.admin, kit.settings.group, partitions, ownership.standings)
        self._frontiers = frontiers
        await self._follow_controls(kit, ending, ownership.judged_to)
        with reporting("joining the group"):
            await consumer.start()
        consumer.subscribe([topics.session_events, topics.crowds, topics.findings], listener=ownership)
        return Loop(kit, consumer, ownership, frontiers, watch)

    async def _open(self, report: TopicReport, ending: AsyncExitStack) -> Kit:
        settings, clients = self._settings, self._clients
        workshop = await self._databases()
        store = RedisStore.from_url(
            settings.redis_url, group=settings.group, kept=partial(kept, workshop.book)
        )
        ending.push_async_callback(store.close)
        admin, logs = clients.admin(), clients.consumer()
        ending.push_async_callback(admin.close)
        ending.push_async_callback(logs.stop)
        with reporting(f"connecting to {settings.brokers}"):
            await admin.start()
            await logs.start()
        return make_kit(settings, clients, admin, logs, store, workshop, self._metrics, report)

    async def _follow_controls(self, kit: Kit, ending: AsyncExitStack, judged_to: Callable[[], int]) -> None:
        """Know what is entitled, said and applied before the first event is judged, and hear what comes."""
        late = LateControls(judged_to, kit.metrics)
        shop, topics = kit.workshop, kit.settings.topics
        control = ControlLog(
            kit.clients,
            topics.control,
            shop.entitlements,
            shop.feedback,
            shop.book,
            heard=late.heard,
            rejected=lambda reason: kit.metrics.controls_rejected.labels(reason).inc(),
        )
        ending.push_async_callback(control.stop)
        await control.catch_up()
        self._following = asyncio.create_task(control.follow())
        ending.push_async_callback(_cancelled, self._following)
        for topic in stamps(topics):
            await self._wait_for_stamps(kit, control, topic)

    def _check_controls(self) -> None:
        """Raise what following the controls ended with: without them accounts would be judged wrongly."""
        if self._following is None or not self._following.done():
            return
        error = self._following.exception()
        if isinstance(error, DetectorError):
            raise error
        raise DetectorError(
            f"the topic of controls is no longer read ({error!r}): start the worker again"
        ) from error

    async def _wait_for_stamps(self, kit: Kit, control: ControlLog, topic: str) -> None:
        """Let what a topic holds already be stamped before the first event is judged."""
        with reporting(f"looking at {topic}"):
            wanted = await ends_of_records(kit.clients, await partitions_of(kit.admin, topic))
        if not await control.wait_for(topic, wanted, STAMPED_WITHIN_S):
            log.warning("not all messages are stamped yet; those that come count from later on", topic=topic)


def _maker(kit: Kit, watch: PartitionWatch) -> Callable[[TopicPartition], Shard]:
    """Return what makes the shard of a partition, whichever stage reads its topic."""
    topics = kit.settings.topics
    stages: dict[str, Callable[[Kit, TopicPartition], Shard]] = {
        topics.session_events: AccountsShard,
        topics.crowds: CrowdsShard,
        topics.findings: CasesShard,
    }

    def make(partition: TopicPartition) -> Shard:
        watch.check_given(*partition)
        return stages[partition.topic](kit, partition)

    return make


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

"""The pipeline of one worker: both stages, on the partitions that the group gives it.

    poll -> receive -> advance (order, fold, judge; decide) -> commit -> checkpoint

One loop does it all, one step after the other; only commits of different partitions overlap. Rebalances come
from another task and wait for the loop's turn.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.structs import TopicPartition

from detector.enrich import Enricher, files
from detector.errors import DetectorError, OwnershipLostError, UnavailableError
from detector.logs import get_logger
from detector.metrics import Metrics
from detector.policy import DEFAULT_POLICY
from detector.privacy import Pseudonymizer, Sealer
from detector.settings import Settings
from detector.stages.assemble import Workshop
from detector.stores.redis import RedisStore
from detector.stream.accounts_shard import AccountsShard
from detector.stream.cases_shard import CasesShard
from detector.stream.control import ControlLog, ends_of_records
from detector.stream.frontiers import Frontiers
from detector.stream.idle import Standing, quiet_frontier
from detector.stream.kafka import KafkaClients, hush_expected_retries, reporting
from detector.stream.kit import Kit
from detector.stream.measure import Lookups
from detector.stream.offsets import partitions_of
from detector.stream.topic_specs import pipeline_topics
from detector.stream.topics import ensure_topics

log = get_logger(__name__)

WINDOW_MS: Final = 7 * 24 * 3_600_000
"""No window looks back further; what internal topics and rows in Redis are kept for, twice."""
BATCH: Final = 20_000
PAUSE_S: Final = 0.05
"""A poll that brought little is not followed by the next one at once: small batches cost the most."""
FEW: Final = 2_000
RETRY_S: Final = 1.0
STAMPED_WITHIN_S: Final = 15.0
FROZEN_S: Final = 30.0

Shard = AccountsShard | CasesShard


class Pipeline:
    """See the module. `prepare`, then `run` until `stop`; everything else may be asked at any time."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._settings = settings
        self._metrics = metrics
        self._clients = KafkaClients(
            settings.brokers, settings.kafka_security(), check_crcs=settings.check_crcs
        )
        self._partitions: Mapping[str, int] = {}
        self._stopping = asyncio.Event()
        self._turn = asyncio.Lock()
        self._shards: dict[TopicPartition, Shard] = {}
        self._waiting: dict[TopicPartition, float] = {}
        self._frontiers: Frontiers | None = None
        self._turned_at = time.monotonic()
        self.ready = False

    def stop(self) -> None:
        """Ask `run` to commit, checkpoint and return."""
        self._stopping.set()

    def alive(self) -> bool:
        """Whether the loop has turned lately."""
        return time.monotonic() - self._turned_at < FROZEN_S

    def highest_frontier(self) -> int:
        """Return the highest frontier known, Unix ms event time; 0 where none is."""
        return 0 if self._frontiers is None else self._frontiers.highest(self._standings())

    async def prepare(self) -> None:
        """See to the topics: create what is missing, name what does not fit. Raises `UnavailableError`."""
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
        self._partitions = report.partitions

    async def run(self) -> None:
        """Serve until `stop`; raises `DetectorError` when it cannot go on."""
        hush_expected_retries()
        if not self._partitions:
            await self.prepare()
        settings, clients = self._settings, self._clients
        admin, logs = clients.admin(), clients.consumer()
        store = RedisStore.from_url(settings.redis_url, group=settings.group, ttl_ms=2 * WINDOW_MS)
        try:
            with reporting(f"connecting to {settings.brokers}"):
                await admin.start()
                await logs.start()
            kit = await self._kit(clients, admin, logs, store)
            await self._serve(kit)
        finally:
            await store.close()
            await logs.stop()
            await admin.close()

    async def _kit(
        self,
        clients: KafkaClients,
        admin: AIOKafkaAdminClient,
        logs: AIOKafkaConsumer,
        store: RedisStore,
    ) -> Kit:
        settings = self._settings
        pseudonyms = Pseudonymizer.of_setting(settings.pseudonym_key)
        enricher = Enricher(
            files("city", settings.geoip_city),
            files("asn", settings.geoip_asn),
            hash64=lambda text: pseudonyms.hash64(text, "network"),
        )
        workshop = Workshop(
            enricher,
            pseudonyms,
            settings.allowed_lateness_ms,
            settings.max_ahead_ms,
            settings.trusted_proxies,
            truncate=settings.alert_ip == "truncated",
        )
        self._frontiers = Frontiers(
            admin, settings.group, await partitions_of(admin, settings.topics.session_events)
        )
        return Kit(
            settings=settings,
            clients=clients,
            admin=admin,
            logs=logs,
            store=store,
            workshop=workshop,
            pseudonyms=pseudonyms,
            sealer=Sealer.of_setting(settings.pseudonym_key),
            metrics=self._metrics,
            policy=DEFAULT_POLICY,
            events=self._partitions[settings.topics.session_events],
            findings=self._partitions[settings.topics.findings],
        )

    async def _serve(self, kit: Kit) -> None:
        topics = kit.settings.topics
        control = ControlLog(kit.clients, topics.control, kit.workshop.entitlements)
        await control.catch_up()
        following = asyncio.create_task(control.follow())
        consumer = kit.clients.consumer(group=kit.settings.group, instance=kit.settings.instance)
        try:
            await self._wait_for_entitlements(kit, control)
            with reporting("joining the group"):
                await consumer.start()
            consumer.subscribe([topics.session_events, topics.findings], listener=_Listener(self, consumer))
            await self._loop(kit, consumer)
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
            await control.stop()
            await self._give_up(list(self._shards), orderly=True)
            self.ready = False
            await consumer.stop()

    async def _wait_for_entitlements(self, kit: Kit, control: ControlLog) -> None:
        """Let what is entitled already be stamped before the first event is judged."""
        topic = kit.settings.topics.entitlements
        with reporting(f"looking at {topic}"):
            wanted = await ends_of_records(kit.clients, await partitions_of(kit.admin, topic))
        if not await control.wait_for(topic, wanted, STAMPED_WITHIN_S):
            log.warning(
                "not all entitlements are stamped yet; those that come count from later on", topic=topic
            )

    async def _loop(self, kit: Kit, consumer: AIOKafkaConsumer) -> None:
        poll_ms = kit.settings.commit_interval_ms
        committed_at = time.monotonic()
        lookups = Lookups(self._metrics, kit.workshop.enricher.stats)
        while not self._stopping.is_set():
            self._turned_at = time.monotonic()
            with reporting("polling"):
                batches = await consumer.getmany(timeout_ms=poll_ms, max_records=BATCH)
            async with self._turn:
                self._receive(batches)  # what is taken over below reads from its own place
                await self._take_over(kit, consumer)
                await self._watch_quiet(consumer, batches)
                await self._each(self._advance)
                now = time.monotonic()
                if now - committed_at >= poll_ms / 1000.0:
                    committed_at = now
                    await self._each(_commit)
                self._hold_back(consumer)
                self._measure(consumer)
                lookups.show()
            if sum(map(len, batches.values())) < FEW:
                await asyncio.sleep(PAUSE_S)

    def _receive(self, batches: Mapping[TopicPartition, Sequence[ConsumerRecord]]) -> None:
        for partition, records in batches.items():
            shard = self._shards.get(partition)
            if shard is not None:
                shard.receive(records)

    async def _advance(self, shard: Shard) -> None:
        with self._metrics.batch_seconds.labels(_stage(shard)).time():
            await shard.advance()
        shard.take_counts()

    async def _watch_quiet(
        self, consumer: AIOKafkaConsumer, batches: Mapping[TopicPartition, Sequence[ConsumerRecord]]
    ) -> None:
        """Close what quiet partitions hold, when it is time."""
        now = time.monotonic()
        for partition, shard in self._shards.items():
            if not isinstance(shard, AccountsShard) or shard.refolding or shard.stuck:
                continue
            if partition in batches or not await _at_end(consumer, partition):
                shard.quiet.heard(now)
            elif shard.quiet.due(now) and self._frontiers is not None:
                standings = await self._frontiers.sample(self._standings())
                shard.quiet.sampled(quiet_frontier(partition, standings))
            else:
                target = shard.quiet.found_nothing()
                if target is not None:
                    shard.close_quietly(target)

    def _standings(self) -> dict[TopicPartition, Standing]:
        return {
            partition: shard.standing
            for partition, shard in self._shards.items()
            if isinstance(shard, AccountsShard) and not shard.refolding
        }

    async def _each(self, act: Callable[[Shard], Awaitable[None]]) -> None:
        """Do something with every shard; one that fails is dropped, and taken over again after a pause."""
        shards = dict(self._shards)
        results = await asyncio.gather(*(act(shard) for shard in shards.values()), return_exceptions=True)
        for (partition, shard), result in zip(shards.items(), results, strict=True):
            if isinstance(result, (OwnershipLostError, UnavailableError)):
                if isinstance(shard, AccountsShard) and shard.stuck and isinstance(result, UnavailableError):
                    log.warning("waiting for rows", partition=partition.partition, error=str(result))
                    continue
                log.warning("dropped a shard", partition=str(partition), error=str(result))
                await self._give_up([partition], orderly=False)
                self._waiting[partition] = time.monotonic() + RETRY_S
            elif isinstance(result, BaseException):
                raise result

    async def _take_over(self, kit: Kit, consumer: AIOKafkaConsumer) -> None:
        """Take over what the group gave and is due; its partition stays paused until it is ready."""
        now = time.monotonic()
        due = [partition for partition, moment in self._waiting.items() if moment <= now]
        for partition in due:
            del self._waiting[partition]
        given = [partition for partition in due if partition in consumer.assignment()]
        await asyncio.gather(*(self._take_over_one(kit, consumer, partition) for partition in given))
        self.ready = not self._waiting and bool(consumer.assignment())

    async def _take_over_one(self, kit: Kit, consumer: AIOKafkaConsumer, partition: TopicPartition) -> None:
        consumer.pause(partition)
        events = partition.topic == kit.settings.topics.session_events
        shard: Shard = AccountsShard(kit, partition) if events else CasesShard(kit, partition)
        try:
            await shard.take_over(consumer)
        except (OwnershipLostError, UnavailableError) as error:
            log.warning("could not take over", partition=str(partition), error=str(error))
            await shard.give_up(orderly=False)
            self._waiting[partition] = time.monotonic() + RETRY_S
        except BaseException:
            await shard.give_up(orderly=False)
            raise
        else:
            # Between the seek and this nothing was awaited: no rebalance can have come between.
            self._shards[partition] = shard
            consumer.resume(partition)
            self._metrics.takeovers.labels(_stage(shard)).inc()

    def _hold_back(self, consumer: AIOKafkaConsumer) -> None:
        """Read on only where a shard can take more."""
        for partition, shard in self._shards.items():
            full = isinstance(shard, AccountsShard) and (shard.stuck or shard.overfull)
            if full and partition not in consumer.paused():
                consumer.pause(partition)
            elif not full and partition in consumer.paused():
                consumer.resume(partition)

    def _measure(self, consumer: AIOKafkaConsumer) -> None:
        metrics = self._metrics
        for stage in ("accounts", "cases"):
            owned = sum(_stage(shard) == stage for shard in self._shards.values())
            metrics.shards_owned.labels(stage).set(owned)
        for partition, shard in self._shards.items():
            end = consumer.highwater(partition)
            if end is not None:
                lag = max(0, end - shard.position)
                metrics.consumer_lag.labels(partition.topic, str(partition.partition)).set(lag)

    def assigned(self, partitions: Iterable[TopicPartition]) -> None:
        """Note what the group gave; the loop takes it over."""
        for partition in partitions:
            self._waiting[partition] = 0.0
        self.ready = False

    async def revoked(self, partitions: Iterable[TopicPartition]) -> None:
        """Let go, in order, of what the group takes away."""
        async with self._turn:
            for partition in partitions:
                self._waiting.pop(partition, None)
            await self._give_up(list(partitions), orderly=True)

    async def _give_up(self, partitions: Sequence[TopicPartition], *, orderly: bool) -> None:
        for partition in partitions:
            shard = self._shards.pop(partition, None)
            if shard is None:
                continue
            try:
                await shard.give_up(orderly=orderly)
            except DetectorError as error:
                log.warning("gave up out of order", partition=str(partition), error=str(error))
            self._metrics.forget_partition(_stage(shard), partition.topic, partition.partition)


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka ships no types
    """What aiokafka calls at a rebalance; it swallows exceptions, so nothing here may fail."""

    def __init__(self, pipeline: Pipeline, consumer: AIOKafkaConsumer) -> None:
        self._pipeline = pipeline
        self._consumer = consumer

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """See `Pipeline.revoked`."""
        await self._pipeline.revoked(list(revoked))

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Pause first: messages may be delivered before this has ended."""
        partitions = list(assigned)
        self._consumer.pause(*partitions)
        self._pipeline.assigned(partitions)


async def _commit(shard: Shard) -> None:
    await shard.commit()
    await shard.checkpoint()


async def _at_end(consumer: AIOKafkaConsumer, partition: TopicPartition) -> bool:
    """Return whether everything that is committed in a partition has been read."""
    end = consumer.last_stable_offset(partition)
    return end is not None and await consumer.position(partition) >= end


def _stage(shard: Shard) -> str:
    return "accounts" if isinstance(shard, AccountsShard) else "cases"

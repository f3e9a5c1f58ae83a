"""The live service as its users run it: events in Kafka, workers as processes, alerts read back."""

import asyncio
import os
import signal
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.structs import TopicPartition
from redis.asyncio import Redis

from detector.alerts import canonical, encode
from detector.enrich import Enricher, files
from detector.feedback import StampedFeedback
from detector.local.process import free_ports
from detector.policy import Book, default_book
from detector.privacy import Pseudonymizer
from detector.replay import Engine
from detector.replay.records import FileRecord
from detector.simulate import History, messages, shipped_pools
from detector.stages.assemble import Workshop
from detector.stream.kafka import partition_of
from tests.integration.started import Started

START_MS = 1_780_243_200_000
PARTITIONS = 4
FINDINGS = 2
"""Partitions of the findings, by default."""
PATIENCE_S = 90.0

Message = tuple[bytes, bytes]
"""Key and value."""


def a_day(more: Iterable[tuple[bytes, bytes, int]] = ()) -> list[Message]:
    """Return a day of a hundred accounts, a dozen of them abusers, and `more`, in the order of event time."""
    made = History(accounts=100, days=1, seed=7, start_ms=START_MS, pools=shipped_pools())
    return [(key, event) for key, event, _ in sorted([*messages(made), *more], key=lambda each: each[2])]


def comparable(alerts: Iterable[dict[str, Any]]) -> list[bytes]:
    """Return what may not differ between live and replay, in the order of a file of alerts."""
    in_order = sorted(alerts, key=lambda alert: (alert["decided_time"], alert["case_id"], alert["sequence"]))
    return [canonical(alert) + msgspec.json.encode(alert["chain"]) for alert in in_order]


def replayed(
    history: Sequence[Message],
    proxies: Sequence[str] | None = None,
    feedback: Sequence[StampedFeedback] = (),
) -> list[dict[str, Any]]:
    """The alerts that a replay of a history in order gives, where `proxies` are believed."""
    live, _ = replayed_with_shadow(history, default_book(), proxies, feedback)
    return live


def replayed_with_shadow(
    history: Sequence[Message],
    book: Book,
    proxies: Sequence[str] | None = None,
    feedback: Sequence[StampedFeedback] = (),
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The same by other policies, and beside them the alerts in shadow mode."""
    pseudonyms = Pseudonymizer(b"another key than the live service's")
    enricher = Enricher(
        files("city", None), files("asn", None), hash64=lambda text: pseudonyms.hash64(text, "network")
    )
    workshop = Workshop(enricher, pseudonyms, 0, 300_000, proxies, book=book)
    for said in feedback:
        workshop.feedback.put(said)
    engine = Engine(workshop)
    alerts, _ = engine.take([FileRecord(value) for _, value in history])
    live = (*alerts, *engine.finish())
    told, apart = (
        [msgspec.json.decode(encode(alert)) for alert in each] for each in (live, engine.take_shadow())
    )
    return told, apart


def last_ms(history: Sequence[Message]) -> int:
    return int(max(msgspec.json.decode(value)["time"] for _, value in history))


@dataclass
class Worker:
    """One `detector worker`."""

    process: Started
    port: int
    log: Path

    def metric(self, name: str) -> dict[str, float]:
        """Return a metric's samples by their labels as text; empty while the worker does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as answer:
                lines = answer.read().decode().splitlines()
        except OSError:
            return {}
        samples = [line.rpartition(" ") for line in lines if line.startswith(name)]
        return {labels: float(value) for labels, _, value in samples}

    def judged(self) -> float:
        return sum(self.metric("detector_events_total").values())

    def owned(self) -> float:
        return sum(self.metric("detector_shards_owned").values())

    def until(self, true: Callable[[], bool]) -> None:
        """Wait for something; a worker that ends, or time that runs out, is a failure with its log."""
        end = time.monotonic() + PATIENCE_S
        while not true():
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"worker {self.process.poll()}: {self.log.read_text()[-3000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Stop it as a service manager does; return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


@dataclass
class Live:
    """A group with topics of its own on the tests' Kafka and Redis."""

    kafka: str
    redis_url: str
    names: str
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def events(self) -> str:
        return f"{self.names}-events"

    @property
    def enforcement(self) -> str:
        return f"{self.names}-enforcement"

    @property
    def shadow(self) -> str:
        return f"{self.names}-shadow"

    @property
    def feedback(self) -> str:
        return f"{self.names}-feedback"

    @contextmanager
    def worker(self, **settings: str) -> Iterator[Worker]:
        """Run a worker; it is gone afterwards."""
        (port,) = free_ports(1)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ["HOME"],
            "DETECTOR_BROKERS": self.kafka,
            "DETECTOR_REDIS_URL": self.redis_url,
            "DETECTOR_GROUP": self.names,
            "DETECTOR_TOPIC_SESSION_EVENTS": self.events,
            "DETECTOR_TOPIC_SESSION_EVENTS_DLQ": f"{self.names}-dlq",
            "DETECTOR_TOPIC_SESSION_EVENTS_LATE": f"{self.names}-late",
            "DETECTOR_TOPIC_ACCOUNT_ENTITLEMENTS": f"{self.names}-entitlements",
            "DETECTOR_TOPIC_DETECTOR_FEEDBACK": self.feedback,
            "DETECTOR_TOPIC_ENFORCEMENT": self.enforcement,
            "DETECTOR_TOPIC_ENFORCEMENT_SHADOW": self.shadow,
            "DETECTOR_METRICS_PORT": str(port),
            "DETECTOR_PROCESSES": "1",  # whatever cores there are, and the quickest to begin
            "DETECTOR_IDLE_TIMEOUT": "2s",
            "DETECTOR_CHECKPOINT_INTERVAL": "500ms",
            **self.settings,
            **settings,
        }
        log = self.folder / f"worker-{port}.log"
        log.touch()
        process = Started(["worker"], environment, log)
        try:
            yield Worker(process, port, log)
        finally:
            process.kill()
            process.wait()

    async def lifetimes(self) -> dict[str, int]:
        """Return for how long Redis keeps each key of the group, ms."""
        redis = Redis.from_url(self.redis_url)
        try:
            keys = [key async for key in redis.scan_iter(match=f"{self.names}:*")]
            return {key.decode(): await redis.pttl(key) for key in keys}
        finally:
            await redis.aclose()

    async def create(self, *topics: str) -> None:
        """Create topics as the platform does, before any worker runs."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka)
        await admin.start()
        try:
            await admin.create_topics([NewTopic(topic, PARTITIONS, 1) for topic in topics])
        finally:
            await admin.close()

    async def send(self, messages: Sequence[Message], topic: str | None = None) -> None:
        """Produce messages with the platform's keys and partitions."""
        async with self._producer() as producer:
            for key, value in messages:
                await producer.send(
                    topic or self.events, value, key=key, partition=partition_of(key, PARTITIONS)
                )
            await producer.flush()

    @asynccontextmanager
    async def _producer(self) -> AsyncIterator[AIOKafkaProducer]:
        producer = AIOKafkaProducer(bootstrap_servers=self.kafka, linger_ms=5, max_batch_size=200_000)
        await producer.start()
        try:
            yield producer
        finally:
            await producer.stop()

    async def read(self, topic: str) -> list[ConsumerRecord]:
        """Return everything committed in a topic, which has the events' number of partitions.

        What a commit wrote a moment ago is waited for: its markers come a little later.
        """
        partitions = [TopicPartition(topic, number) for number in range(PARTITIONS)]
        async with self._consumer("read_uncommitted") as anybody:
            ends = await anybody.end_offsets(partitions)
        async with self._consumer("read_committed") as reader:
            reader.assign(partitions)
            await reader.seek_to_beginning()
            found: list[ConsumerRecord] = []
            while any([await reader.position(each) < end for each, end in ends.items()]):
                for records in (await reader.getmany(timeout_ms=200)).values():
                    found += records
            return found

    @asynccontextmanager
    async def _consumer(self, isolation: str) -> AsyncIterator[AIOKafkaConsumer]:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.kafka, isolation_level=isolation, enable_auto_commit=False
        )
        await consumer.start()
        try:
            yield consumer
        finally:
            await consumer.stop()

    async def alerts(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(record.value) for record in await self.read(self.enforcement)]

    async def decided(self, worker: Worker, last_ms: int) -> list[dict[str, Any]]:
        """Wait until the only worker has decided everything up to `last_ms`; return all alerts."""
        return await self.decided_by(last_ms, worker)

    async def decided_by(self, last_ms: int, *workers: Worker) -> list[dict[str, Any]]:
        """Wait until these workers together have decided everything up to `last_ms`; return all alerts."""
        name = "detector_frontier_timestamp_seconds"

        def done() -> bool:
            shown = [sample for worker in workers for sample in worker.metric(name).items()]
            cases = [seconds for labels, seconds in shown if "cases" in labels]
            return len(cases) == FINDINGS and min(cases) * 1000 > last_ms

        await asyncio.to_thread(workers[0].until, done)
        return await self.alerts()

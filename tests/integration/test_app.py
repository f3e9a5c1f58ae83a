"""The app around the pipeline on a real Kafka: entitlements stamped once, pages answered, ends in order."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from aiohttp import ClientSession
from aiokafka import AIOKafkaProducer, ConsumerRecord
from aiokafka.errors import NotLeaderForPartitionError
from aiokafka.structs import TopicPartition
from faust.exceptions import ProducerSendError
from faust.transport.drivers.aiokafka import Producer
from prometheus_client import CollectorRegistry

from detector.errors import DetectorError, StateError, UnavailableError
from detector.feedback import Feedback, Feedbacks, StampedFeedback
from detector.local.process import free_ports
from detector.metrics import Metrics
from detector.policy import Entitlement, Entitlements, Stamped, default_book
from detector.settings import Settings
from detector.stream import app
from detector.stream.app import serve
from detector.stream.control import ControlLog, ends_of_records
from detector.stream.kafka import KafkaClients
from detector.stream.progress import Progress
from detector.stream.stamp import AHEAD_MS
from detector.stream.topic_specs import TopicSpec
from detector.stream.topics import ensure_topics
from detector.stream.transactions import ShardTransactions

FRONTIER = 1_700_000_000_000
PATIENCE_S = 30.0

Message = tuple[bytes, bytes | None]


@dataclass
class FakePipeline:
    """Makes the topics and then only waits; fails where told to."""

    settings: Settings
    frontier: int = FRONTIER
    ready: bool = False
    turning: bool = True
    failure: BaseException | None = None
    impatient: bool = False
    events: list[str] = field(default_factory=list)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def prepare(self) -> None:
        topics = self.settings.topics
        admin = KafkaClients(self.settings.brokers).admin()
        await admin.start()
        try:
            specs = [
                TopicSpec(name=topics.session_events, partitions=2),
                TopicSpec(name=topics.control, partitions=1),
            ]
            specs.append(TopicSpec(name=topics.entitlements, partitions=1, compacted=True))
            specs.append(TopicSpec(name=topics.feedback, partitions=1))
            (await ensure_topics(admin, specs)).check()
        finally:
            await admin.close()

    async def run(self) -> None:
        if self.failure is not None:
            raise self.failure
        self.ready = True
        if self.impatient:
            return
        await self.stopping.wait()
        self.events.append("stopped in order")

    def stop(self) -> None:
        self.stopping.set()

    def alive(self) -> bool:
        return self.turning

    def highest_frontier(self) -> int:
        return self.frontier

    def knows_plan(self, plan: str | None, time_ms: int) -> bool:
        return default_book().knows_plan(plan, time_ms)


@dataclass
class Group:
    """A group with topics of its own."""

    settings: Settings
    clients: KafkaClients

    @contextlib.asynccontextmanager
    async def serving(self, pipeline: FakePipeline) -> AsyncIterator[CollectorRegistry]:
        registry = CollectorRegistry()
        serving = asyncio.create_task(serve(self.settings, pipeline, Metrics(registry), registry))
        try:
            yield registry
        finally:
            serving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await serving

    async def tell(self, messages: Sequence[Message], topic: str | None = None) -> None:
        producer = AIOKafkaProducer(bootstrap_servers=self.settings.brokers)
        await producer.start()
        for key, value in messages:
            await producer.send_and_wait(topic or self.settings.topics.entitlements, value, key=key)
        await producer.stop()

    async def stamped(self, offset: int, topic: str | None = None) -> None:
        """Wait until the message at `offset` of a topic, of the entitlements by default, is stamped."""
        topics = self.settings.topics
        log = ControlLog(self.clients, topics.control, Entitlements(), Feedbacks(), default_book())
        await log.catch_up()
        following = asyncio.create_task(log.follow())
        try:
            assert await log.wait_for(topic or topics.entitlements, {0: offset + 1}, PATIENCE_S)
        finally:
            following.cancel()
            await asyncio.wait({following})
            await log.stop()

    async def written(self) -> list[ConsumerRecord]:
        """Return everything on the control topic."""
        home = TopicPartition(self.settings.topics.control, 0)
        consumer = self.clients.consumer()
        consumer.assign([home])
        await consumer.start()
        records: list[ConsumerRecord] = []
        try:
            end = (await consumer.end_offsets([home]))[home]
            while await consumer.position(home) < end:
                records += (await consumer.getmany(timeout_ms=100)).get(home, [])
        finally:
            await consumer.stop()
        return records


@pytest.fixture
async def group(kafka: str, names: str) -> Group:
    """A group whose topics are there."""
    (port,) = free_ports(1)
    settings = Settings(
        brokers=kafka,
        group=names,
        metrics_port=port,
        topic_session_events=f"{names}-events",
        topic_account_entitlements=f"{names}-entitlements",
        topic_detector_feedback=f"{names}-feedback",
    )
    await FakePipeline(settings).prepare()
    return Group(settings, KafkaClients(kafka))


async def answer(port: int, page: str) -> tuple[int, str, str]:
    """Ask until the page is there: status, kind of content, text."""
    async with ClientSession() as session, asyncio.timeout(PATIENCE_S):
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}{page}") as got:
                    return got.status, got.headers["Content-Type"], await got.text()
            except OSError:
                await asyncio.sleep(0.05)


def told(record: ConsumerRecord) -> tuple[Any, ...]:
    """What a record of the control topic says, its key first."""
    if b'"rejected"' in record.value:
        said = msgspec.json.decode(record.value)
        return record.key, said["reason"], said["source"].rpartition("/")[2]
    stamped = msgspec.json.decode(record.value, type=Stamped)
    return record.key, stamped.entitlement, stamped.counts_from, stamped.source.rpartition("/")[2]


async def test_entitlements_are_stamped_once_before_and_after_a_start_and_over_a_restart(
    group: Group,
) -> None:
    set_, replaced, far = b'{"seats": 5}', b'{"seats": 6}', b'{"valid_from": 1800000000000}'
    await group.tell([(b"acc", set_), (b"acc", b"{"), (b"acc", replaced)])
    async with group.serving(FakePipeline(group.settings)) as registry:
        await group.stamped(2)
        await group.tell([(b"acc", None), (b"", set_), (b"org:1", far)])
        await group.stamped(5)
    assert 4.0 == registry.get_sample_value("detector_controls_stamped_total", {"kind": "entitlement"})
    assert 1.0 == registry.get_sample_value("detector_controls_rejected_total", {"reason": "not_json"})
    await group.tell([(b"acc", set_)])
    async with group.serving(FakePipeline(group.settings, frontier=FRONTIER + 7)):
        await group.stamped(6)
    soon = FRONTIER + AHEAD_MS
    assert [
        (b"acc", Entitlement(seats=5), soon, "0"),
        (b"acc", "not_json", "1"),
        (b"acc", Entitlement(seats=6), soon, "2"),
        (b"acc", None, soon, "3"),
        (b"", "missing_key", "4"),
        (b"org:1", Entitlement(valid_from=1_800_000_000_000), 1_800_000_000_000, "5"),
        (b"acc", Entitlement(seats=5), soon + 7, "6"),
    ] == [told(record) for record in await group.written()]


async def test_feedback_is_stamped_beside_entitlements(
    group: Group, caplog: pytest.LogCaptureFixture
) -> None:
    said = Feedback("alert-1", "benign", "ann", FRONTIER + 1, "a note")
    topic = group.settings.topics.feedback
    await group.tell(
        [(b"acc", msgspec.json.encode(said)), (b"acc", None), (b"acc", b'{"author": "ann"}')], topic
    )
    await group.tell([(b"acc", b"{}")])
    async with group.serving(FakePipeline(group.settings)) as registry:
        await group.stamped(2, topic)
        await group.stamped(0)
    assert 1.0 == registry.get_sample_value("detector_controls_stamped_total", {"kind": "feedback"})
    written = [record.value for record in await group.written() if topic.encode() in record.value]
    assert StampedFeedback("acc", FRONTIER + 1, said, f"{topic}/0/0") == msgspec.json.decode(
        written[0], type=StampedFeedback
    )
    assert ["null_value", "missing_field"] == [msgspec.json.decode(one)["reason"] for one in written[1:]]
    assert not any(word in caplog.text for word in ("ann", "alert-1", "a note"))


async def test_a_stamp_is_ahead_of_every_partition_of_the_group(group: Group) -> None:
    """Whoever stamps may know nothing of a partition that another worker has judged further."""
    source = TopicPartition(group.settings.topics.session_events, 1)
    other = ShardTransactions(group.clients, group=group.settings.group, stage="accounts", source=source)
    await other.start()
    await other.commit([], 1, Progress(frontier=FRONTIER + 99).encode())
    await other.stop()
    await group.tell([(b"acc", b"{}")])
    async with group.serving(FakePipeline(group.settings, frontier=0)):
        await group.stamped(0)
    assert [(b"acc", Entitlement(), FRONTIER + 99 + AHEAD_MS, "0")] == [
        told(each) for each in await group.written()
    ]


async def test_what_kafka_does_not_take_at_first_is_written_later(
    group: Group, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sent, failures = Producer.send_and_wait, [ProducerSendError("no"), NotLeaderForPartitionError()]

    async def send_and_wait(*arguments: Any, **named: Any) -> Any:
        if failures:
            raise failures.pop()
        return await sent(*arguments, **named)

    monkeypatch.setattr(Producer, "send_and_wait", send_and_wait)
    monkeypatch.setattr(app, "RETRY_S", 0.0)
    await group.tell([(b"a", b"{}"), (b"b", b"{}")])
    async with group.serving(FakePipeline(group.settings)):
        await group.stamped(1)
    assert [b"a", b"b"] == [record.key for record in await group.written()]
    assert 2 == caplog.text.count("a control waits to be stamped")


async def test_what_a_stop_interrupts_is_stamped_by_the_next_worker(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = asyncio.Event()

    async def send_and_wait(*_: Any, **__: Any) -> Any:
        tried.set()
        await asyncio.Event().wait()

    await group.tell([(b"a", b"{}"), (b"b", b"{}")])
    with monkeypatch.context() as broken:
        broken.setattr(Producer, "send_and_wait", send_and_wait)
        async with group.serving(FakePipeline(group.settings)), asyncio.timeout(PATIENCE_S):
            await tried.wait()
    async with group.serving(FakePipeline(group.settings)):
        await group.stamped(1)
    assert [b"a", b"b"] == [record.key for record in await group.written()]


async def test_the_pages_tell_what_prometheus_and_probes_ask(group: Group) -> None:
    pipeline = FakePipeline(group.settings)
    port = group.settings.metrics_port
    async with group.serving(pipeline):
        status, kind, text = await answer(port, "/metrics")
        assert (200, True) == (status, kind.startswith("text/plain; version="))
        assert "detector_build_info" in text
        assert [200, 200] == [(await answer(port, page))[0] for page in ("/healthz", "/readyz")]
        pipeline.ready = False
        assert [200, 503] == [(await answer(port, page))[0] for page in ("/healthz", "/readyz")]
        pipeline.ready, pipeline.turning = True, False
        assert [503, 503] == [(await answer(port, page))[0] for page in ("/healthz", "/readyz")]


async def test_a_pipeline_that_fails_ends_the_app_with_its_own_words(
    group: Group, caplog: pytest.LogCaptureFixture
) -> None:
    pipeline = FakePipeline(group.settings, failure=StateError("row version 9 is unknown"))
    registry = CollectorRegistry()
    with pytest.raises(StateError, match="row version 9 is unknown"):
        await serve(group.settings, pipeline, Metrics(registry), registry)
    assert [] == [line for line in caplog.records if line.levelname in {"ERROR", "CRITICAL"}]


@pytest.mark.parametrize(
    "ending",
    [{"failure": asyncio.CancelledError()}, {"impatient": True}],
    ids=["broken off", "returned"],
)
async def test_an_end_that_nobody_asked_for_is_an_error(group: Group, ending: dict[str, Any]) -> None:
    pipeline, registry = FakePipeline(group.settings, **ending), CollectorRegistry()
    with pytest.raises(DetectorError, match="ended though nobody asked it to"):
        await serve(group.settings, pipeline, Metrics(registry), registry)


async def test_a_signal_stops_the_pipeline_in_order(group: Group) -> None:
    pipeline, registry = FakePipeline(group.settings), CollectorRegistry()
    serving = asyncio.create_task(serve(group.settings, pipeline, Metrics(registry), registry))
    await answer(group.settings.metrics_port, "/healthz")
    os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(PATIENCE_S):
        await serving
    assert ["stopped in order"] == pipeline.events


async def test_a_port_in_use_is_named_before_anything_begins(group: Group) -> None:
    pipeline, registry = FakePipeline(group.settings), CollectorRegistry()
    port = group.settings.metrics_port
    named = pytest.raises(UnavailableError, match=rf"port {port} .*DETECTOR_METRICS_PORT")
    with socket.create_server(("127.0.0.1", port)), named:
        await serve(group.settings, pipeline, Metrics(registry), registry)
    assert not pipeline.ready


async def test_the_last_record_lies_before_a_transactions_marker(group: Group, names: str) -> None:
    home = TopicPartition(group.settings.topics.entitlements, 0)
    assert {0: 0} == await ends_of_records(group.clients, [home])
    producer = group.clients.transactional_producer(names)
    await producer.start()
    for _ in range(2):
        async with producer.transaction():
            await producer.send(home.topic, b"{}", key=b"acc")
    await producer.stop()
    assert {0: 3} == await ends_of_records(group.clients, [home])


def ended(*options: str) -> tuple[int, list[str]]:
    """Run a worker to its end; return its exit code and what it logged but for the note on its key."""
    (port,) = free_ports(1)
    done = subprocess.run(  # noqa: S603  # this program, no shell
        [sys.executable, "-m", "detector", "worker", "--metrics-port", str(port), *options],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, [line for line in done.stderr.splitlines() if "PSEUDONYM_KEY" not in line]


def test_a_worker_without_kafka_says_so_in_a_line() -> None:
    (nobody,) = free_ports(1)
    code, lines = ended("--brokers", f"127.0.0.1:{nobody}")
    (error,) = [line for line in lines if line.startswith("error: ")]
    assert 1 == code
    assert f"connecting to 127.0.0.1:{nobody}" in error
    assert not any("Traceback" in line for line in lines)


@pytest.mark.parametrize(
    ("option", "value", "processes", "ends"),
    [
        ("--geoip-city", "nofile.mmdb", "1", 2),
        ("--geoip-city", "nofile.mmdb", "2", 2),
        ("--policy", "nofile.toml", "1", 1),
        ("--redis-url", "redis://127.0.0.1/0?nonsense=1", "1", 2),
    ],
)
def test_a_setting_that_cannot_be_used_is_the_only_thing_said(
    kafka: str, names: str, option: str, value: str, processes: str, ends: int
) -> None:
    code, lines = ended("--brokers", kafka, "--group", names, option, value, "--processes", processes)
    assert (ends, 1) == (code, len(lines))
    assert lines[0].startswith("error: ")

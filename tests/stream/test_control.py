"""The control log: what it takes in, what it passes over, how far it has seen."""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any

import msgspec
import pytest
from aiokafka import ConsumerRecord
from aiokafka.errors import KafkaConnectionError
from aiokafka.structs import TopicPartition

from detector.errors import UnavailableError
from detector.feedback import Feedback, Feedbacks, StampedFeedback
from detector.logs import FIELDS
from detector.policy import Entitlement, Entitlements, Stamped
from detector.stream import control
from detector.stream.control import ControlLog

HOME = TopicPartition("detector-control", 0)
MARKERS = 2


class Consumer:
    """A consumer of a log that ends in markers, which a reader passes without seeing a record."""

    def __init__(self, values: Iterable[bytes | None]) -> None:
        self.log = list(values)
        self.at = 0
        self.failures: list[Exception] = []

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def assign(self, partitions: list[TopicPartition]) -> None:
        assert [HOME] == partitions

    async def seek_to_beginning(self, *_: TopicPartition) -> None:
        self.at = 0

    async def end_offsets(self, _: Any) -> dict[TopicPartition, int]:
        return {HOME: len(self.log) + MARKERS if self.log else 0}

    async def position(self, _: TopicPartition) -> int:
        return self.at

    async def getmany(self, **_: Any) -> dict[TopicPartition, list[ConsumerRecord]]:
        await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop(0)
        if self.at >= len(self.log):
            self.at = (await self.end_offsets(None))[HOME]
            return {}
        self.at += 1
        return {HOME: [record(self.at - 1, self.log[self.at - 1])]}


def record(offset: int, value: bytes | None) -> ConsumerRecord:
    return ConsumerRecord(*HOME, offset, 0, 0, None, value, None, 0, 0, [])


class Clients:
    def __init__(self, consumer: Consumer) -> None:
        self._consumer = consumer

    def consumer(self) -> Consumer:
        return self._consumer


def log_of(consumer: Consumer, entitlements: Entitlements | None = None) -> ControlLog:
    clients: Any = Clients(consumer)
    known = Entitlements() if entitlements is None else entitlements
    return ControlLog(clients, HOME.topic, known, Feedbacks())


def entitled(key: str, offset: int, *, partition: int = 0, max_cities: int = 5) -> bytes:
    source = f"plans/{partition}/{offset}"
    return msgspec.json.encode(Stamped(key, 1_000, Entitlement(max_cities=max_cities), source))


async def read(*values: bytes | None) -> tuple[ControlLog, Entitlements]:
    entitlements = Entitlements()
    log = log_of(Consumer(values), entitlements)
    await log.catch_up()
    return log, entitlements


async def test_it_reads_to_the_present_end_markers_or_not() -> None:
    log, entitlements = await read(entitled("a", 3), entitled("b", 9, partition=1, max_cities=7))
    assert (5, 7) == (
        entitlements.at("a", None, 1_000).max_cities,
        entitlements.at("b", None, 1_000).max_cities,
    )
    assert (3, 9, -1) == (log.seen("plans", 0), log.seen("plans", 1), log.seen("plans", 2))


async def test_an_empty_topic_has_been_read_at_once() -> None:
    log, entitlements = await read()
    assert not entitlements
    assert -1 == log.seen("plans", 0)


async def test_a_stamp_made_twice_counts_once() -> None:
    again = msgspec.json.encode(Stamped("a", 500, Entitlement(max_cities=9), "plans/0/3"))
    _, entitlements = await read(entitled("a", 3), again)
    assert (0, 5) == tuple(entitlements.at("a", None, moment).max_cities for moment in (500, 1_000))


@pytest.mark.parametrize(
    "broken",
    [
        None,
        b"",
        b"{",
        b"[]",
        b'"\xff"',
        b"[" * 100_000,
        b'{"source": "plans/0/4"}',
        b'{"kind": "rejected", "source": "plans"}',
        b'{"kind": "entitlement", "source": "plans/0/4", "key": 5}',
    ],
)
async def test_an_unreadable_record_is_an_error_in_the_log_and_no_more(
    broken: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    log, entitlements = await read(broken, entitled("a", 5))
    assert entitlements.at("a", None, 1_000).max_cities == 5
    assert log.seen("plans", 0) == 5
    (line,) = caplog.records
    assert (logging.ERROR, 0) == (line.levelno, getattr(line, FIELDS)["offset"])


async def test_feedback_is_taken_in_and_told_as_entitlements_are() -> None:
    said = StampedFeedback("a", 1_000, Feedback("id", "benign", "ann", 2 * 10**12), "feedback/0/3")
    told: list[str] = []
    feedback, clients = Feedbacks(), Clients(Consumer([msgspec.json.encode(said), entitled("a", 3)]))
    reader: Any = clients
    log = ControlLog(reader, HOME.topic, Entitlements(), feedback, lambda stamped: told.append(stamped.kind))
    await log.catch_up()
    assert [("a", 1_000, "id", "benign")] == [
        (one.key, one.counts_from, one.feedback.alert_id, one.feedback.verdict) for one in feedback.since(0)
    ]
    assert (["feedback", "entitlement"], 3) == (told, log.seen("feedback", 0))


async def test_each_entitlement_is_told_once() -> None:
    told: list[str] = []
    clients: Any = Clients(Consumer([entitled("a", 3), entitled("b", 4), entitled("b", 4), entitled("a", 3)]))
    log = ControlLog(
        clients, HOME.topic, Entitlements(), Feedbacks(), lambda stamped: told.append(stamped.key)
    )
    await log.catch_up()
    assert ["a", "b"] == told


async def test_controls_of_another_release_are_named_once_and_passed_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    policy = b'{"kind": "policy", "source": "policies/0/4", "text": "..."}'
    log, entitlements = await read(policy, policy, entitled("a", 5))
    assert entitlements
    assert log.seen("policies", 0) == 4
    assert [(logging.WARNING, "policy")] == [
        (each.levelno, getattr(each, FIELDS)["kind"]) for each in caplog.records
    ]


async def test_it_goes_on_reading_what_comes(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "_RETRY_S", 0.0)
    consumer = Consumer([])
    consumer.failures = [KafkaConnectionError("gone")]
    log = log_of(consumer)
    following = asyncio.create_task(log.follow())
    waiting = asyncio.create_task(log.wait_for("plans", {0: 2}, 60.0))
    consumer.log += [entitled("a", 0), b'{"kind": "rejected", "source": "plans/0/1"}']
    assert await waiting
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await following
    assert "gone" in getattr(caplog.records[0], FIELDS)["error"]


async def test_reading_to_the_end_fails_where_kafka_does_not_answer() -> None:
    consumer = Consumer([entitled("a", 0)])
    consumer.failures = [KafkaConnectionError("gone")]
    with pytest.raises(UnavailableError, match=r"reading detector-control.*gone"):
        await log_of(consumer).catch_up()


async def test_nothing_is_waited_for_where_nothing_was_said() -> None:
    log, _ = await read(entitled("a", 3), entitled("a", 0, partition=1))
    assert await log.wait_for("plans", {}, 0.0)
    assert await log.wait_for("plans", {0: 4, 1: 1, 2: 0}, 0.0)


@pytest.mark.parametrize("ends", [{0: 5}, {0: 4, 1: 2}, {2: 1}])
async def test_what_is_not_stamped_in_time_is_told(ends: dict[int, int]) -> None:
    log, _ = await read(entitled("a", 3), entitled("a", 0, partition=1))
    assert not await log.wait_for("plans", ends, 0.0)

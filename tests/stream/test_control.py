"""The control log: what it takes in, what it passes over, how far it has seen."""

import asyncio
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from aiokafka import ConsumerRecord
from aiokafka.errors import KafkaConnectionError
from aiokafka.structs import TopicPartition

from detector.errors import UnavailableError
from detector.feedback import Feedback, Feedbacks, StampedFeedback
from detector.logs import FIELDS
from detector.policy import Book, Entitlement, Entitlements, Stamped, default_book
from detector.policy.applied import Applied, Ended, Tried
from detector.stream import control
from detector.stream.control import ControlLog
from tests.policy.making import edited

if TYPE_CHECKING:
    from detector.stream.stamp import Control

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


def log_of(
    consumer: Consumer,
    entitlements: Entitlements | None = None,
    feedback: Feedbacks | None = None,
    book: Book | None = None,
    **told: Any,
) -> ControlLog:
    clients: Any = Clients(consumer)
    return ControlLog(
        clients,
        HOME.topic,
        Entitlements() if entitlements is None else entitlements,
        Feedbacks() if feedback is None else feedback,
        default_book() if book is None else book,
        **told,
    )


def entitled(key: str, offset: int, *, partition: int = 0, max_cities: int = 5) -> bytes:
    source = f"plans/{partition}/{offset}"
    return msgspec.json.encode(Stamped(key, 1_000, Entitlement(max_cities=max_cities), source))


async def read(*values: bytes | None, **told: Any) -> tuple[ControlLog, Entitlements]:
    entitlements = Entitlements()
    log = log_of(Consumer(values), entitlements, **told)
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
    counted: list[str] = []
    log, entitlements = await read(broken, entitled("a", 5), rejected=counted.append)
    assert ["unreadable"] == counted
    assert entitlements.at("a", None, 1_000).max_cities == 5
    assert log.seen("plans", 0) == 5
    (line,) = caplog.records
    assert (logging.ERROR, 0) == (line.levelno, getattr(line, FIELDS)["offset"])


async def test_feedback_is_taken_in_and_told_as_entitlements_are() -> None:
    said = StampedFeedback("a", 1_000, Feedback("id", "benign", "ann", 2 * 10**12), "feedback/0/3")
    told: list[str] = []
    feedback, consumer = Feedbacks(), Consumer([msgspec.json.encode(said), entitled("a", 3)])
    log = log_of(consumer, feedback=feedback, heard=lambda stamped: told.append(stamped.kind))
    await log.catch_up()
    assert [("a", 1_000, "id", "benign")] == [
        (one.key, one.counts_from, one.feedback.alert_id, one.feedback.verdict) for one in feedback.since(0)
    ]
    assert (["feedback", "entitlement"], 3) == (told, log.seen("feedback", 0))


async def test_each_entitlement_is_told_once() -> None:
    told: list[str] = []
    twice = [entitled("a", 3), entitled("b", 4), entitled("b", 4), entitled("a", 3)]
    await read(*twice, heard=lambda stamped: told.append(stamped.key))
    assert ["a", "b"] == told


async def test_controls_of_another_release_are_named_once_and_passed_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    build = b'{"kind": "database", "source": "builds/0/4", "text": "..."}'
    log, entitlements = await read(build, build, entitled("a", 5))
    assert entitlements
    assert log.seen("builds", 0) == 4
    assert [(logging.WARNING, "database")] == [
        (each.levelno, getattr(each, FIELDS)["kind"]) for each in caplog.records
    ]


def applied(version: str, counts_from: int, text: str | None = None) -> bytes:
    text = edited('version = "1"', f'version = "{version}"') if text is None else text
    return msgspec.json.encode(Applied(version, "hash", counts_from, text, "ann"))


async def test_an_applied_policy_counts_from_its_moment_on_and_is_told() -> None:
    book = default_book()
    told: list[Control] = []
    await read(applied("2", 2_000), applied("3", 3_000), book=book, heard=told.append)
    assert ["1", "2", "2", "3"] == [book.at(moment).version for moment in (1_999, 2_000, 2_999, 3_000)]
    assert [("policy", 2_000), ("policy", 3_000)] == [(each.kind, each.counts_from) for each in told]


async def test_a_policy_is_put_in_shadow_and_taken_out_and_what_is_not_there_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "detector")
    book, text = default_book(), edited('version = "1"', 'version = "2"')
    told: list[Control] = []
    tried = msgspec.json.encode(Tried("2", "hash", 2_000, text))
    ends = [msgspec.json.encode(Ended(name, 3_000)) for name in ("2", "7")]
    await read(tried, *ends, book=book, heard=told.append)
    assert [0, 1, 0] == [len(book.shadows_at(moment)) for moment in (1_999, 2_000, 3_000)]
    assert (["policy_in_shadow", *["policy_in_shadow_ended"] * 2], "1") == (
        [each.kind for each in told],
        book.at(2_000).version,
    )
    assert ["7"] == [
        getattr(line, FIELDS)["version"] for line in caplog.records if line.levelname == "WARNING"
    ]
    assert ["a policy is tried out in shadow", "a policy in shadow ends"] == [
        line.getMessage() for line in caplog.records[:2]
    ]


@pytest.mark.parametrize(
    "text", ["", "version = ", 'version = "2"', edited("[rules.crawl_rate]", "[rules.of_another_release]")]
)
async def test_a_policy_that_cannot_be_used_is_counted_and_told_and_changes_nothing(
    text: str, caplog: pytest.LogCaptureFixture
) -> None:
    book = default_book()
    heard: list[Control] = []
    counted: list[str] = []
    before = book.versions
    log = log_of(
        Consumer([applied("2", 2_000, text)]), book=book, heard=heard.append, rejected=counted.append
    )
    await log.catch_up()
    assert before == book.versions
    assert (["unusable_policy"], []) == (counted, heard)
    (line,) = caplog.records
    assert (logging.ERROR, 0) == (line.levelno, getattr(line, FIELDS)["offset"])
    assert "line" in getattr(line, FIELDS)["problem"]


@pytest.mark.parametrize(
    "changed", [{"counts_from": -1}, {"counts_from": 10**18}, {"text": 5}, {"text": None}]
)
async def test_a_record_that_is_no_policy_changes_nothing(changed: dict[str, Any]) -> None:
    book = default_book()
    counted: list[str] = []
    before = book.versions
    broken = msgspec.json.encode(msgspec.json.decode(applied("2", 2_000)) | changed)
    await read(broken, applied("3", 3_000), book=book, rejected=counted.append)
    assert ["unreadable"] == counted
    assert ["1", "3"] == [version.policies[None, None].version for version in book.versions]
    assert before[0] is book.versions[0]


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

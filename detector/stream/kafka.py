"""Kafka clients, each with the settings that the pipeline's promises need."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    IllegalOperation,
    KafkaConnectionError,
    KafkaError,
    NotEnoughReplicasError,
)
from aiokafka.partitioner import murmur2

from detector.errors import UnavailableError

MAX_MESSAGE_BYTES = 1_000_000
"""The largest block that is sent: what a broker takes with its defaults (1,048,588), less the overhead."""
LARGEST_LETTER_BYTES = 4 * 1_048_576
"""The largest dead letter that is sent, where its topic takes it. Kafka compares batches as they are packed,
so a message may be far larger than a broker's limit."""
BATCH_BYTES = 262_144
"""Smaller messages share a batch up to this size."""

# A client that waits 100 ms before it asks again makes a transaction's p99 120 ms instead of 15 ms.
_RETRY_BACKOFF_MS = 5
_REQUEST_TIMEOUT_MS = 10_000
# An open transaction of a worker that died holds back readers until it is fenced, at the latest for so long.
_TRANSACTION_TIMEOUT_MS = 30_000
# 6 s is the shortest session that a broker allows by default; it decides how soon a dead worker is replaced.
_SESSION_TIMEOUT_MS = 6_000
_HEARTBEAT_INTERVAL_MS = 2_000
# How soon a worker sees that a topic got more partitions.
_METADATA_AGE_MS = 10_000
_PARTITION_FETCH_BYTES = 8 * 1_048_576

_EXPECTED = (NotEnoughReplicasError, GroupCoordinatorNotAvailableError)

CLIENT_ERRORS = (KafkaError, IllegalOperation, AssertionError, OSError, TimeoutError)
"""What aiokafka raises when something does not work; AssertionError for a call in the wrong state."""


@dataclass(frozen=True, slots=True)
class KafkaClients:
    """Makes clients of one Kafka; who asks for one starts and stops it.

    `security` holds aiokafka's own arguments (`security_protocol`, `ssl_context`, `sasl_…`). `check_crcs` is
    off for the broker inside confluent-kafka only, whose transaction markers have a wrong checksum.
    """

    brokers: str
    security: Mapping[str, Any] = field(default_factory=dict)
    check_crcs: bool = True

    def admin(self) -> AIOKafkaAdminClient:
        """Make a client for topics and committed offsets."""
        return AIOKafkaAdminClient(**self._common())

    def transactional_producer(self, transactional_id: str) -> AIOKafkaProducer:
        """Make a producer whose start fences every earlier one of the same id."""
        return AIOKafkaProducer(
            transactional_id=transactional_id,
            transaction_timeout_ms=_TRANSACTION_TIMEOUT_MS,
            retry_backoff_ms=_RETRY_BACKOFF_MS,
            max_batch_size=BATCH_BYTES,
            max_request_size=LARGEST_LETTER_BYTES,
            **self._common(),
        )

    def producer(self) -> AIOKafkaProducer:
        """Make a producer of single messages, each written once and by all replicas."""
        return AIOKafkaProducer(enable_idempotence=True, acks="all", **self._common())

    def consumer(
        self,
        *topics: str,
        group: str | None = None,
        instance: str | None = None,
        isolation: Literal["read_committed", "read_uncommitted"] = "read_committed",
    ) -> AIOKafkaConsumer:
        """Make a reader that never commits by itself: of committed messages, unless `isolation` says other.

        `instance` is the worker's lasting name (static membership).
        """
        return AIOKafkaConsumer(
            *topics,
            group_id=group,
            group_instance_id=instance,
            isolation_level=isolation,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=_SESSION_TIMEOUT_MS,
            heartbeat_interval_ms=_HEARTBEAT_INTERVAL_MS,
            max_partition_fetch_bytes=_PARTITION_FETCH_BYTES,
            check_crcs=self.check_crcs,
            metadata_max_age_ms=_METADATA_AGE_MS,
            **self._common(),
        )

    def _common(self) -> dict[str, Any]:
        return {
            "bootstrap_servers": self.brokers,
            "request_timeout_ms": _REQUEST_TIMEOUT_MS,
            **self.security,
        }


@lru_cache(maxsize=100_000)
def partition_of(key: bytes, partitions: int) -> int:
    """Tell a key's partition, as Java's producer and `partitioner=murmur2_random` choose it."""
    return int(murmur2(key) & 0x7FFFFFFF) % partitions


@contextmanager
def reporting(doing: str) -> Iterator[None]:
    """Turn what a client raises into `UnavailableError`; `doing` says what did not work."""
    try:
        yield
    except KafkaConnectionError as error:
        raise UnavailableError(
            f"{doing}: Kafka cannot be reached ({_short(error)}): is it running? "
            "--brokers (DETECTOR_BROKERS) names another"
        ) from error
    except CLIENT_ERRORS as error:
        raise UnavailableError(f"{doing}: Kafka does not do it ({_cause(error)})") from error


def hush_expected_retries() -> None:
    """Keep out of the log what aiokafka repeats by itself, and calls an error all the same.

    After most transactions Kafka says NOT_ENOUGH_REPLICAS to older clients, while the markers of the one
    before are still being written. Before the first group of a new cluster it has no coordinator yet; where
    that lasts, who waits for one says so (`UnavailableError`).
    """
    for name in ("aiokafka.producer.sender", "aiokafka.consumer.group_coordinator"):
        logging.getLogger(name).addFilter(_is_no_expected_retry)


def _is_no_expected_retry(record: logging.LogRecord) -> bool:
    """Look for the error among what the line is about: some lines name its class, others hold the error."""
    named = record.args if isinstance(record.args, tuple) else ()
    kinds = [each if isinstance(each, type) else type(each) for each in named]
    return not any(issubclass(kind, _EXPECTED) for kind in kinds)


def _short(error: KafkaConnectionError) -> str:
    """Return what it says without its class and its list of addresses."""
    return str(error).removeprefix(f"{type(error).__name__}: ").partition(" from [")[0]


def _cause(error: BaseException) -> str:
    """Name the error that lies beneath: aiokafka wraps those of its background task."""
    if isinstance(error, KafkaError) and error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, TimeoutError) and not str(error):
        return "no answer in time"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__

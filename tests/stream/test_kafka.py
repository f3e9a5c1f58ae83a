"""Clients and keys."""

import logging
from typing import Any

import pytest
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    GroupCoordinatorNotAvailableError,
    IllegalOperation,
    KafkaConnectionError,
    KafkaError,
    NotEnoughReplicasError,
    NotLeaderForPartitionError,
)

from detector.errors import UnavailableError
from detector.stream.kafka import _is_no_expected_retry, partition_of, reporting


@pytest.mark.parametrize(
    ("key", "murmur2"),
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"", 275646681),
    ],
)
def test_keys_are_spread_as_java_spreads_them(key: bytes, murmur2: int) -> None:
    assert murmur2 & 0x7FFFFFFF == partition_of(key, 2**31)
    assert (murmur2 & 0x7FFFFFFF) % 12 == partition_of(key, 12)


def test_a_kafka_that_cannot_be_reached_is_told_with_what_to_do() -> None:
    told = "asking k:1: Kafka cannot be reached (Unable to bootstrap): is it running? --brokers"
    with pytest.raises(UnavailableError) as raised, reporting("asking k:1"):
        raise KafkaConnectionError("Unable to bootstrap from [('k', 1)]")
    assert str(raised.value).startswith(told)


@pytest.mark.parametrize("error", [IllegalOperation("refused"), OSError("refused"), TimeoutError("refused")])
def test_what_a_client_raises_is_reported_with_what_was_done(error: Exception) -> None:
    with pytest.raises(UnavailableError, match=r"counting sheep: .*refused"), reporting("counting sheep"):
        raise error


def test_the_cause_beneath_aiokafkas_wrapper_is_named() -> None:
    with pytest.raises(UnavailableError, match="broken pipe"), reporting("sending"):
        raise KafkaError("Unexpected error") from OSError("broken pipe")


def test_kafka_that_answers_nothing_is_said_so() -> None:
    with pytest.raises(UnavailableError, match="no answer in time"), reporting("waiting"):
        raise TimeoutError


@pytest.mark.parametrize(
    ("shown", "about"),
    [
        (False, ("topic", NotEnoughReplicasError)),
        (True, ("topic", NotLeaderForPartitionError)),
        (False, (GroupCoordinatorNotAvailableError("the first of a new cluster"),)),
        (True, (GroupAuthorizationFailedError("no"),)),
        (True, ()),
    ],
)
def test_only_retries_that_are_expected_are_kept_out_of_the_log(
    shown: bool,  # noqa: FBT001  # a table's column
    about: tuple[Any, ...],
) -> None:
    line = logging.LogRecord("aiokafka", logging.ERROR, "", 0, "failed: " + "%s " * len(about), about, None)
    assert shown == _is_no_expected_retry(line)

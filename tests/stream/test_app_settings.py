"""How Faust is told to reach Kafka."""

import asyncio
from typing import Any

import pytest
from faust.transport.drivers.aiokafka import credentials_to_aiokafka_auth, server_list

from detector.settings import Settings
from detector.stream.app import _app, _credentials

SASL = {"sasl_plain_username": "u", "sasl_plain_password": "secret"}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"security_protocol": "SSL"},
        {"security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "PLAIN", **SASL},
        {"security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "SCRAM-SHA-256", **SASL},
        {"security_protocol": "SASL_SSL", "sasl_mechanism": "SCRAM-SHA-512", **SASL},
    ],
)
def test_faust_secures_its_connections_as_the_pipeline_does(given: dict[str, Any]) -> None:
    settings = Settings(**given)
    wanted = settings.kafka_security()
    found = dict(credentials_to_aiokafka_auth(_credentials(settings)))
    contexts = [each.pop("ssl_context", None) for each in (wanted, found)]
    assert wanted == found
    assert [type(contexts[0])] * 2 == [type(each) for each in contexts]


async def test_faust_asks_the_same_brokers_in_a_group_of_its_own() -> None:
    conf = _app(Settings(brokers="kafka-1:9092,[::1]:9093", group="g"), "folder", None).conf
    assert ("g-control", ["kafka-1:9092", "[::1]:9093"]) == (conf.id, server_list(conf.broker, 9092))


async def test_faust_passes_over_entitlements_that_were_taken_back() -> None:
    reader: Any = _app(Settings(), "folder", None).consumer
    made = reader._thread._create_consumer(asyncio.get_running_loop())
    await made.stop()
    reader._thread.thread_loop.close()
    assert "read_committed" == made._isolation_level


async def test_what_faust_says_of_its_reader_is_not_logged_as_the_detectors() -> None:
    reader: Any = _app(Settings(), "folder", None).consumer
    reader._thread.thread_loop.close()
    assert ["faust.detector"] * 2 == [reader.logger.name, reader._thread.logger.name]

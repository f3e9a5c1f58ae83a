import sys

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from detector.errors import UnavailableError
from detector.local import embedded_broker
from detector.local.process import accepts


async def test_topics_have_the_partitions_asked_for() -> None:
    with embedded_broker({"session-events": 4, "findings": 2}) as bootstrap:
        admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
        await admin.start()
        topics = await admin.describe_topics(["session-events", "findings"])
        await admin.close()
    assert {topic["topic"]: len(topic["partitions"]) for topic in topics} == {
        "session-events": 4,
        "findings": 2,
    }


async def test_a_group_reads_what_a_transaction_sent() -> None:
    with embedded_broker({"findings": 2}) as bootstrap:
        async with (
            AIOKafkaProducer(bootstrap_servers=bootstrap, transactional_id="one") as producer,
            producer.transaction(),
        ):
            await producer.send_and_wait("findings", b"first", partition=1)
        async with AIOKafkaConsumer(
            "findings",
            bootstrap_servers=bootstrap,
            group_id="cases",
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            check_crcs=False,
        ) as consumer:
            message = await consumer.getone()
    assert (message.partition, message.value) == (1, b"first")


def test_the_broker_ends_with_its_context() -> None:
    with embedded_broker({}) as bootstrap:
        port = int(bootstrap.rpartition(":")[2])
        assert accepts(port)
    assert not accepts(port)


@pytest.mark.parametrize("count", [0, -1])
def test_a_topic_without_partitions_is_refused(count: int) -> None:
    refused = pytest.raises(UnavailableError, match=f"no topic 'findings' with {count} partitions")
    with refused, embedded_broker({"findings": count}):
        pass


def test_without_confluent_kafka_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "confluent_kafka", None)
    with pytest.raises(UnavailableError, match="pip install 'detector\\[demo\\]'"), embedded_broker({}):
        pass

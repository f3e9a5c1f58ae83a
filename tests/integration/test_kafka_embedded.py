"""The broker inside confluent-kafka: what the demo may rely on, and what it may not."""

from aiokafka.structs import TopicPartition

from detector.local.broker import embedded_broker
from detector.stream.kafka import KafkaClients
from detector.stream.offsets import committed_with_metadata
from detector.stream.topic_specs import TopicSpec
from detector.stream.topics import ensure_topics
from detector.stream.transactions import OutRecord, ShardTransactions

EVENTS = TopicPartition("events", 1)


async def test_topics_it_was_told_of_and_others_are_usable_though_unchecked() -> None:
    with embedded_broker({"events": 3}) as brokers:
        admin = KafkaClients(brokers).admin()
        await admin.start()
        try:
            report = await ensure_topics(
                admin, [TopicSpec(name="events", partitions=3), TopicSpec(name="alerts", partitions=2)]
            )
        finally:
            await admin.close()

    report.check()
    assert {"events": 3, "alerts": 4} == report.partitions
    assert 1 == len(report.warnings)


async def test_messages_of_transactions_are_read_without_checksums_and_offsets_are_not_kept() -> None:
    with embedded_broker({"events": 2, "alerts": 1}) as brokers:
        clients = KafkaClients(brokers, check_crcs=False)
        owner = ShardTransactions(clients, group="g", stage="accounts", source=EVENTS)
        await owner.start()
        await owner.commit([OutRecord("alerts", b"one", partition=0)], 1, "frontier")
        await owner.commit([OutRecord("alerts", b"two", partition=0)], 2, "frontier")
        await owner.stop()

        reader, alerts = clients.consumer(), TopicPartition("alerts", 0)
        reader.assign([alerts])
        await reader.start()
        values = [(await reader.getone(alerts)).value for _ in range(2)]
        await reader.stop()
        admin = clients.admin()
        await admin.start()
        committed = await committed_with_metadata(admin, "g", [EVENTS])
        await admin.close()

    assert [b"one", b"two"] == values
    assert {} == committed

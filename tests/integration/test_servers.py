"""The servers that the other integration tests rely on are what they are said to be."""

import redis
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.structs import OffsetAndMetadata


async def test_a_kafka_transaction_keeps_messages_and_offsets_together(kafka: str, names: str) -> None:
    partition = TopicPartition(names, 2)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.create_topics([NewTopic(names, 3, 1)])

    async with AIOKafkaProducer(bootstrap_servers=kafka, transactional_id=names) as producer:
        await producer.begin_transaction()
        await producer.send_and_wait(names, b"aborted", partition=2)
        await producer.abort_transaction()
        async with producer.transaction():
            await producer.send_and_wait(names, b"committed", partition=2)
            offsets = {partition: OffsetAndMetadata(7, "frontier")}
            await producer.send_offsets_to_transaction(offsets, names)

    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka, auto_offset_reset="earliest", isolation_level="read_committed"
    )
    async with consumer:
        consumer.assign([partition])
        assert (await consumer.getone()).value == b"committed"
    assert await admin.list_consumer_group_offsets(names) == {partition: OffsetAndMetadata(7, "frontier")}
    await admin.close()


def test_redis_runs_lua_and_keeps_bytes(redis_url: str, names: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        client.eval("redis.call('SET', KEYS[1], ARGV[1], 'PX', 60000)", 1, names, b"\x00\xff")
        assert client.get(names) == b"\x00\xff"

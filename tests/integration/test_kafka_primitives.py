"""What the pipeline's promises rest on, on a real Kafka."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.structs import TopicPartition

from detector.errors import OwnershipLostError, StateError, UnavailableError
from detector.stream.kafka import LARGEST_LETTER_BYTES, MAX_MESSAGE_BYTES, KafkaClients, partition_of
from detector.stream.offsets import Committed, committed_with_metadata, partitions_of
from detector.stream.topic_specs import TopicSpec
from detector.stream.topics import ensure_topics
from detector.stream.transactions import METADATA_BYTES, OutRecord, ShardTransactions


@pytest.fixture
def clients(kafka: str) -> KafkaClients:
    return KafkaClients(kafka)


@pytest.fixture
async def admin(clients: KafkaClients) -> AsyncIterator[AIOKafkaAdminClient]:
    client = clients.admin()
    await client.start()
    yield client
    await client.close()


@pytest.fixture
async def source(admin: AIOKafkaAdminClient, names: str) -> TopicPartition:
    """A partition that is read; what is written goes to `<names>-out`."""
    specs = [TopicSpec(name=f"{names}-in", partitions=2), TopicSpec(name=f"{names}-out", partitions=4)]
    (await ensure_topics(admin, specs)).check()
    return TopicPartition(f"{names}-in", 1)


def shard(clients: KafkaClients, names: str, source: TopicPartition) -> ShardTransactions:
    return ShardTransactions(clients, group=names, stage="accounts", source=source)


@contextlib.asynccontextmanager
async def owning(
    clients: KafkaClients, names: str, source: TopicPartition
) -> AsyncIterator[ShardTransactions]:
    transactions = shard(clients, names, source)
    await transactions.start()
    try:
        yield transactions
    finally:
        await transactions.stop()


async def read(
    clients: KafkaClients, topic: str, partition: int = 0, *, settled: bool = True
) -> list[bytes | None]:
    """Read what a reader of committed messages sees, to the end of the log or to what is still open."""
    where = TopicPartition(topic, partition)
    consumer = clients.consumer()
    consumer.assign([where])
    await consumer.start()
    values: list[bytes | None] = []
    position, end = 0, None
    try:
        async with asyncio.timeout(20):
            while end is None or position < end:
                for messages in (await consumer.getmany(where, timeout_ms=100)).values():
                    values += [message.value for message in messages]
                position = await consumer.position(where)
                end = consumer.highwater(where) if settled else consumer.last_stable_offset(where)
    finally:
        await consumer.stop()
    return values


def out(names: str, value: bytes, partition: int = 0) -> OutRecord:
    return OutRecord(f"{names}-out", value, partition=partition)


async def test_messages_offset_and_metadata_are_committed_in_one_step(
    clients: KafkaClients, admin: AIOKafkaAdminClient, names: str, source: TopicPartition
) -> None:
    async with owning(clients, names, source) as owner:
        await owner.commit([out(names, b"one"), out(names, b"two")], 7, "frontier 5")
        await owner.commit([], 9, "frontier 6")
        await owner.commit([out(names, b"three")], None, "")
    async with owning(clients, names, source):  # waits until all of it is settled
        assert {source: Committed(9, "frontier 6")} == await committed_with_metadata(admin, names, [source])

    assert [b"one", b"two", b"three"] == await read(clients, f"{names}-out")


async def test_an_outlived_owner_commits_nothing(
    clients: KafkaClients, admin: AIOKafkaAdminClient, names: str, source: TopicPartition
) -> None:
    async with owning(clients, names, source) as old:
        await old.commit([out(names, b"old")], 1, "old")
        async with owning(clients, names, source) as new:
            with pytest.raises(OwnershipLostError, match=f"{names}-accounts-1"):
                await old.commit([out(names, b"zombie")], 2, "zombie")
            with pytest.raises(OwnershipLostError):
                await old.commit([], 3, "zombie again")
            await old.stop()
            assert {source: Committed(1, "old")} == await committed_with_metadata(admin, names, [source])
            await new.commit([out(names, b"new")], 2, "new")

    assert [b"old", b"new"] == await read(clients, f"{names}-out")


async def test_an_outlived_owner_that_sends_nothing_loses_too(
    clients: KafkaClients, names: str, source: TopicPartition
) -> None:
    async with owning(clients, names, source) as old, owning(clients, names, source):
        with pytest.raises(OwnershipLostError):
            await old.commit([], 2, "zombie")


async def test_the_open_transaction_of_a_dead_owner_is_ended_by_the_next(
    clients: KafkaClients, names: str, source: TopicPartition
) -> None:
    dead = clients.transactional_producer(f"{names}-accounts-1")
    await dead.start()
    await dead.begin_transaction()
    await dead.send_and_wait(f"{names}-out", b"never committed", partition=0)
    await dead.stop()  # as a killed process does: nothing is aborted
    bystander = ShardTransactions(clients, group=names, stage="other", source=source)
    await bystander.start()
    await bystander.commit([out(names, b"behind it")], None, "")
    await bystander.stop()

    assert [] == await read(clients, f"{names}-out", settled=False)
    async with owning(clients, names, source):
        assert [b"behind it"] == await read(clients, f"{names}-out")


async def test_a_commit_that_is_interrupted_leaves_nothing_open(
    clients: KafkaClients, names: str, source: TopicPartition, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with owning(clients, names, source) as interrupted:
        assert interrupted._producer is not None
        monkeypatch.setattr(interrupted._producer, "commit_transaction", asyncio.Event().wait)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await interrupted.commit([out(names, b"interrupted")], 1, "")
        with pytest.raises(OwnershipLostError, match="given up"):
            await interrupted.commit([], 2, "")
    bystander = ShardTransactions(clients, group=names, stage="other", source=source)
    await bystander.start()
    await bystander.commit([out(names, b"behind it")], None, "")
    await bystander.stop()

    assert [b"behind it"] == await read(clients, f"{names}-out")


@pytest.mark.parametrize("size", [2 * MAX_MESSAGE_BYTES, LARGEST_LETTER_BYTES], ids=["broker", "client"])
async def test_one_rejected_message_is_all_rejected(
    clients: KafkaClients, admin: AIOKafkaAdminClient, names: str, source: TopicPartition, size: int
) -> None:
    async with owning(clients, names, source) as owner:
        with pytest.raises(UnavailableError, match="MessageSizeTooLarge"):
            await owner.commit([out(names, b"fits"), out(names, bytes(size))], 1, "")
    async with owning(clients, names, source):
        assert {} == await committed_with_metadata(admin, names, [source])

    assert [] == await read(clients, f"{names}-out")


async def test_a_message_that_the_broker_rejects_fails_the_commit(
    clients: KafkaClients, admin: AIOKafkaAdminClient, names: str, source: TopicPartition
) -> None:
    await ensure_topics(admin, [TopicSpec(name=f"{names}-compacted", partitions=1, compacted=True)])
    async with owning(clients, names, source) as owner:
        with pytest.raises(UnavailableError, match=f"committing 1 messages of {names}"):
            await owner.commit([OutRecord(f"{names}-compacted", b"without a key", partition=0)], 1, "")

    assert [] == await read(clients, f"{names}-compacted")


async def test_too_much_metadata_is_refused_before_it_kills_the_producer(
    clients: KafkaClients, admin: AIOKafkaAdminClient, names: str, source: TopicPartition
) -> None:
    most = "é" * (METADATA_BYTES // 2)
    async with owning(clients, names, source) as owner:
        with pytest.raises(StateError, match=str(METADATA_BYTES + 1)):
            await owner.commit([], 1, most + "x")
        await owner.commit([], 1, most)
    async with owning(clients, names, source):
        assert {source: Committed(1, most)} == await committed_with_metadata(admin, names, [source])


async def test_keyed_messages_go_where_their_key_says_and_empty_ones_go_too(
    clients: KafkaClients, names: str, source: TopicPartition
) -> None:
    keys = [f"account-{number}".encode() for number in range(20)]
    async with owning(clients, names, source) as owner:
        await owner.commit([OutRecord(f"{names}-out", key, key=key) for key in keys], None, "")
        await owner.commit([OutRecord(f"{names}-out", None, partition=0)], None, "")

    for partition in range(4):
        expected: list[bytes] = [key for key in keys if partition_of(key, 4) == partition]
        assert expected + [b""] * (partition == 0) == await read(clients, f"{names}-out", partition)


async def test_partitions_without_a_commit_are_left_out(
    clients: KafkaClients, admin: AIOKafkaAdminClient, names: str, source: TopicPartition
) -> None:
    async with owning(clients, names, source) as owner:
        await owner.commit([], 4, "")
    every = await partitions_of(admin, source.topic)

    assert [TopicPartition(source.topic, 0), source] == every
    async with owning(clients, names, source):
        assert {source: Committed(4, "")} == await committed_with_metadata(admin, names, every)
    with pytest.raises(UnavailableError, match="no-such-topic"):
        await partitions_of(admin, "no-such-topic")


async def test_a_kafka_that_is_away_is_an_error(names: str) -> None:
    with socket.socket() as reserved:  # bound, but nobody listens
        reserved.bind(("127.0.0.1", 0))
        away = shard(
            KafkaClients(f"127.0.0.1:{reserved.getsockname()[1]}"), names, TopicPartition("events", 0)
        )
        with pytest.raises(UnavailableError, match="starting the transactions"):
            await away.start()
        await away.stop()


async def test_missing_topics_are_created_once_and_as_demanded(
    admin: AIOKafkaAdminClient, names: str
) -> None:
    specs = [
        TopicSpec(
            name=f"{names}-findings",
            partitions=3,
            kept_ms=86_400_000,
            broker_time=True,
            room=1_000_000,
            wished_room=1_000_000,
        ),
        TopicSpec(
            name=f"{names}-cases", partitions=3, compacted=True, same_partitions_as=f"{names}-findings"
        ),
    ]
    first = await ensure_topics(admin, specs)
    again = await ensure_topics(admin, specs)

    assert (f"{names}-findings", f"{names}-cases") == first.created
    assert () == again.created
    assert {f"{names}-findings": 3, f"{names}-cases": 3} == first.partitions == again.partitions
    assert ((), ()) == (first.errors, first.warnings) == (again.errors, again.warnings)


async def test_a_topic_is_created_as_large_as_the_one_it_belongs_to(
    admin: AIOKafkaAdminClient, names: str
) -> None:
    findings, cases = f"{names}-findings", f"{names}-cases"
    await ensure_topics(admin, [TopicSpec(name=findings, partitions=3)])
    report = await ensure_topics(
        admin,
        [
            TopicSpec(name=findings, partitions=2),
            TopicSpec(name=cases, partitions=2, same_partitions_as=findings),
        ],
    )

    assert {findings: 3, cases: 3} == report.partitions
    report.check()


async def test_a_topic_that_may_not_be_created_is_named_with_what_it_needs(
    admin: AIOKafkaAdminClient, names: str
) -> None:
    spec = TopicSpec(name=f"{names}-cases", partitions=2, compacted=True)
    report = await ensure_topics(admin, [spec], replication_factor=9)

    assert () == report.created
    with pytest.raises(UnavailableError, match=r"create .*-cases \(partitions=2 cleanup.policy=compact\)"):
        report.check()

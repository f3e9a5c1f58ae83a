"""Which partitions a worker has, over rebalances and failures."""

import asyncio
from collections.abc import Collection
from typing import Any

import pytest
from aiokafka.structs import TopicPartition
from prometheus_client import CollectorRegistry

from detector.errors import OwnershipLostError, StateError, UnavailableError
from detector.metrics import Metrics
from detector.stream import ownership
from detector.stream.ownership import RETRY_S, Ownership

ONE, TWO = TopicPartition("events", 1), TopicPartition("events", 2)


class Shard:
    stage = "accounts"

    def __init__(self, source: TopicPartition, failure: Exception | None) -> None:
        self.source = source
        self.failure = failure
        self.stuck = False
        self.ended: list[bool] = []

    async def take_over(self, _: Any) -> None:
        if self.failure is not None:
            raise self.failure

    async def give_up(self, *, orderly: bool) -> None:
        self.ended.append(orderly)
        if orderly and self.failure is not None:
            raise self.failure


class Slow(Shard):
    """Takes a while to be taken over."""

    async def take_over(self, consumer: Any) -> None:
        for _ in range(3):
            await asyncio.sleep(0)
        await super().take_over(consumer)


class World:
    """The consumer, the clock, and every shard that was made."""

    def __init__(self) -> None:
        self.now = 100.0
        self.given: set[TopicPartition] = set()
        self.held_back: set[TopicPartition] = set()
        self.made: list[Shard] = []
        self.failure: Exception | None = None
        self.registry = CollectorRegistry()
        consumer: Any = self
        self.owned = Ownership(self.make, consumer, Metrics(self.registry))

    def make(self, source: TopicPartition) -> Any:
        self.made.append(Shard(source, self.failure))
        return self.made[-1]

    def monotonic(self) -> float:
        return self.now

    def assignment(self) -> set[TopicPartition]:
        return self.given

    def pause(self, *partitions: TopicPartition) -> None:
        self.held_back |= set(partitions)

    def resume(self, *partitions: TopicPartition) -> None:
        self.held_back -= set(partitions)

    async def give(self, *partitions: TopicPartition) -> None:
        self.given |= set(partitions)
        await self.owned.on_partitions_assigned(partitions)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    monkeypatch.setattr(ownership, "time", made)
    return made


async def test_what_is_given_is_paused_until_it_is_taken_over(world: World) -> None:
    await world.give(ONE, TWO)
    assert ({ONE, TWO}, False) == (world.held_back, world.owned.ready)
    await world.owned.take_over()
    assert (set(), True) == (world.held_back, world.owned.ready)
    assert {ONE, TWO} == world.owned.shards.keys()


async def test_what_was_taken_away_again_is_not_taken_over(world: World) -> None:
    await world.give(ONE, TWO)
    world.given.discard(TWO)
    await world.owned.take_over()
    assert {ONE} == world.owned.shards.keys()


async def test_what_the_group_takes_is_given_up_in_order(world: World) -> None:
    await world.give(ONE, TWO)
    await world.owned.take_over()
    await world.owned.on_partitions_revoked([ONE])
    assert ({TWO}, [True]) == (set(world.owned.shards), world.made[0].ended)


async def test_a_take_over_that_fails_is_tried_again_after_a_pause(world: World) -> None:
    world.failure = UnavailableError("no")
    await world.give(ONE)
    await world.owned.take_over()
    assert ({}, {ONE}, [False]) == (world.owned.shards, world.held_back, world.made[0].ended)
    world.failure = None
    world.now += RETRY_S
    await world.owned.take_over()
    assert ({ONE}, set()) == (set(world.owned.shards), world.held_back)


async def test_where_one_cannot_be_served_the_others_are_let_go_of_in_order(world: World) -> None:
    first, second = Shard(ONE, StateError("written under another key")), Slow(TWO, None)
    shards: dict[TopicPartition, Any] = {ONE: first, TWO: second}
    consumer: Any = world
    owned = Ownership(lambda source: shards[source], consumer, Metrics(CollectorRegistry()))
    world.given = {ONE, TWO}
    await owned.on_partitions_assigned([ONE, TWO])
    with pytest.raises(StateError, match="another key"):
        await owned.take_over()
    await owned.give_up_all()
    assert ([False], [True]) == (first.ended, second.ended)


async def test_while_redis_is_away_the_log_says_so_once_for_all_partitions(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async def act(_: Any) -> None:
        raise UnavailableError("Redis is away")

    await world.give(ONE, TWO)
    await world.owned.take_over()
    world.made[0].stuck = True
    world.failure = UnavailableError("Redis is away")
    for _ in range(20):
        await world.owned.each(act)
        world.now += RETRY_S
        await world.owned.take_over()
    warned = [each.message for each in caplog.records if each.levelname == "WARNING"]
    assert ["waiting for rows", "dropped a shard", "could not take over"] == warned


async def failing(world: World, error: Exception, *, stuck: bool = False) -> Collection[TopicPartition]:
    """Own two shards of which the first fails once; return those that are left."""
    await world.give(ONE, TWO)
    await world.owned.take_over()
    world.made[0].stuck = stuck

    async def act(shard: Any) -> None:
        if shard is world.made[0]:
            raise error

    await world.owned.each(act)
    return world.owned.shards.keys()


@pytest.mark.parametrize("error", [UnavailableError("no"), OwnershipLostError("no")])
async def test_a_shard_that_fails_is_dropped_alone_and_taken_over_again(
    world: World, error: Exception
) -> None:
    assert {TWO} == set(await failing(world, error))
    assert [False] == world.made[0].ended
    await world.owned.take_over()
    assert ({TWO}, False) == (set(world.owned.shards), world.owned.ready)
    world.now += RETRY_S
    await world.owned.take_over()
    assert ({ONE, TWO}, True) == (set(world.owned.shards), world.owned.ready)


async def test_a_shard_that_waits_for_rows_is_kept(world: World) -> None:
    assert {ONE, TWO} == set(await failing(world, UnavailableError("Redis is away"), stuck=True))


async def test_a_shard_that_waits_for_rows_and_is_lost_is_dropped(world: World) -> None:
    assert {TWO} == set(await failing(world, OwnershipLostError("claimed"), stuck=True))


async def test_state_that_cannot_be_used_ends_the_worker(world: World) -> None:
    with pytest.raises(StateError):
        await failing(world, StateError("another version"))


async def test_in_the_end_everything_is_given_up_in_order_whatever_fails(world: World) -> None:
    await world.give(ONE, TWO)
    await world.owned.take_over()
    world.made[0].failure = UnavailableError("no")
    await world.owned.give_up_all()
    assert ({}, False) == (world.owned.shards, world.owned.ready)
    assert [[True], [True]] == [shard.ended for shard in world.made]

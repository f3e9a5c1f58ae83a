"""Watching for quiet partitions: what is looked at, and what is left alone."""

from collections.abc import Collection
from typing import Any

import pytest
from aiokafka.structs import TopicPartition

from detector.stream.idle import Quiet, Standing
from detector.stream.quiet_watch import QuietWatch

OWN, OTHER = TopicPartition("events", 0), TopicPartition("events", 1)


class Shard:
    """One that heard nothing for long."""

    def __init__(self) -> None:
        self.quiet = Quiet(0.0, since=0.0)
        self.refolding = self.stuck = False
        self.closed: list[int] = []

    def close_quietly(self, frontier: int) -> None:
        self.closed.append(frontier)


class World:
    """The consumer, at the end of the log, and how far the others are."""

    end: int | None = 5
    known = True
    held_back: Collection[TopicPartition] = ()

    def paused(self) -> Collection[TopicPartition]:
        return self.held_back

    def last_stable_offset(self, _: TopicPartition) -> int | None:
        return self.end

    async def position(self, _: TopicPartition) -> int:
        return 5

    async def sample(self) -> dict[TopicPartition, Standing] | None:
        return {OTHER: Standing(77, 80, quiet=False)} if self.known else None


async def closed(world: World, shard: Shard, heard: Collection[TopicPartition] = ()) -> list[int]:
    """Look often enough; return up to where the partition was closed."""
    everything: Any = world
    shards: Any = {OWN: shard}
    watch = QuietWatch(everything, everything)
    for _ in range(3):
        await watch.look(shards, heard)
    return shard.closed


async def test_a_quiet_partition_closes_up_to_the_others() -> None:
    assert [77] == await closed(World(), Shard())


@pytest.mark.parametrize("end", [None, 6])
async def test_one_that_is_not_read_to_its_end_is_not_quiet(end: int | None) -> None:
    world = World()
    world.end = end
    assert [] == await closed(world, Shard())


async def test_one_that_brought_something_is_not_quiet() -> None:
    assert [] == await closed(World(), Shard(), heard=[OWN])


async def test_one_that_is_held_back_is_not_quiet() -> None:
    world, shard = World(), Shard()
    shard.quiet.quiet = True
    world.held_back = [OWN]
    assert [] == await closed(world, shard)
    assert not shard.quiet.quiet


async def test_one_that_goes_through_what_was_published_before_is_left_alone() -> None:
    shard = Shard()
    shard.refolding = True
    assert [] == await closed(World(), shard)


async def test_nothing_is_closed_where_nobody_knows_how_far_the_others_are() -> None:
    world = World()
    world.known = False
    assert [] == await closed(world, Shard())

"""Which partitions are read, and how much may wait for its moment."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from aiokafka.structs import TopicPartition

from detector.errors import DetectorError
from detector.stream import reading
from detector.stream.idle import Standing
from detector.stream.outstanding import LEAST_OUTSTANDING, Outstanding
from detector.stream.reading import Reading

AHEAD, BEHIND = TopicPartition("events", 0), TopicPartition("events", 1)


class Shard:
    def __init__(self, frontier: int, number: int = 0) -> None:
        self.frontier = frontier
        self.held = 0
        self.blocked = False
        self.outstanding = Outstanding(1_000_000)
        self.outstanding.sent(number, frontier)

    @property
    def full(self) -> bool:
        return self.blocked or self.outstanding.too_many


@dataclass
class World:
    """A worker's consumer, its shards, and how far all partitions are."""

    shards: dict[TopicPartition, Any]
    others: dict[TopicPartition, Standing] = field(default_factory=dict)
    known: bool = True
    asked: int = 0
    held_back: set[TopicPartition] = field(default_factory=set)

    def accounts(self) -> dict[TopicPartition, Any]:
        return self.shards

    async def sample(self) -> dict[TopicPartition, Standing] | None:
        self.asked += 1
        own = {name: Standing(shard.frontier, 0, quiet=False) for name, shard in self.shards.items()}
        return self.others | own if self.known else None

    def paused(self) -> set[TopicPartition]:
        return set(self.held_back)

    def pause(self, *partitions: TopicPartition) -> None:
        self.held_back |= set(partitions)

    def resume(self, *partitions: TopicPartition) -> None:
        self.held_back -= set(partitions)


async def held_back(world: World) -> set[TopicPartition]:
    everything: Any = world
    await Reading(everything, everything, everything).hold_back()
    return world.held_back


async def test_one_far_ahead_is_not_read_until_the_slowest_has_come_near() -> None:
    world = World({AHEAD: Shard(900, LEAST_OUTSTANDING + 1), BEHIND: Shard(100, LEAST_OUTSTANDING + 1)})
    assert {AHEAD} == await held_back(world)
    world.shards[BEHIND].frontier = 900
    assert set() == await held_back(world)


async def test_another_workers_partition_holds_back_as_well() -> None:
    world = World({AHEAD: Shard(900, LEAST_OUTSTANDING + 1)}, {BEHIND: Standing(100, 0, quiet=False)})
    assert {AHEAD} == await held_back(world)
    world.others[BEHIND] = Standing(100, 0, quiet=True)
    assert set() == await held_back(world)


async def test_the_others_are_not_asked_where_little_waits() -> None:
    world = World({AHEAD: Shard(900, LEAST_OUTSTANDING // 2), BEHIND: Shard(100)})
    assert set() == await held_back(world)
    assert 0 == world.asked


async def test_where_kafka_does_not_tell_how_far_the_others_are_one_waits() -> None:
    world = World({AHEAD: Shard(900, LEAST_OUTSTANDING + 1)}, known=False)
    assert {AHEAD} == await held_back(world)


async def test_a_shard_that_can_take_no_more_is_not_read_until_it_can() -> None:
    world = World({AHEAD: Shard(900)})
    world.shards[AHEAD].blocked = True
    assert {AHEAD} == await held_back(world)
    world.shards[AHEAD].blocked = False
    assert set() == await held_back(world)


async def test_too_many_events_that_wait_for_their_moment_are_named_and_end_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(reading, "MOST_HELD", 10)
    world = World({AHEAD: Shard(900), BEHIND: Shard(100)})
    world.shards[AHEAD].held = world.shards[BEHIND].held = 3
    await held_back(world)
    assert "many events wait" in caplog.text
    world.shards[AHEAD].held = 8
    with pytest.raises(DetectorError, match=r"11 events .* holds 10: .*DETECTOR_ALLOWED_LATENESS"):
        await held_back(world)

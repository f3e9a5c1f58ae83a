"""How far every partition is, as far as one worker knows."""

from collections.abc import Sequence
from typing import Any

import pytest
from aiokafka.structs import TopicPartition

from detector.errors import UnavailableError
from detector.stream import frontiers
from detector.stream.frontiers import FRESH_S, RETRY_S, Frontiers
from detector.stream.idle import Standing
from detector.stream.offsets import Committed
from detector.stream.progress import Progress

OWN, OTHER, NEW = (TopicPartition("events", number) for number in range(3))
NOTHING: Any = None


class World:
    """The clock, and what the group committed."""

    def __init__(self) -> None:
        self.now = 100.0
        self.asked = 0
        self.committed = {
            OWN: Committed(5, Progress(10, 15).encode()),
            OTHER: Committed(5, Progress(20, 25, quiet=True).encode()),
        }
        self.fails = False

    def monotonic(self) -> float:
        return self.now

    async def fetch(self, _: Any, __: str, partitions: Sequence[TopicPartition]) -> Any:
        self.asked += 1
        assert [OWN, OTHER, NEW] == partitions
        if self.fails:
            raise UnavailableError("no coordinator")
        return self.committed


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    monkeypatch.setattr(frontiers, "time", made)
    monkeypatch.setattr(frontiers, "committed_with_metadata", made.fetch)
    return made


def known(own: dict[TopicPartition, Standing]) -> Frontiers:
    return Frontiers(NOTHING, "group", [OWN, OTHER, NEW], lambda: own)


async def test_own_standings_are_fresher_than_what_is_committed(world: World) -> None:
    assert world.asked == 0
    assert {
        OWN: Standing(12, 17, quiet=False),
        OTHER: Standing(20, 25, quiet=True),
        NEW: Standing(0, 0, quiet=False),
    } == await known({OWN: Standing(12, 17, quiet=False)}).sample()


async def test_a_sample_serves_all_who_ask_soon(world: World) -> None:
    everyone = known({})
    for after_s in (0.0, FRESH_S / 2, FRESH_S):
        world.now = 100.0 + after_s
        await everyone.sample()
    assert 2 == world.asked


async def test_what_kafka_does_not_tell_is_not_known_and_asked_for_again_later(world: World) -> None:
    everyone, world.fails = known({}), True
    assert await everyone.sample() is None
    world.fails = False
    world.now += RETRY_S / 2
    assert await everyone.sample() is None
    assert 1 == world.asked
    world.now += RETRY_S / 2
    assert await everyone.sample() is not None


async def test_the_highest_of_all_is_known_without_asking(world: World) -> None:
    own: dict[TopicPartition, Standing] = {}
    everyone = known(own)
    assert 0 == everyone.highest()
    await everyone.sample()
    assert 20 == everyone.highest()
    own[OWN] = Standing(30, 35, quiet=False)
    assert 30 == everyone.highest()
    assert 1 == world.asked

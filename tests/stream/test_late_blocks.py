"""What comes to a later stage after its moment was decided is counted, once, and never for a take-over."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from aiokafka import ConsumerRecord
from aiokafka.structs import TopicPartition

from detector.cells import Cell, CellBlock, CrowdKey, encode_cells
from detector.findings import Block, encode_block
from detector.stages.assemble import Workshop
from detector.stages.families import FAMILIES
from detector.stream import blocks, cases_shard, crowds_shard
from detector.stream.cases_shard import CasesShard
from detector.stream.crowds_shard import CrowdsShard
from detector.stream.shard import Shard
from tests.ladder.making import START_MS, finding
from tests.stream.world import Transactions, World

FINDINGS, CELLS = TopicPartition("findings", 0), TopicPartition("crowds", 0)
HOUR_MS = 3_600_000
FACTS = tuple(1 for family in FAMILIES if family.name == "signups" for _ in family.facts)


def cell(time: int) -> Cell:
    key = CrowdKey("signups", "device", "d")
    return Cell(key, time, f"e{time}", "registration", "192.0.2.1", "a", "d", None, None, 0, FACTS, 0, -1)


def findings_block(frontier: int, *hours: int) -> bytes:
    return encode_block(Block(0, 1, frontier, tuple(finding(hour) for hour in hours)))


def cells_block(frontier: int, *hours: int) -> bytes:
    return encode_cells(CellBlock(0, 1, frontier, tuple(cell(START_MS + hour * HOUR_MS) for hour in hours)))


async def no_cases(*_: Any) -> Sequence[bytes]:
    return []


class Later:
    """A partition that a later stage reads; `metric` counts what came too late."""

    def __init__(
        self, world: World, kind: Callable[..., Shard], source: TopicPartition, metric: str, block: Any
    ) -> None:
        self.world, self.source, self.block = world, source, block
        self._kind, self._metric = kind, metric

    async def owner(self) -> Shard:
        shard = self._kind(self.world.kit, self.source)
        logs: Any = self.world.logs
        await shard.take_over(logs)
        return shard

    async def read(self, shard: Shard, *told: bytes, first: int) -> None:
        records = [
            ConsumerRecord(*self.source, first + place, 0, 0, None, value, None, 0, 0, ())
            for place, value in enumerate(told)
        ]
        shard.receive(records)
        await shard.advance()
        await shard.commit()

    @property
    def late(self) -> float:
        return self.world.total(self._metric)


@pytest.fixture(params=["cases", "crowds"])
def later(request: pytest.FixtureRequest, workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Later:
    world = World(workshop, monkeypatch)
    for module in (cases_shard, crowds_shard):
        monkeypatch.setattr(
            module, "ShardTransactions", type("Transactions", (Transactions,), {"world": world})
        )
        monkeypatch.setattr(module, "committed_of", world._committed_of)
    monkeypatch.setattr(cases_shard, "read_cases", no_cases)
    monkeypatch.setattr(cases_shard, "KEEP_S", 0.0)
    monkeypatch.setattr(blocks, "ANNOUNCE_S", 0.0)
    logs: Any = world.logs
    monkeypatch.setattr(logs, "beginning_offsets", lambda parts: _told(dict.fromkeys(parts, 0)))
    monkeypatch.setattr(logs, "end_offsets", lambda parts: _told(dict.fromkeys(parts, 99)))
    if request.param == "cases":
        return Later(world, CasesShard, FINDINGS, "late_findings_total", findings_block)
    return Later(world, CrowdsShard, CELLS, "late_cells_total", cells_block)


async def _told(answer: dict[TopicPartition, int]) -> dict[TopicPartition, int]:
    return answer


async def test_what_is_in_time_is_not_counted(later: Later) -> None:
    shard = await later.owner()
    await later.read(
        shard, later.block(START_MS + HOUR_MS, 0), later.block(START_MS + 2 * HOUR_MS, 1), first=0
    )
    assert 0 == later.late


async def test_what_comes_after_its_moment_was_decided_is_counted(later: Later) -> None:
    shard = await later.owner()
    await later.read(shard, later.block(START_MS + 9 * HOUR_MS, 0), first=0)
    await later.read(shard, later.block(START_MS + 10 * HOUR_MS, 3, 4, 9), first=1)
    assert 2 == later.late


async def test_a_take_over_counts_nothing_again(later: Later) -> None:
    shard = await later.owner()
    told = [later.block(START_MS + 9 * HOUR_MS, 0, 20), later.block(START_MS + 10 * HOUR_MS, 3)]
    for place, one in enumerate(told):
        await later.read(shard, one, first=place)
    await shard.checkpoint(now=True)
    assert 1 == later.late
    shard = await later.owner()
    again = later.world.logs.sought
    assert 0 == again  # what waits lies in the first block
    await later.read(shard, *told, later.block(START_MS + 11 * HOUR_MS, 5), first=again)
    assert 2 == later.late

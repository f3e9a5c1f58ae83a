"""A shard of crowds over take-overs: every finding is sent once, whatever Redis and its owners go through."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from aiokafka import ConsumerRecord
from aiokafka.structs import TopicPartition
from prometheus_client import CollectorRegistry

from detector.cells import Cell, CellBlock, encode_cells
from detector.errors import StateError, UnavailableError
from detector.findings import decode_block
from detector.keyring import Keyring
from detector.metrics import Metrics
from detector.settings import Settings
from detector.stages.assemble import Workshop
from detector.stores.memory import MemoryStore
from detector.stream import blocks, crowds_shard
from detector.stream.crowds_shard import CrowdsShard
from detector.stream.kit import Kit
from detector.stream.offsets import Committed
from detector.stream.transactions import OutRecord
from tests.support.events import START_MS, message

SOURCE = TopicPartition("detector-crowds", 0)
MINUTE_MS = 60_000
DEVICES = 3


def cells(workshop: Workshop) -> list[Cell]:
    """Three devices that each register an account every three minutes."""
    shard = workshop.accounts("session-events", 0)
    told = [
        message(
            f"e{number:03}",
            START_MS + number * MINUTE_MS,
            type="registration",
            account_id=f"a{number}",
            device_id=f"farm{number % DEVICES}",
        )
        for number in range(60)
    ]
    shard.read(told)
    shard.raise_frontier(shard.newest + 1)
    ordered = shard.close()
    for key in shard.missing(ordered):
        shard.table.put(key, None, None)
    shard.judge(ordered)
    return shard.take_cells()


def log(sent: Sequence[Cell], chance: Random) -> list[ConsumerRecord]:
    """The cells in blocks of one sender, cut anywhere."""
    records: list[ConsumerRecord] = []
    for minute in sorted({60, *chance.sample(range(1, 60), 14)}):
        frontier = START_MS + minute * MINUTE_MS
        begin = START_MS if not records else records[-1].timestamp
        block = CellBlock(0, 1, frontier, tuple(cell for cell in sent if begin <= cell.time < frontier))
        records.append(
            ConsumerRecord(*SOURCE, len(records), frontier, 1, None, encode_cells(block), None, 0, 0, ())
        )
    return records


class World:
    """A partition of blocks and what outlives its owners."""

    def __init__(
        self, workshop: Workshop, monkeypatch: pytest.MonkeyPatch, log: list[ConsumerRecord]
    ) -> None:
        self.log = log
        self.sent: list[OutRecord] = []
        self.committed: Committed | None = None
        nothing: Any = None
        logs: Any = self
        self.kit = Kit(
            settings=Settings(),
            clients=nothing,
            admin=nothing,
            logs=logs,
            store=MemoryStore(),
            workshop=workshop,
            keyring=Keyring("a key for tests"),
            metrics=Metrics(CollectorRegistry()),
            events=1,
            crowds=1,
            findings=1,
        )
        monkeypatch.setattr(crowds_shard, "ShardTransactions", lambda *_, **__: self)
        monkeypatch.setattr(crowds_shard, "committed_of", self._committed_of)
        monkeypatch.setattr(blocks, "ANNOUNCE_S", 0.0)

    async def _committed_of(self, *_: Any) -> Committed | None:
        return self.committed

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def commit(self, records: Sequence[OutRecord], offset: int, metadata: str) -> None:
        self.sent += records
        self.committed = Committed(offset, metadata)

    async def beginning_offsets(self, _: Any) -> Mapping[TopicPartition, int]:
        return {SOURCE: 0}

    async def end_offsets(self, _: Any) -> Mapping[TopicPartition, int]:
        return {SOURCE: len(self.log)}

    def seek(self, _: TopicPartition, offset: int) -> None:
        self.sought = offset

    async def owner(self) -> CrowdsShard:
        shard = CrowdsShard(self.kit, SOURCE)
        await shard.take_over(self)
        return shard

    def found(self) -> list[tuple[int, str, str]]:
        read = [decode_block(record.value or b"") for record in self.sent]
        return [(found.time, found.subject.id, found.rule) for block in read for found in block.findings]


async def lived_through(
    world: World, chance: Random, *, crashes: bool, keyrings: Sequence[Keyring] = ()
) -> list[tuple[int, str, str]]:
    """Judge all of it; whoever takes over after a crash has one of `keyrings`."""
    shard = await world.owner()
    while shard.position < len(world.log):
        shard.receive(world.log[shard.position : shard.position + chance.randrange(1, 4)])
        await shard.advance()
        await shard.commit()
        if crashes and chance.random() < 0.4:
            await shard.checkpoint(now=True)
        if crashes and chance.random() < 0.4:
            if keyrings:
                world.kit = replace(world.kit, keyring=chance.choice(keyrings))
            shard = await world.owner()
    return world.found()


@pytest.mark.parametrize("seed", range(12))
async def test_a_take_over_sends_nothing_twice_and_misses_nothing(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    blocks = log(cells(workshop), Random(seed))
    expected = await lived_through(World(workshop, monkeypatch, blocks), Random(seed), crashes=False)
    assert DEVICES <= len({subject for _, subject, _ in expected})
    assert expected == await lived_through(World(workshop, monkeypatch, blocks), Random(seed), crashes=True)


@pytest.mark.parametrize("seed", range(20))
async def test_keys_that_change_at_a_take_over_change_nothing_that_is_found(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    one, both = Keyring("a key for tests", "other"), Keyring("other", "a key for tests")
    blocks = log(cells(workshop), Random(seed))
    expected = await lived_through(World(workshop, monkeypatch, blocks), Random(seed), crashes=False)
    world = World(workshop, monkeypatch, blocks)
    assert expected == await lived_through(world, Random(seed), crashes=True, keyrings=[one, both])


async def test_what_redis_does_not_give_is_waited_for(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(workshop, monkeypatch, log(cells(workshop), Random(1)))
    shard, store = await world.owner(), world.kit.store
    shard.receive(world.log)

    async def away(*_: Any) -> Any:
        raise UnavailableError("Redis is away")

    with monkeypatch.context() as broken:
        broken.setattr(store, "load", away)
        with pytest.raises(UnavailableError):
            await shard.advance()
        await shard.commit()
        assert (True, True, []) == (shard.stuck, shard.full, world.sent)
    await shard.advance()
    await shard.commit()
    assert (False, len(world.log)) == (shard.stuck, world.committed and world.committed.offset)
    assert world.found()


async def test_a_frontier_that_only_some_partitions_heard_of_is_announced_to_the_others(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(workshop, monkeypatch, log(cells(workshop), Random(1)))
    world.kit = replace(world.kit, findings=32)
    shard = await world.owner()
    await shard.commit()
    with monkeypatch.context() as soon:
        soon.setattr(blocks, "ANNOUNCE_S", 1e12)
        shard.receive(world.log)
        await shard.advance()
        await shard.commit()
    assert set(range(32)) > {each.partition for each in world.sent[32:]}
    sent = len(world.sent)
    for _ in range(2):
        await shard.commit()
    frontiers = {decode_block(each.value or b"").frontier for each in world.sent[sent:]}
    assert (32, 1) == (len(world.sent) - sent, len(frontiers))


async def test_what_is_no_block_is_named_by_its_place(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = ConsumerRecord(*SOURCE, 0, 0, 1, None, b"{", None, 0, 0, ())
    shard = await World(workshop, monkeypatch, [bad]).owner()
    with pytest.raises(StateError, match="detector-crowds-0 holds at 0 what is no block of cells"):
        shard.receive([bad])

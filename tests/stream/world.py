"""A partition of session events and what outlives its owners: log, committed offset, rows. No servers."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from aiokafka import ConsumerRecord
from aiokafka.structs import TopicPartition
from prometheus_client import CollectorRegistry

from detector.cells import Cell, decode_cells
from detector.findings import Finding, decode_block
from detector.keyring import Keyring
from detector.metrics import Metrics
from detector.settings import Settings
from detector.stages.assemble import Workshop
from detector.stores.memory import MemoryStore
from detector.stream import accounts_shard, blocks
from detector.stream.accounts_shard import AccountsShard
from detector.stream.kit import Kit
from detector.stream.offsets import Committed
from detector.stream.transactions import OutRecord
from tests.support.events import Message

SOURCE = TopicPartition("session-events", 0)


class Logs:
    """Where the log begins and ends; and the consumer that is told where to read on."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self.sought = -1

    async def beginning_offsets(self, _: Any) -> Mapping[TopicPartition, int]:
        return {SOURCE: 0}

    async def end_offsets(self, _: Any) -> Mapping[TopicPartition, int]:
        return {SOURCE: len(self._world.log)}

    def seek(self, _: TopicPartition, offset: int) -> None:
        self.sought = offset


class Transactions:
    """Commits into the world."""

    world: "World"

    def __init__(self, *_: Any, **__: Any) -> None: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def commit(self, records: Sequence[OutRecord], offset: int, metadata: str) -> None:
        self.world.sent += records
        self.world.committed = Committed(offset, metadata)


class World:
    """`log` is what was produced, `sent` what was committed; each `owner` counts in `registry`."""

    def __init__(self, workshop: Workshop, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> None:
        self.log: list[ConsumerRecord] = []
        self.sent: list[OutRecord] = []
        self.committed: Committed | None = None
        self.logs = Logs(self)
        self.registry = CollectorRegistry()
        nothing: Any = None
        logs: Any = self.logs
        self.kit = Kit(
            settings=Settings(**settings),
            clients=nothing,
            admin=nothing,
            logs=logs,
            store=MemoryStore(),
            workshop=workshop,
            keyring=Keyring("a key for tests"),
            metrics=Metrics(self.registry),
            events=1,
            crowds=1,
            findings=1,
        )
        kind = type("Transactions", (Transactions,), {"world": self})
        monkeypatch.setattr(accounts_shard, "ShardTransactions", kind)
        monkeypatch.setattr(accounts_shard, "committed_of", self._committed_of)
        monkeypatch.setattr(blocks, "ANNOUNCE_S", 0.0)  # every step is committed at once

    async def _committed_of(self, *_: Any) -> Committed | None:
        return self.committed

    def produce(self, *messages: Message) -> None:
        for each in messages:
            offset = len(self.log)
            self.log.append(
                ConsumerRecord(*SOURCE, offset, each.timestamp, 1, None, each.value, None, 0, 0, ())
            )

    async def owner(self) -> AccountsShard:
        """Return a shard that took the partition over."""
        shard = AccountsShard(self.kit, SOURCE)
        await shard.take_over(self.logs)
        assert self.logs.sought == shard.position
        return shard

    async def run(self, shard: AccountsShard, *ends: int) -> None:
        """Let it read to each of these ends in turn, judge and commit; by default nothing more."""
        for end in ends or (shard.position,):
            if shard.position < end:
                shard.receive(self.log[shard.position : end])
            await shard.advance()
            await shard.commit()

    def count(self, name: str, **labels: str) -> float:
        return self.registry.get_sample_value(f"detector_{name}", labels) or 0.0

    def total(self, name: str) -> float:
        samples = (sample for family in self.registry.collect() for sample in family.samples)
        return sum(sample.value for sample in samples if sample.name == f"detector_{name}")

    def findings(self) -> list[Finding]:
        """Return all findings sent."""
        blocks = [
            decode_block(record.value or b"") for record in self.sent if record.topic.endswith("findings")
        ]
        return [finding for block in blocks for finding in block.findings]

    def found(self) -> list[str]:
        """Return the signals of all findings sent."""
        return [finding.signal for finding in self.findings()]

    def cells(self) -> list[Cell]:
        """Return all cells sent."""
        blocks = [
            decode_cells(record.value or b"") for record in self.sent if record.topic.endswith("crowds")
        ]
        return [cell for block in blocks for cell in block.cells]

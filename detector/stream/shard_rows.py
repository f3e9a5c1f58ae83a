"""The rows of one shard between memory and their store: claimed, loaded, stored at checkpoints, evicted."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from aiokafka.structs import TopicPartition

from detector.errors import StateError, UnavailableError
from detector.stages.rows import RowTable
from detector.stores import Claim, StoredRow, shard_name
from detector.stream.kit import Kit
from detector.stream.shard_uses import ShardUses

LEAST_S: Final = 0.2
"""Checkpoints are no nearer together, however much waits for one."""


class ShardRows:
    """Rows by kind of entity, each in its table; the stage's rows in memory are divided among `shards`."""

    def __init__(
        self,
        kit: Kit,
        tables: Mapping[str, RowTable[Any]],
        source: TopicPartition,
        *,
        stage: str,
        shards: int,
    ) -> None:
        self._kit = kit
        self._tables = tables
        self._shard = shard_name(stage, source.partition)
        self._most = kit.settings.rows_in_memory // (shards * len(tables))
        self._claim: Claim | None = None
        self._stored_at = 0.0

    async def claim(self) -> bytes | None:
        """Become the writer; return the payload of the last checkpoint. Raises `UnavailableError`."""
        self._claim, payload = await self._kit.store.claim(self._shard)
        return payload

    async def load(self, entity: str, keys: Sequence[str]) -> None:
        """Put rows into the table of their kind; a key never seen gets a new one.

        Raises `OwnershipLostError`, `UnavailableError`, and `StateError` for bytes of another version.
        """
        digests = [self._kit.pseudonyms.digest(key, entity) for key in keys]
        found = await self._kit.store.load(self._held, digests)
        for key, digest, stored in zip(keys, digests, found, strict=True):
            row, sealed = stored or (None, None)
            ledger = None if not sealed else self._kit.sealer.open(sealed, associated=digest)
            self._tables[entity].put(key, row, ledger)

    def due(self, *, pressing: bool) -> bool:
        """Return whether it is time for a checkpoint; `pressing`: something beside the rows waits for one."""
        waited_s = time.monotonic() - self._stored_at
        if waited_s >= self._kit.settings.checkpoint_interval_ms / 1000.0:
            return True
        return waited_s >= LEAST_S and (pressing or self._changed > self._most)

    async def store(self, payload: bytes, uses: ShardUses | None = None) -> bool:
        """Store the rows that changed with the checkpoint's payload, and let go of the coldest.

        What allow entries were used for is stored with them. False where Redis is away: it follows when it
        can; until then the rows stay here, up to `overfull`.
        """
        rows = dict(self._changes())
        self._stored_at = time.monotonic()
        try:
            with self._kit.metrics.checkpoint_seconds.time():
                tallies = {} if uses is None else await uses.tallies(self._held)
                await self._kit.store.checkpoint(self._held, payload, rows, tallies)
        except UnavailableError as error:
            self._kit.complaints.warn("no checkpoint", shard=self._shard, error=str(error))
            return False
        if uses is not None:
            uses.settle()
        for table in self._tables.values():
            table.settle()
            table.evict(self._most)
        return True

    def _changes(self) -> Iterator[tuple[bytes, StoredRow]]:
        for entity, table in self._tables.items():
            for key, row, ledger in table.changes():
                digest = self._kit.pseudonyms.digest(key, entity)
                sealed = None if ledger is None else self._kit.sealer.seal(ledger, associated=digest)
                yield digest, (row, sealed)

    @property
    def _changed(self) -> int:
        return max(table.changed for table in self._tables.values())

    @property
    def overfull(self) -> bool:
        """Whether so much waits for a checkpoint that nothing more may be read: Redis is away for long."""
        return self._changed > 2 * self._most

    @property
    def _held(self) -> Claim:
        if self._claim is None:
            raise StateError("a shard was used before it was taken over")
        return self._claim

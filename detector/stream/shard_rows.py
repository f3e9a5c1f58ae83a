"""The rows of one shard between memory and their store: claimed, loaded, stored at checkpoints, evicted."""

import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from aiokafka.structs import TopicPartition

from detector.clock import now_ms
from detector.errors import StateError, UnavailableError
from detector.keyring import LEDGER, ROW
from detector.logs import get_logger
from detector.moments import moment_text
from detector.stages.rows import RowTable
from detector.stores import REMOVED, Claim, StoredRow, shard_name
from detector.stream.kit import Kit
from detector.stream.retention import kept
from detector.stream.shard_uses import ShardUses
from detector.stream.stored_under import encode_stored, opened

log = get_logger(__name__)

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
        self._keys: dict[str, int] = {}
        """When each key was last written under, as `Stored` has it."""
        self._moved: list[bytes] = []
        """Names of the other key whose rows the next checkpoint writes under the first."""

    async def claim(self) -> bytes | None:
        """Become the writer; return the stage's last checkpoint.

        Raises `UnavailableError`, and `StateError` where rows lie under a key that this worker lacks.
        """
        self._claim, payload = await self._kit.store.claim(self._shard)
        if payload is None:
            return None
        keyring = self._kit.keyring
        stored = opened(payload, self._shard, keyring, now_ms=now_ms())
        self._keys = stored.keys
        if keyring.other is not None and keyring.other.fingerprint in self._keys:
            until = moment_text(self._keys[keyring.other.fingerprint] + stored.kept_ms)
            log.info("the other key is needed", shard=self._shard, until=until)
        return bytes(stored.checkpoint)

    async def load(self, entity: str, keys: Sequence[str]) -> None:
        """Put rows into the table of their kind; a key never seen gets a new one.

        Raises `OwnershipLostError`, `UnavailableError`, and `StateError` for bytes of another version.
        """
        keyring, table = self._kit.keyring, self._tables[entity]
        stored = await keyring.look_up(keys, entity, partial(self._kit.store.load, self._held))
        for key, found in zip(keys, stored, strict=True):
            if found is None:
                table.put(key, None, None)
                continue
            row, sealed = found.value
            ledger = found.key.open(LEDGER, found.name, sealed) if sealed else None
            table.put(key, found.key.open(ROW, found.name, row), ledger)
            if found.key is not keyring.first:
                table.store_again(key)
                self._moved.append(found.name)

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
        rows = dict(self._changes()) | dict.fromkeys(self._moved, REMOVED)
        self._stored_at = time.monotonic()
        keys = self._keys | {self._kit.keyring.first.fingerprint: now_ms()}
        stored = encode_stored(payload, keys, kept(self._kit.workshop.book).rows_ms)
        try:
            with self._kit.metrics.checkpoint_seconds.time():
                tallies = {} if uses is None else await uses.tallies(self._held)
                await self._kit.store.checkpoint(self._held, stored, rows, tallies)
        except UnavailableError as error:
            self._kit.complaints.warn("no checkpoint", shard=self._shard, error=str(error))
            return False
        self._kit.metrics.rows_rekeyed.inc(len(self._moved))
        self._moved.clear()
        if uses is not None:
            uses.settle()
        for table in self._tables.values():
            table.settle()
            table.evict(self._most)
        return True

    def _changes(self) -> Iterator[tuple[bytes, StoredRow]]:
        first = self._kit.keyring.first
        for entity, table in self._tables.items():
            for key, row, ledger in table.changes():
                name = first.name(key, entity)
                sealed = None if ledger is None else first.seal(LEDGER, name, ledger)
                yield name, (first.seal(ROW, name, row), sealed)

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

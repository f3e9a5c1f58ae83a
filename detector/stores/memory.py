"""Rows kept in the process: for replay, and for tests of what needs a store."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from detector.errors import OwnershipLostError
from detector.stores.base import NOTHING, Claim, StoredRow


@dataclass(slots=True)
class _Shard:
    """What is kept of one shard; `token` is its writer's."""

    token: str = ""
    payload: bytes | None = None
    rows: dict[bytes, StoredRow] = field(default_factory=dict)
    tallies: dict[bytes, bytes] = field(default_factory=dict)


class MemoryStore:
    """See `RowStore`. Several workers of one process may share it."""

    def __init__(self) -> None:
        self._shards: dict[str, _Shard] = {}

    async def claim(self, shard: str) -> tuple[Claim, bytes | None]:
        """See `RowStore.claim`."""
        kept = self._shards.setdefault(shard, _Shard())
        kept.token = secrets.token_hex(16)
        return Claim(shard, kept.token), kept.payload

    async def load(self, claim: Claim, keys: Sequence[bytes]) -> list[StoredRow | None]:
        """See `RowStore.load`."""
        rows = self._owned(claim).rows
        return [rows.get(key) for key in keys]

    async def tallies(self, claim: Claim, keys: Sequence[bytes]) -> list[bytes | None]:
        """See `RowStore.tallies`."""
        tallies = self._owned(claim).tallies
        return [tallies.get(key) for key in keys]

    async def checkpoint(
        self,
        claim: Claim,
        payload: bytes,
        rows: Mapping[bytes, StoredRow],
        tallies: Mapping[bytes, bytes] = NOTHING,
    ) -> None:
        """See `RowStore.checkpoint`."""
        kept = self._owned(claim)
        for key, (row, ledger) in rows.items():
            if row:
                kept.rows[key] = (row, ledger or kept.rows.get(key, (row, None))[1])
            else:
                kept.rows.pop(key, None)
        for key, tally in tallies.items():
            if tally:
                kept.tallies[key] = tally
            else:
                kept.tallies.pop(key, None)
        kept.payload = payload

    async def read(self, shard: str, keys: Sequence[bytes]) -> list[StoredRow | None]:
        """See `RowStore.read`."""
        rows = self._shards.get(shard, _Shard()).rows
        return [rows.get(key) for key in keys]

    async def read_tallies(self, shard: str, keys: Sequence[bytes]) -> list[bytes | None]:
        """See `RowStore.read_tallies`."""
        tallies = self._shards.get(shard, _Shard()).tallies
        return [tallies.get(key) for key in keys]

    async def read_payload(self, shard: str) -> bytes | None:
        """See `RowStore.read_payload`."""
        return self._shards.get(shard, _Shard()).payload

    async def close(self) -> None:
        """See `RowStore.close`."""

    def _owned(self, claim: Claim) -> _Shard:
        kept = self._shards.get(claim.shard)
        if kept is None or kept.token != claim.token:
            raise OwnershipLostError(
                f"shard {claim.shard} was claimed by another worker: drop its rows and take it over again"
            )
        return kept

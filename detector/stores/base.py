"""What a store of rows promises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

StoredRow = tuple[bytes, bytes | None]
"""An entity's row, and its ledger where it has one."""
REMOVED: StoredRow = (b"", None)
"""What a checkpoint writes to remove a row and its ledger."""
NOTHING: Final[Mapping[bytes, bytes]] = {}


def shard_name(stage: str, partition: int) -> str:
    """Name the shard of one stage and partition, e.g. `accounts-07`."""
    return f"{stage}-{partition:02d}"


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to write one shard, until somebody else claims it.

    `token` is random: nobody writes by mistake with a claim that was taken away.
    """

    shard: str
    token: str


@dataclass(frozen=True, slots=True)
class Kept:
    """How long a store keeps what is not written again, ms of the wall clock."""

    rows_ms: int = 71 * 24 * 3_600_000
    """Of rows with their ledgers, and checkpoints."""
    tallies_ms: int = 366 * 24 * 3_600_000


class RowStore(Protocol):
    """Rows and checkpoints of many shards, one writer per shard.

    Keys are keyed digests of 16 bytes; a row, a ledger and a payload are bytes that the store does not read.
    A method that takes a claim raises `OwnershipLostError` where it is not the shard's newest, or the store
    does not hold what this claim wrote last (wiped, or failed over to an older copy); each raises
    `UnavailableError` where it cannot tell: an error is never "nothing seen".
    """

    async def claim(self, shard: str) -> tuple[Claim, bytes | None]:
        """Become the shard's writer; the payload of its last checkpoint, None where there is none."""
        ...

    async def load(self, claim: Claim, keys: Sequence[bytes]) -> list[StoredRow | None]:
        """Read rows in the order of `keys`, None for a key never written."""
        ...

    async def tallies(self, claim: Claim, keys: Sequence[bytes]) -> list[bytes | None]:
        """Read tallies in the order of `keys`, None for a key never written."""
        ...

    async def checkpoint(
        self,
        claim: Claim,
        payload: bytes,
        rows: Mapping[bytes, StoredRow],
        tallies: Mapping[bytes, bytes] = NOTHING,
    ) -> None:
        """Write all rows, the tallies and the payload in one step, or nothing.

        A tally has a time to live of its own, for it counts what may be used seldom; empty bytes remove it. A
        ledger of None (or empty) leaves the stored one as it is; `REMOVED` takes both away. After
        `UnavailableError` it may be written or not; the next one must hold these rows too, and is then
        accepted either way.
        """
        ...

    async def read(self, shard: str, keys: Sequence[bytes]) -> list[StoredRow | None]:
        """Read rows as of the last checkpoint, without a claim: for people, never for a writer."""
        ...

    async def read_tallies(self, shard: str, keys: Sequence[bytes]) -> list[bytes | None]:
        """Read tallies as of the last checkpoint, without a claim, as `read` does."""
        ...

    async def read_payload(self, shard: str) -> bytes | None:
        """Read the payload of the last checkpoint, without a claim, as `read` does."""
        ...

    async def close(self) -> None:
        """Let go of connections; the rows stay."""
        ...

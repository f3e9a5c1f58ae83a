"""Rows kept in Redis: what the live workers write, and take over from one another.

Keys, of one group and shard; all of a shard lie in one slot of a cluster, because of the braces:

| key | what |
| --- | --- |
| `detector:{accounts-07}:checkpoint` | hash: the writer's `token`, `sequence` number, `payload` |
| `detector:{accounts-07}:row:<hex>` | an entity's row; `<hex>` is its keyed digest |
| `detector:{accounts-07}:ledger:<hex>` | its ledger |
| `detector:{accounts-07}:tally:<hex>` | what is counted of an entity for long: uses of its allow entries |

Every key has a time to live, renewed when it is written, which only collects garbage; a tally has its own. A
checkpoint's is that of the row that is kept longest: rows without one would be folded into twice.
"""

import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any, cast

from redis.exceptions import MovedError, RedisError, ResponseError

from detector.errors import OwnershipLostError, UnavailableError, UsageError
from detector.logs import get_logger
from detector.stores.base import NOTHING, Claim, Kept, StoredRow
from detector.stores.eviction import evicting, warning
from detector.stores.redis_client import connect, disconnect, parse_address

if TYPE_CHECKING:
    from detector.stores.redis_client import RedisClient

log = get_logger(__name__)


@dataclass(slots=True)
class _Held:
    """What this worker knows of a shard that it writes.

    The sequence number in Redis is at least `oldest` and at most `newest`; they differ while it is not known
    whether a checkpoint was written.
    """

    token: str
    oldest: int
    newest: int


class RedisStore:
    """See `RowStore`.

    `group` is the first part of every key; `kept` is asked at every write how long what is written is kept.
    """

    def __init__(
        self, client: "RedisClient", where: str, *, group: str, kept: Callable[[], Kept] = Kept
    ) -> None:
        if not group or set(group) & set("{}"):
            raise UsageError(f"the group {group!r} cannot name keys in Redis: use a name without braces")
        self._client = client
        self._where = where
        self._group = group
        self._kept = kept
        self._held: dict[str, _Held] = {}
        self._asked = False
        self._claim = self._script("claim")
        self._load = self._script("load")
        self._checkpoint = self._script("checkpoint")

    @classmethod
    def from_url(cls, url: str, *, group: str, kept: Callable[[], Kept] = Kept) -> "RedisStore":
        """Make a store on a URL in one of the forms of `redis_client`."""
        address = parse_address(url)
        return cls(connect(address), str(address), group=group, kept=kept)

    async def claim(self, shard: str) -> tuple[Claim, bytes | None]:
        """See `RowStore.claim`."""
        token = secrets.token_hex(16)
        async with self._reporting(f"claiming shard {shard}"):
            sequence, payload = await self._claim(
                keys=[self._key(shard, "checkpoint")], args=[token, self._kept().rows_ms]
            )
        self._held[shard] = _Held(token, int(sequence), int(sequence))
        await self._warn_once()
        return Claim(shard, token), payload

    async def _warn_once(self) -> None:
        """Warn, once, where Redis may evict rows; where it does not tell, that is no reason to stop."""
        if self._asked:
            return
        self._asked = True  # shards are claimed side by side
        try:
            policies = await evicting(self._client)
        except ResponseError as error:
            log.debug("Redis does not tell whether it evicts keys", where=self._where, error=str(error))
        except (RedisError, OSError, TimeoutError) as error:
            self._asked = False
            log.debug("Redis could not be asked whether it evicts keys", where=self._where, error=str(error))
        else:
            if policies:
                log.warning(warning(self._where, policies))

    async def load(self, claim: Claim, keys: Sequence[bytes]) -> list[StoredRow | None]:
        """See `RowStore.load`."""
        return _pairs(await self._loaded(claim, self._names(claim.shard, keys), f"{len(keys)} rows"))

    async def tallies(self, claim: Claim, keys: Sequence[bytes]) -> list[bytes | None]:
        """See `RowStore.tallies`."""
        return await self._loaded(claim, self._tally_names(claim.shard, keys), f"{len(keys)} tallies")

    async def _loaded(self, claim: Claim, names: Sequence[str], what: str) -> list[bytes | None]:
        held = self._owned(claim)
        oldest = held.oldest  # as it was when asked: a checkpoint may end while this waits
        async with self._reporting(f"reading {what} of shard {claim.shard}"):
            found = await self._load(keys=[self._key(claim.shard, "checkpoint"), *names], args=[claim.token])
        if found is None or not oldest <= int(found[0]) <= held.newest:
            raise self._lost(claim)
        values: list[bytes | None] = found[1:]
        return values

    async def checkpoint(
        self,
        claim: Claim,
        payload: bytes,
        rows: Mapping[bytes, StoredRow],
        tallies: Mapping[bytes, bytes] = NOTHING,
    ) -> None:
        """See `RowStore.checkpoint`."""
        held = self._owned(claim)
        shard, sequence = claim.shard, held.newest + 1
        names = [
            self._key(shard, "checkpoint"),
            *self._names(shard, rows),
            *self._tally_names(shard, tallies),
        ]
        args: list[Any] = [claim.token, held.oldest, held.newest, sequence, payload]
        kept = self._kept()
        args += [kept.rows_ms, kept.tallies_ms, len(rows)]
        for row, ledger in rows.values():
            args.append(row)
            args.append(ledger or b"")
        args += tallies.values()
        held.newest = sequence
        async with self._reporting(f"writing {len(rows)} rows of shard {claim.shard}"):
            written = await self._checkpoint(keys=names, args=args)
        if not written:
            raise self._lost(claim)
        held.oldest = sequence

    async def read(self, shard: str, keys: Sequence[bytes]) -> list[StoredRow | None]:
        """See `RowStore.read`."""
        async with self._reporting(f"reading {len(keys)} rows of shard {shard}"):
            found = await self._client.mget(self._names(shard, keys))
        return _pairs(cast("list[bytes | None]", found))

    async def read_tallies(self, shard: str, keys: Sequence[bytes]) -> list[bytes | None]:
        """See `RowStore.read_tallies`."""
        if not keys:
            return []
        async with self._reporting(f"reading tallies of shard {shard}"):
            found = await self._client.mget(self._tally_names(shard, keys))
        return cast("list[bytes | None]", found)

    async def read_payload(self, shard: str) -> bytes | None:
        """See `RowStore.read_payload`."""
        async with self._reporting(f"reading the checkpoint of shard {shard}"):
            found = await self._client.hget(self._key(shard, "checkpoint"), "payload")
        return cast("bytes | None", found)

    async def close(self) -> None:
        """See `RowStore.close`."""
        await disconnect(self._client)

    def _key(self, shard: str, rest: str) -> str:
        return f"{self._group}:{{{shard}}}:{rest}"

    def _names(self, shard: str, keys: Iterable[bytes]) -> list[str]:
        """Name each key's row, then its ledger."""
        row, ledger = self._key(shard, "row:"), self._key(shard, "ledger:")
        return [name + key.hex() for key in keys for name in (row, ledger)]

    def _tally_names(self, shard: str, keys: Iterable[bytes]) -> list[str]:
        tally = self._key(shard, "tally:")
        return [tally + key.hex() for key in keys]

    def _script(self, name: str) -> Any:  # noqa: ANN401  # redis-py has one class for each kind of client
        text = resources.files("detector.stores").joinpath("lua", f"{name}.lua").read_text()
        return self._client.register_script(text)

    def _owned(self, claim: Claim) -> _Held:
        held = self._held.get(claim.shard)
        if held is None or held.token != claim.token:
            raise self._lost(claim)
        return held

    def _lost(self, claim: Claim) -> OwnershipLostError:
        return OwnershipLostError(
            f"shard {claim.shard} at Redis {self._where} is not as this worker left it: another worker"
            " claimed it, or Redis was wiped or failed over to an older copy; drop it, take it over again"
        )

    @asynccontextmanager
    async def _reporting(self, doing: str) -> AsyncIterator[None]:
        try:
            yield
        except MovedError as error:
            raise UnavailableError(
                f"{doing}: Redis {self._where} is a cluster; write its URL as redis+cluster://…"
            ) from error
        except (RedisError, OSError, TimeoutError) as error:
            raise UnavailableError(
                f"{doing}: Redis {self._where} does not do it ({type(error).__name__}: {error}); nothing is"
                " read or written until it does"
            ) from error


def _pairs(values: Sequence[bytes | None]) -> list[StoredRow | None]:
    """Join rows with the ledgers that follow them; no row is None, whatever ledger is left."""
    return [
        None if row is None else (row, ledger) for row, ledger in zip(values[::2], values[1::2], strict=True)
    ]

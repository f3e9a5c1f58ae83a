"""How uses of allow entries lie in a store: one tally for each owner and shard, under keyed hashes."""

from collections.abc import Collection
from typing import Final

import msgspec

from detector.errors import StateError
from detector.policy.uses import Use, added
from detector.privacy import Pseudonymizer
from detector.stores import RowStore, shard_name

VERSION: Final = 1
AT_ONCE: Final = 1_000
"""Tallies that are asked for in one call."""


class _Tally(msgspec.Struct, array_like=True):
    """The uses of one owner's entries in one shard, by the keyed hash of each entry's name."""

    version: int
    uses: dict[int, Use]


def digest_of(pseudonyms: Pseudonymizer, owner: str) -> bytes:
    """Return the key of an owner's tally; one key is all that is kept of whose it is."""
    return pseudonyms.digest(owner, "allow")


def key_of(pseudonyms: Pseudonymizer, owner: str, name: str) -> int:
    """Return the key of an entry in its owner's tally."""
    return pseudonyms.hash64(f"{owner} {name}", "allow entry")


def encode_tally(uses: dict[int, Use]) -> bytes:
    """Return a tally as MessagePack."""
    return msgspec.msgpack.encode(_Tally(VERSION, uses))


def decode_tally(data: bytes | None) -> dict[int, Use]:
    """Return what a tally holds, nothing where there is none; raises `StateError` for another version."""
    if data is None:
        return {}
    try:
        tally = msgspec.msgpack.decode(data, type=_Tally)
    except msgspec.MsgspecError as error:
        raise StateError(
            f"a tally of allow entries cannot be read ({error}): remove it from Redis"
        ) from error
    if tally.version != VERSION:
        raise StateError(
            f"a tally of allow entries of version {tally.version} was found, this is version {VERSION}: run"
            " the release that wrote it, or remove it from Redis"
        )
    return tally.uses


async def read_uses(
    store: RowStore, pseudonyms: Pseudonymizer, owners: Collection[str], partitions: int
) -> dict[tuple[str, int], Use]:
    """Return what all shards counted of these owners' entries, by owner and `key_of` the entry.

    `partitions`: of the events' topic. Raises `UnavailableError` and `StateError`.
    """
    names, found = sorted(set(owners)), dict[tuple[str, int], Use]()
    for start in range(0, len(names), AT_ONCE):
        part = names[start : start + AT_ONCE]
        keys = [digest_of(pseudonyms, owner) for owner in part]
        shards = [
            await store.read_tallies(shard_name("accounts", partition), keys)
            for partition in range(partitions)
        ]
        for owner, stored in zip(part, zip(*shards, strict=True), strict=True):
            uses = added(map(decode_tally, stored))
            found |= {(owner, key): use for key, use in uses.items()}
    return found

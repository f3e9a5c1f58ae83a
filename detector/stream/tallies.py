"""How uses of allow entries lie in a store: one sealed tally for each owner and shard, under a keyed hash."""

from collections.abc import Collection
from functools import partial
from typing import Final

import msgspec

from detector.errors import StateError
from detector.keyring import TALLY, Found, Key, Keyring
from detector.policy.uses import Use, added
from detector.stores import RowStore, shard_name

VERSION: Final = 2
KIND: Final = "allow"
"""What the name of a tally is made for: a tally is never taken for a row of the same account."""
AT_ONCE: Final = 1_000
"""Tallies that are asked for in one call."""


class _Tally(msgspec.Struct, array_like=True):
    """The uses of one owner's entries in one shard, by each entry's name."""

    version: int
    uses: dict[str, Use]


def sealed_tally(key: Key, owner: str, uses: dict[str, Use]) -> tuple[bytes, bytes]:
    """Return under which name an owner's tally is to lie, and the tally."""
    name = key.name(owner, KIND)
    return name, key.seal(TALLY, name, msgspec.msgpack.encode(_Tally(VERSION, uses)))


def opened_tally(found: Found[bytes] | None) -> dict[str, Use]:
    """Return what a tally holds, nothing where there is none; raises `StateError` for another version."""
    if found is None:
        return {}
    try:
        tally = msgspec.msgpack.decode(found.key.open(TALLY, found.name, found.value), type=_Tally)
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
    store: RowStore, keyring: Keyring, owners: Collection[str], partitions: int
) -> dict[tuple[str, str], Use]:
    """Return what all shards counted of these owners' entries, by owner and the entry's name.

    `partitions`: of the events' topic. Raises `UnavailableError` and `StateError`.
    """
    names, found = sorted(set(owners)), dict[tuple[str, str], Use]()
    for start in range(0, len(names), AT_ONCE):
        part = names[start : start + AT_ONCE]
        shards = [
            await keyring.look_up(part, KIND, partial(store.read_tallies, shard_name("accounts", partition)))
            for partition in range(partitions)
        ]
        for owner, stored in zip(part, zip(*shards, strict=True), strict=True):
            uses = added(map(opened_tally, stored))
            found |= {(owner, name): use for name, use in uses.items()}
    return found

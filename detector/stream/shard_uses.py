"""What allow entries were used for in one shard, from what it judged to what Redis keeps.

Tallies are stored with a checkpoint, in one step with it, so a take-over that folds again counts again only
what was not stored. A shard has one writer, so a tally that was read once is kept here, and only written.

A tally is kept for long after its last use, a year if the policy says nothing else: longer than anybody gives
two keys. So where there are two, the first checkpoint writes all tallies under the first, used or not.
"""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Final

from detector.policy.uses import Use, Uses
from detector.stores import Claim
from detector.stream.kit import Kit
from detector.stream.tallies import AT_ONCE, KIND, opened_tally, sealed_tally

MOST_OWNERS: Final = 10_000
"""Whose tallies are kept in memory; beyond, they are read again when they are needed."""
_ADDRESS: Final = "ip"
"""The kind of entry that is a place itself."""


class ShardUses:
    """Takes what the stage notes in `noted`; `tallies`, then `settle` once they are stored."""

    def __init__(self, kit: Kit, noted: Uses) -> None:
        self._kit = kit
        self._noted = noted
        self._known: dict[str, dict[str, Use]] = {}
        self._changed: set[str] = set()
        self._all_moved = kit.keyring.other is None
        self._moved: list[bytes] = []
        """Names of the other key whose tallies the next checkpoint writes under the first."""
        self._hits: Counter[str] = Counter()
        self._new_places: Counter[str] = Counter()

    async def tallies(self, claim: Claim) -> dict[bytes, bytes]:
        """Return what is to be stored, by key: tallies that changed, and those that a failed checkpoint had.

        Raises as `RowStore.tallies` does, and `StateError` for bytes of another version.
        """
        if not self._all_moved:
            allowing = sorted(self._kit.workshop.entitlements.allowing)
            for start in range(0, len(allowing), AT_ONCE):
                await self._read(claim, allowing[start : start + AT_ONCE])
            self._all_moved = True
        await self._read(claim, list(self._noted))
        self._take()
        first = self._kit.keyring.first
        changed = dict(sealed_tally(first, owner, self._known[owner]) for owner in sorted(self._changed))
        return changed | dict.fromkeys(self._moved, b"")

    def settle(self) -> None:
        """Note that all of it is stored, and count it."""
        metrics = self._kit.metrics
        for kind, count in self._hits.items():
            metrics.allow_hits.labels(kind).inc(count)
        for kind, count in self._new_places.items():
            metrics.allow_new_places.labels(kind).inc(count)
        self._hits.clear()
        self._new_places.clear()
        self._changed.clear()
        self._moved.clear()
        if len(self._known) > MOST_OWNERS:
            self._known.clear()

    async def _read(self, claim: Claim, owners: Sequence[str]) -> None:
        """Know the tallies of these owners; note those that lie under the other key."""
        unknown = [owner for owner in owners if owner not in self._known]
        if not unknown:
            return
        keyring = self._kit.keyring
        stored = await keyring.look_up(unknown, KIND, partial(self._kit.store.tallies, claim))
        for owner, found in zip(unknown, stored, strict=True):
            self._known[owner] = opened_tally(found)
            if found is not None and found.key is not keyring.first:
                self._changed.add(owner)
                self._moved.append(found.name)

    def _take(self) -> None:
        for owner, uses in self._noted.items():
            known = self._known[owner]
            for name, use in uses.items():
                kind = name.partition(" ")[0]
                before = known.get(name)
                after = known[name] = use if before is None else before + use
                self._hits[kind] += use.hits
                if kind != _ADDRESS:
                    self._new_places[kind] += len(after.new_places(before))
            self._changed.add(owner)
        self._noted.clear()

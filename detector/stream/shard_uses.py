"""What allow entries were used for in one shard, from what it judged to what Redis keeps.

Tallies are stored with a checkpoint, in one step with it, so a take-over that folds again counts again only
what was not stored. A shard has one writer, so a tally that was read once is kept here, and only written.
"""

from collections import Counter
from typing import Final

from detector.policy.uses import Use, Uses
from detector.stores import Claim
from detector.stream.kit import Kit
from detector.stream.tallies import decode_tally, digest_of, encode_tally, key_of

MOST_OWNERS: Final = 10_000
"""Whose tallies are kept in memory; beyond, they are read again when they are needed."""
_ADDRESS: Final = "ip"
"""The kind of entry that is a place itself."""


class ShardUses:
    """Takes what the stage notes in `noted`; `tallies`, then `settle` once they are stored."""

    def __init__(self, kit: Kit, noted: Uses) -> None:
        self._kit = kit
        self._noted = noted
        self._known: dict[str, dict[int, Use]] = {}
        self._changed: set[str] = set()
        self._hits: Counter[str] = Counter()
        self._new_places: Counter[str] = Counter()

    async def tallies(self, claim: Claim) -> dict[bytes, bytes]:
        """Return what is to be stored, by key: tallies that changed, and those that a failed checkpoint had.

        Raises as `RowStore.tallies` does, and `StateError` for bytes of another version.
        """
        owners = [owner for owner in self._noted if owner not in self._known]
        if owners:
            keys = [digest_of(self._kit.pseudonyms, owner) for owner in owners]
            found = await self._kit.store.tallies(claim, keys)
            self._known |= {owner: decode_tally(data) for owner, data in zip(owners, found, strict=True)}
        self._take()
        return {
            digest_of(self._kit.pseudonyms, owner): encode_tally(self._known[owner])
            for owner in sorted(self._changed)
        }

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
        if len(self._known) > MOST_OWNERS:
            self._known.clear()

    def _take(self) -> None:
        for owner, uses in self._noted.items():
            known = self._known[owner]
            for name, use in uses.items():
                key, kind = key_of(self._kit.pseudonyms, owner, name), name.partition(" ")[0]
                before = known.get(key)
                after = known[key] = use if before is None else before + use
                self._hits[kind] += use.hits
                if kind != _ADDRESS:
                    self._new_places[kind] += len(after.new_places(before))
            self._changed.add(owner)
        self._noted.clear()

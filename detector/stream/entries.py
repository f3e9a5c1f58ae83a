"""Allow entries with what they were used for: which expire unused, and which are used from somewhere new."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from detector.keyring import Keyring
from detector.moments import instant_ms
from detector.policy.entitlements import Allow
from detector.policy.uses import Use
from detector.stores import RowStore
from detector.stream.tallies import read_uses

SOON_MS: Final = 7 * 24 * 3_600_000
"""An entry expires soon in its last week, and a place is new for its first one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An allow entry, whose it is, and what it was used for; `use` is None where it never was."""

    owner: str
    allow: Allow
    use: Use | None

    def expires_unused(self, now: int) -> bool:
        """Return whether it expires soon, seen from a moment, Unix ms, and was never used."""
        return self.use is None and expires_soon(self.allow, now)

    def new_places(self, now: int) -> list[int]:
        """Return the places that are new at a moment, Unix ms, the newest last; of an address none."""
        use = self.use
        if use is None or self.allow.kind == "ip":
            return []
        recent = [place for place in use.new_places() if use.places[place][0] > now - SOON_MS]
        return sorted(recent, key=lambda place: use.places[place])


def expires_soon(allow: Allow, now: int) -> bool:
    """Return whether an entry expires within a week of a moment, Unix ms."""
    return allow.expires is not None and instant_ms(allow.expires) - now <= SOON_MS


async def with_uses(
    entries: Iterable[tuple[str, Allow]], store: RowStore, keyring: Keyring, partitions: int
) -> list[Entry]:
    """Return entries with what all shards counted of them; `partitions`: of the events' topic.

    Raises `UnavailableError` and `StateError`.
    """
    listed = list(entries)
    uses = await read_uses(store, keyring, {owner for owner, _ in listed}, partitions)
    return [Entry(owner, allow, uses.get((owner, allow.name))) for owner, allow in listed]

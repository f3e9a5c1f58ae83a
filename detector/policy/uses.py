"""What allow entries were used for: how often, when, from how many networks, and from where.

A use is an event that an entry matched. Tallies of two parts of the events add up to that of both, in any
order, so each shard keeps its own of what it judges, and whoever wants to know adds them up. Hits and times
are exact; networks are counted up to `MOST_NETWORKS`, and the `MOST_PLACES` places used last are remembered.

A **place** is a provider (ASN) in a region: a line's changing addresses are one place. A mobile carrier, a
relay and a satellite are none, for their addresses say little of where somebody is; nor is an address of no
known provider.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

import msgspec

MOST_NETWORKS: Final = 64
MOST_PLACES: Final = 16
SETTLED_MS: Final = 7 * 24 * 3_600_000
"""So long after its first use an entry's places are what it is for; a place is new from then on."""

Span: TypeAlias = tuple[int, int]
"""The first and the last moment, Unix ms."""


class Use(msgspec.Struct, array_like=True):
    """What one entry was used for; moments are event time, Unix ms.

    `networks` has hashes of a /24 or a /64; `places` by `place_of`, with when each was used.
    """

    hits: int
    first_ms: int
    last_ms: int
    networks: set[int]
    places: dict[int, Span]

    def __add__(self, other: "Use") -> "Use":
        """Return what both say together."""
        return Use(
            self.hits + other.hits,
            min(self.first_ms, other.first_ms),
            max(self.last_ms, other.last_ms),
            set(sorted(self.networks | other.networks)[:MOST_NETWORKS]),
            _latest({place: _joined(place, (self, other)) for place in {**self.places, **other.places}}),
        )

    def new_places(self, before: "Use | None" = None) -> list[int]:
        """Return the places, not among those before, first used `SETTLED_MS` after the entry was or later."""
        known = {} if before is None else before.places
        return [
            place
            for place, (first_ms, _) in self.places.items()
            if place not in known and first_ms >= self.first_ms + SETTLED_MS
        ]


Uses: TypeAlias = dict[str, dict[str, Use]]
"""Tallies by whose entry it is, an account or `org:` and an organisation, and by the entry's name."""


def place_of(asn: int, region: int) -> int:
    """Return what names a provider in a region."""
    return asn << 32 | region


def provider_of(place: int) -> int:
    """Return the ASN of a place."""
    return place >> 32


def note(uses: Uses, owner: str, name: str, time_ms: int, network: int, place: int | None) -> None:
    """Note one use; `place` is None where it says nothing."""
    places = {} if place is None else {place: (time_ms, time_ms)}
    one = Use(1, time_ms, time_ms, {network}, places)
    of_owner = uses.setdefault(owner, {})
    known = of_owner.get(name)
    if known is None:
        of_owner[name] = one
    elif network in known.networks and (place is None or place in known.places):
        known.hits += 1
        known.first_ms, known.last_ms = min(known.first_ms, time_ms), max(known.last_ms, time_ms)
        if place is not None:
            known.places[place] = _joined(place, (known, one))
    else:
        of_owner[name] = known + one


def added(tallies: Iterable[Mapping[str, Use]]) -> dict[str, Use]:
    """Return what several shards' tallies of one owner say together."""
    together: dict[str, Use] = {}
    for tally in tallies:
        for name, use in tally.items():
            together[name] = together[name] + use if name in together else use
    return together


def _joined(place: int, uses: Iterable[Use]) -> Span:
    spans: Iterator[Span] = (use.places[place] for use in uses if place in use.places)
    firsts, lasts = zip(*spans, strict=True)
    return min(firsts), max(lasts)


def _latest(places: dict[int, Span]) -> dict[int, Span]:
    if len(places) <= MOST_PLACES:
        return places
    newest = sorted(places.items(), key=lambda each: (-each[1][1], each[0]))
    return dict(newest[:MOST_PLACES])

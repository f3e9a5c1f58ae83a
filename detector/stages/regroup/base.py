"""What a family says of how its cells are made, and the keys and hashes that all of them use."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from detector.cells import CrowdKey
from detector.enrich import prefix_of
from detector.events import SessionEvent

One: TypeAlias = Any
"""One record of a structured array."""
Facts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Seen:
    """One event that a family chose, with its record of EVENT and its record of FEATURES."""

    event: SessionEvent
    column: One
    features: One


class Hashes(Protocol):
    """Hashes of texts, 64 bits; 0 for None."""

    def of(self, text: str | None) -> int:
        """Return the hash of a text."""
        ...


class Regrouped(Protocol):
    """How one family makes cells."""

    def chosen(self, events: NDArray[np.void], features: NDArray[np.void]) -> NDArray[np.bool_]:
        """Return which events concern the family, shape (n,), from EVENT and FEATURES of the same shape."""
        ...

    def keys(self, seen: Seen) -> Iterable[CrowdKey]:
        """Return the crowds that one event concerns."""
        ...

    def facts(self, seen: Seen, hashes: Hashes) -> Facts:
        """Return what the event says to each of them, by the names of the family's facts; absent is 0."""
        ...


def places_of(family: str, ip: str) -> Iterator[CrowdKey]:
    """Yield the keys of an address and of its /24; an IPv6 address is known by its /64."""
    if ":" in ip:
        yield CrowdKey(family, "address", prefix_of(ip))
        return
    yield CrowdKey(family, "address", ip)
    yield CrowdKey(family, "prefix", prefix_of(ip))


def client_id(event: SessionEvent) -> str:
    """Return 16 hex digits of a client's name, agent and TLS fingerprint, without a key: alerts show them."""
    said = f"{event.client}\n{event.user_agent}\n{event.tls_fingerprint}"
    return blake2b(said.encode(errors="replace"), digest_size=8).hexdigest()

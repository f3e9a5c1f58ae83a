"""The X-Forwarded-For chain of a run: what honest proxies write, and what forgers send along."""

import ipaddress
from dataclasses import dataclass
from random import Random
from typing import Protocol

from detector.simulate.world.visits import Recorder, Script, Visit

PRIVATE = ("10.{}.{}.{}", "192.168.{1}.{2}", "172.16.{1}.{2}")
# Names that the edge itself would write; a forger hopes to be taken for something inside.
INSIDE = ("127.0.0.1", "::1", "10.0.0.1", "192.168.1.1", "172.17.0.1")


class Chain(Protocol):
    """How the chain of a request comes about."""

    def of(self, rng: Random, number: int) -> list[str]:
        """Return the chain of the run's request number `number`."""
        ...


@dataclass(frozen=True, slots=True)
class Honest:
    """A firm's proxy writes whom it forwards for: one desk's address, the same all day."""

    desk: str

    def of(self, _rng: Random, _number: int) -> list[str]:
        """See `Chain.of`."""
        return [self.desk]


@dataclass(frozen=True, slots=True)
class Forged:
    """A program sends a chain along that was made up, another one after every `kept` requests.

    `inside`: share of chains that claim loopback or a private address; the rest claim anybody's. A chain of
    `length` looks as if several proxies had written it.
    """

    seed: str
    kept: int = 1
    inside: float = 0.3
    length: int = 1

    def of(self, _rng: Random, number: int) -> list[str]:
        """See `Chain.of`."""
        own = Random(f"{self.seed}/{number // self.kept}")
        first = own.choice(INSIDE) if own.random() < self.inside else anybody(own)
        return [first, *(private(own) for _ in range(self.length - 1))]


@dataclass(frozen=True, slots=True)
class Forwarded:
    """Whatever `script` does, with the chain on each of its events in the order of time."""

    script: Script
    chain: Chain

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        self.script.unroll(visit, record, rng)
        own = Random(visit.seed)
        for number, (_, _, event) in enumerate(sorted(record.dated, key=lambda dated: dated[:2])):
            event["forwarded_for"] = self.chain.of(own, number)


def private(rng: Random) -> str:
    """Draw an address of a private network."""
    parts = [rng.randrange(1, 255) for _ in range(3)]
    return rng.choice(PRIVATE).format(*parts)


def anybody(rng: Random) -> str:
    """Draw an address of somewhere in the world."""
    while True:
        address = ipaddress.IPv4Address(rng.randrange(1 << 24, 223 << 24))
        if address.is_global:
            return str(address)

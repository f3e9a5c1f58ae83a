"""Access lines: what address somebody has, there and then.

A home line keeps its address for days and then gets another one of the carrier's pool; an office and a cloud
machine keep theirs; a carrier's gateway or a chain of proxies gives another one for every visit. `access`
makes the kinds that a whole population has.
"""

import ipaddress
from dataclasses import dataclass
from random import Random

from detector.simulate.world.places import CITY, City
from detector.simulate.world.pools import Block, Pools

FOREVER_DAYS = 1_000_000
POOL_BITS = 22
STRAY_SHARE = 0.25  # of lines, with half of their pool where the database believes another city
IPV6_LINES, IPV6_VISITS = 0.8, 0.6
CARRIER_WEIGHTS = {"telecom": 45, "unicom": 35, "mobile": 20}


@dataclass(frozen=True, slots=True)
class Line:
    """One line in `city`: addresses out of `blocks`, kept for `lease_days` (0: another for every visit).

    With IPv6 (`blocks6`) a share `visits6` of the visits uses it. `phase_days` keeps lines from changing
    their addresses all at once.
    """

    city: City
    seed: str
    blocks: tuple[Block, ...]
    lease_days: float
    blocks6: tuple[Block, ...] = ()
    visits6: float = IPV6_VISITS
    phase_days: float = 0.0
    private_days: float = 0.0

    def address(self, day: float, rng: Random, interface: str = "") -> str:
        """Return the address of a visit `day` days after the history's first midnight; `rng` is the visit's.

        `interface` names the device, whose half of an IPv6 address lasts `private_days` (0: one visit).
        """
        leased = self.lease_days > 0
        lease = Random(f"{self.seed}/lease/{self._term(day, self.lease_days)}") if leased else rng
        address = _host(lease.choice(self.blocks), lease)
        if not self.blocks6 or rng.random() >= self.visits6:
            return address
        prefix = _subnet(lease.choice(self.blocks6), lease)
        lasting = self.private_days > 0
        own = Random(f"{interface}/{self._term(day, self.private_days)}") if lasting else rng
        return str(ipaddress.IPv6Address(prefix | own.getrandbits(63) | 1))

    def _term(self, day: float, term_days: float) -> int:
        return int((day + self.phase_days) // term_days)


def home_line(pools: Pools, city: City, rng: Random) -> Line:
    """Make a broadband line of one of the carriers there, leased for some days at a time."""
    carrier = _carrier(pools, city, rng)
    blocks6 = pools.homes6.get((city.name, carrier), ())
    return Line(
        city=city,
        seed=_seed(rng),
        blocks=_pool(pools, city, carrier, rng, STRAY_SHARE),
        lease_days=rng.choice((1, 2, 3, 5, 7, 14)),
        blocks6=(rng.choice(blocks6),) if blocks6 and rng.random() < IPV6_LINES else (),
    )


def office_line(pools: Pools, city: City, rng: Random) -> Line:
    """Make a business line with a lasting address."""
    carrier = _carrier(pools, city, rng)
    return Line(city, _seed(rng), _pool(pools, city, carrier, rng, 0.0), FOREVER_DAYS)


def phone_line(pools: Pools, city: City, rng: Random) -> Line:
    """Make the gateways that a phone from there meets, wherever the database believes them to be."""
    gateways = pools.gateways.get(city.region) or pools.gateways[""]
    return Line(city, _seed(rng), tuple(part(rng.choice(gateways), rng, 24) for _ in range(3)), 0)


def cloud_line(pools: Pools, rng: Random) -> Line:
    """Make the line of a machine rented from a cloud provider, in the city of the provider's region."""
    city = rng.choice(sorted(pools.clouds))
    return Line(CITY[city], _seed(rng), (rng.choice(pools.clouds[city]),), FOREVER_DAYS)


def proxy_line(pools: Pools, city: City, rng: Random) -> Line:
    """Make a line out of other people's home lines in a city, another one for every visit."""
    carrier = _carrier(pools, city, rng)
    blocks = pools.homes[city.name, carrier]
    return Line(city, _seed(rng), tuple(rng.choice(blocks) for _ in range(6)), 0)


def _carrier(pools: Pools, city: City, rng: Random) -> str:
    there = [carrier for carrier in CARRIER_WEIGHTS if pools.homes.get((city.name, carrier))]
    return rng.choices(there, [CARRIER_WEIGHTS[carrier] for carrier in there])[0]


def _pool(pools: Pools, city: City, carrier: str, rng: Random, stray_share: float) -> tuple[Block, ...]:
    near = pools.homes[city.name, carrier]
    far = pools.strays.get((city.region, carrier), ())
    other = far if far and rng.random() < stray_share else near
    return part(rng.choice(near), rng, POOL_BITS), part(rng.choice(other), rng, POOL_BITS)


def part(block: Block, rng: Random, bits: int) -> Block:
    """Return a smaller block inside `block`, or the block itself where it is that small."""
    if block.bits >= bits:
        return block
    return Block(block.first + (rng.randrange(1 << (bits - block.bits)) << (32 - bits)), bits)


def _host(block: Block, rng: Random) -> str:
    size = 1 << (32 - block.bits)
    return str(ipaddress.IPv4Address(block.first + (rng.randrange(1, size - 1) if size > 2 else 0)))  # noqa: PLR2004 - no room for network and broadcast address


def _subnet(block: Block, rng: Random) -> int:
    """Return a /64 of a household's /56 inside an IPv6 block, as the number of its first address."""
    households = max(56 - block.bits, 0)
    return block.first | rng.getrandbits(households) << 72 if households else block.first


def _seed(rng: Random) -> str:
    return f"{rng.getrandbits(64):016x}"

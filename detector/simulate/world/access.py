"""The access lines of a whole population: broadband, redialled lines, phones, VPN exits, a firm's egress.

Sources: RFC 8981 (a temporary IPv6 interface identifier is preferred for a day); RFC 6177 and RIPE-690 (a
home gets a /56 or so); RFC 6555 (a dual-stack host takes IPv6 first, and IPv4 where that is slower); PPPoE
lines of Chinese carriers are cut by the carrier after one to seven days and get another address.
"""

from dataclasses import replace
from random import Random

from detector.simulate.world import lines
from detector.simulate.world.lines import Line
from detector.simulate.world.places import CITY, City
from detector.simulate.world.pools import Pools

DUAL_STACK = 0.55  # share of homes with IPv6 that works
DUAL_STACK_PHONES = 0.5
PRIVATE_DAYS = 1.0


def broadband(pools: Pools, city: City, rng: Random) -> Line:
    """Make a home's line; its IPv6, where it has any, is often placed in another city than its IPv4."""
    line = replace(
        lines.home_line(pools, city, rng),
        blocks6=(),
        lease_days=rng.choice((1, 2, 3, 5, 7, 7, 14, 30)),
        phase_days=rng.uniform(0.0, 30.0),
        private_days=PRIVATE_DAYS,
        visits6=rng.uniform(0.4, 0.95),
    )
    carrier = rng.choice(sorted(pools.broadband6)) if pools.broadband6 else None
    if carrier is None or rng.random() >= DUAL_STACK:
        return line
    near = pools.homes6.get((city.name, carrier)) or pools.broadband6[carrier]
    return replace(line, blocks6=(rng.choice(near),))


def redialled(pools: Pools, city: City, rng: Random) -> Line:
    """Make a home's line that is dialled anew several times a day, with another address each time."""
    return replace(broadband(pools, city, rng), lease_days=rng.uniform(0.1, 0.5))


def misplaced(pools: Pools, city: City, rng: Random) -> Line:
    """Make a home's line that the database believes in another province: always, by turns, or in parts.

    By turns: some of its addresses are there. In parts: it gets other addresses of one /24, of which the
    database has torn off some. Two databases agree on the province of 89 in 100 Chinese addresses.
    """
    line = replace(broadband(pools, city, rng), blocks6=())
    others = sorted(key for key in pools.homes if CITY[key[0]].region != city.region)
    there = lines.part(rng.choice(pools.homes[rng.choice(others)]), rng, lines.POOL_BITS)
    torn = [block for carrier in sorted(pools.torn) for block in pools.torn[carrier]]
    blocks = [(there,), (line.blocks[0], there), (rng.choice(torn),) if torn else (there,)]
    return replace(line, blocks=rng.choice(blocks))


def mobile(pools: Pools, city: City, rng: Random) -> Line:
    """Make what a phone meets: gateways that many share or, over IPv6, a new /64 for every connection."""
    line = lines.phone_line(pools, city, rng)
    if not pools.mobile6 or rng.random() >= DUAL_STACK_PHONES:
        return line
    carrier = rng.choice(sorted(pools.mobile6))
    return replace(line, blocks6=(rng.choice(pools.mobile6[carrier]),), visits6=rng.uniform(0.3, 0.9))


def vpn(pools: Pools, city: City, rng: Random) -> Line:
    """Make a VPN service's exits: of a few servers, one for some hours.

    Without such a list it is a firm's own VPN, that leaves over an office line.
    """
    if not pools.vpns:
        return lines.office_line(pools, city, rng)
    exits = tuple(lines.part(rng.choice(pools.vpns), rng, 30) for _ in range(rng.randrange(1, 4)))
    return Line(city, f"{rng.getrandbits(64):016x}", exits, rng.uniform(0.2, 3.0))

"""Where programs run: rented machines, home lines, other people's lines by proxy, a whole /24."""

import ipaddress
from random import Random
from typing import NamedTuple

from detector.scoring.labels import Subject
from detector.simulate.world import households, lines
from detector.simulate.world.inhabitants import Birth
from detector.simulate.world.places import City
from detector.simulate.world.pools import Pools
from detector.simulate.world.strength import chosen

HOSTS_OF_24 = range(1, 255)
V6_SITE_BITS = 64


class Spot(NamedTuple):
    """An address and the city where the machine behind it really is; rented from a cloud or not."""

    city: City
    ip: str
    cloud: bool = False


def rented(pools: Pools, rng: Random) -> Spot:
    """Draw a machine at a cloud provider."""
    line = lines.cloud_line(pools, rng)
    return Spot(line.city, line.address(0, rng), cloud=True)


def at_home(pools: Pools, rng: Random) -> Spot:
    """Draw a home line in some city: a program's own, or one that is lent to a proxy network."""
    city = households.some_city(rng)
    return Spot(city, lines.proxy_line(pools, city, rng).address(0, rng))


def on_a_gateway(pools: Pools, rng: Random) -> Spot:
    """Draw a phone's address of the moment: a carrier's gateway that strangers share."""
    city = households.some_city(rng)
    return Spot(city, lines.phone_line(pools, city, rng).address(0, rng))


def den(birth: Birth) -> Spot:
    """Draw where an abuser's program runs: the better it hides, the likelier at a home line."""
    share = chosen(birth, blatant=0.65, clear=0.45, subtle=0.15)
    return (rented if birth.rng.random() < share else at_home)(birth.pools, birth.rng)


def proxies(pools: Pools, rng: Random, count: int, cloud_share: float = 0.1) -> tuple[Spot, ...]:
    """Draw `count` exits of a proxy network or a botnet: mostly homes, some rented machines."""
    return tuple((rented if rng.random() < cloud_share else at_home)(pools, rng) for _ in range(count))


def neighbours(spot: Spot, count: int, rng: Random) -> tuple[Spot, ...]:
    """Draw up to 254 addresses of the /24 in which an IPv4 spot lies."""
    base = int(ipaddress.IPv4Address(spot.ip)) & ~0xFF
    hosts = sorted(rng.sample(HOSTS_OF_24, min(count, len(HOSTS_OF_24))))
    return tuple(spot._replace(ip=str(ipaddress.IPv4Address(base + host))) for host in hosts)


def one_64(pools: Pools, rng: Random, count: int) -> tuple[Spot, ...]:
    """Draw addresses of one household's IPv6 /64, random as privacy addresses are; none without IPv6."""
    city = households.some_city(rng)
    line = lines.home_line(pools, city, rng)
    if not line.blocks6:
        return ()
    drawn = dict.fromkeys(line.address(0, rng) for _ in range(2 * count))
    return tuple(Spot(city, ip) for ip in drawn if ":" in ip)[:count]


def prefix(ip: str) -> str:
    """Return the /24 of an IPv4 or the /64 of an IPv6 address."""
    bits = 24 if ":" not in ip else V6_SITE_BITS
    return str(ipaddress.ip_network(f"{ip}/{bits}", strict=False))


def networks(*spots: Spot) -> tuple[Subject, ...]:
    """Return the addresses as subjects, then what they are as visitors, then their prefixes."""
    ips = dict.fromkeys(spot.ip for spot in spots)
    prefixes = dict.fromkeys(map(prefix, ips))
    return (
        *(Subject(type="network", id=ip) for ip in ips),
        *(Subject(type="account", id=f"anon:{ip}") for ip in ips),
        *(Subject(type="network", id=net) for net in prefixes),
    )

"""The address space to draw from: which blocks a carrier, a gateway or a cloud has, by the real databases.

The databases are wrong about many Chinese addresses, and a detector has to live with that. So a carrier's
blocks elsewhere in the province are kept as well (`strays`): lines get some of their addresses there. So are
the networks that a database tears between provinces (`torn`).
"""

import ipaddress
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import maxminddb

from detector.errors import InputError
from detector.simulate.world.places import CITIES, distance_km


def _ranges(*networks: str) -> tuple[range, ...]:
    """Return IPv4 networks as ranges of numbers."""
    known = map(ipaddress.IPv4Network, networks)
    return tuple(range(int(n.network_address), int(n.broadcast_address) + 1) for n in known)


CARRIERS = {
    "telecom": (4134, 4812, 4847, 17638, 134774, 136188, 140292, 140293),
    "unicom": (4837, 4808, 17621, 17622, 17623, 17816),
    "mobile": (9808, 24400, 24444, 24445, 38019, 56040, 56041, 56044, 56046, 56047, 56048),
}
CARRIER_OF = {asn: carrier for carrier, numbers in CARRIERS.items() for asn in numbers}
CLOUD_ASNS = (37963, 45090, 55990, 137718, 38365, 58593, 55960)
# UCloud and AWS have ranges that carriers announce, so the ASN does not tell.
CLOUD_NETWORKS = _ranges("106.75.0.0/16", "140.179.0.0/16")
# China Mobile's phones come out of these, behind carrier-grade NAT.
GATEWAY_NETWORKS = _ranges("39.144.0.0/16", "117.136.0.0/16", "223.104.0.0/16")
# What the three carriers hand to phones over IPv6; a broadband line never has these.
MOBILE_NETWORKS6 = ("2409:8900::/24", "240e:400::/24", "2408:8400::/24")
_MOBILE6 = frozenset(
    int(ipaddress.IPv6Network(network).network_address) >> 104 for network in MOBILE_NETWORKS6
)
GATEWAY_REGION = {
    24400: "Shanghai",
    24444: "Shandong",
    24445: "Henan",
    38019: "Tianjin",
    56040: "Guangdong",
    56041: "Zhejiang",
    56044: "Liaoning",
    56046: "Jiangsu",
    56047: "Hunan",
    56048: "Beijing",
}

V6 = 6
CITY_RADIUS_KM = 20.0
BLOCK_BITS = 20
SMALLEST_BITS = 24
BLOCKS_A_NETWORK = 16


class Block(NamedTuple):
    """A run of addresses: the first as a number, the prefix length, and whether it is IPv6."""

    first: int
    bits: int
    is_v6: bool = False


@dataclass(frozen=True, slots=True)
class Pools:
    """Blocks by whose they are.

    `homes` and `homes6` by (city, carrier), `strays` by (region, carrier), `gateways` by region ("": not one
    province's), `clouds` by city. `broadband6` and `mobile6` by carrier: all it has of IPv6, wherever the
    databases believe it; `vpns` are exits of VPN services; `torn` by carrier: /24s of which the database
    believes parts in several provinces.
    """

    homes: Mapping[tuple[str, str], Sequence[Block]]
    homes6: Mapping[tuple[str, str], Sequence[Block]]
    strays: Mapping[tuple[str, str], Sequence[Block]]
    gateways: Mapping[str, Sequence[Block]]
    clouds: Mapping[str, Sequence[Block]]
    broadband6: Mapping[str, Sequence[Block]] = field(default_factory=dict)
    mobile6: Mapping[str, Sequence[Block]] = field(default_factory=dict)
    vpns: Sequence[Block] = ()
    torn: Mapping[str, Sequence[Block]] = field(default_factory=dict)


def read_pools(city_database: Path, asn_database: Path, network_database: Path | None = None) -> Pools:
    """Read the pools from a nested City and an ASN database (.mmdb); a few seconds for the shipped ones.

    The exits of VPN services come from a database of network classes, where one is given.

    Raises InputError where a file is not such a database, or knows no carrier's network in these cities.
    """
    try:
        vpns = [] if network_database is None else _vpns(network_database)
        with maxminddb.open_database(city_database) as cities, maxminddb.open_database(asn_database) as asns:
            pools = replace(_sort(cities, asns), vpns=vpns)
    except (OSError, maxminddb.InvalidDatabaseError) as error:
        raise InputError(
            f"cannot read {city_database} and {asn_database} as City and ASN databases"
            + (f" and {network_database} as one of network classes" if network_database else "")
            + f": {error}; give paths of .mmdb files"
        ) from error
    if not (pools.homes and pools.gateways.get("") and pools.clouds):
        raise InputError(
            f"{city_database} and {asn_database} know no networks of Chinese carriers to draw from"
        )
    return pools


def _vpns(network_database: Path) -> list[Block]:
    """Return the IPv4 networks that a database of network classes calls VPN."""
    with maxminddb.open_database(network_database) as networks:
        return [
            Block(int(network.network_address), network.prefixlen)
            for network, found in networks
            if network.version != V6 and isinstance(found, dict) and found.get("network") == "vpn"
        ]


def _sort(cities: maxminddb.Reader, asns: maxminddb.Reader) -> Pools:
    homes: dict[tuple[str, str], list[Block]] = defaultdict(list)
    homes6: dict[tuple[str, str], list[Block]] = defaultdict(list)
    strays: dict[tuple[str, str], list[Block]] = defaultdict(list)
    gateways: dict[str, list[Block]] = defaultdict(list)
    clouds: dict[str, list[Block]] = defaultdict(list)
    broadband6: dict[str, list[Block]] = defaultdict(list)
    mobile6: dict[str, list[Block]] = defaultdict(list)
    city_at: dict[tuple[float, float], str | None] = {}
    parts: dict[int, set[str]] = defaultdict(set)
    for whole, record in _blocks(cities, parts):
        asn, block = _announced(asns, whole)
        if block.bits > SMALLEST_BITS and not block.is_v6:
            continue
        position = (record["location"]["latitude"], record["location"]["longitude"])
        if position not in city_at:
            city_at[position] = _city(*position)
        city = city_at[position]
        carrier = CARRIER_OF.get(asn)
        if block.is_v6 and carrier is not None:
            (mobile6 if block.first >> 104 in _MOBILE6 else broadband6)[carrier].append(block)
        if asn in CLOUD_ASNS or _inside(block, CLOUD_NETWORKS):
            if not block.is_v6 and city is not None:
                clouds[city].append(block)
        elif _inside(block, GATEWAY_NETWORKS):
            gateways[GATEWAY_REGION.get(asn, "")].append(block)
        elif carrier is not None and city is not None:
            (homes6 if block.is_v6 else homes)[city, carrier].append(block)
        elif carrier is not None and not block.is_v6:
            strays[_region(record), carrier].append(block)
    return Pools(homes, homes6, strays, gateways, clouds, broadband6, mobile6, torn=_torn(asns, parts))


def _torn(asns: maxminddb.Reader, parts: Mapping[int, set[str]]) -> dict[str, list[Block]]:
    """Return the carriers' /24s of which a database puts parts into more than one province."""
    torn: dict[str, list[Block]] = defaultdict(list)
    for first in sorted(first for first, regions in parts.items() if len(regions - {""}) > 1):
        asn, block = _announced(asns, Block(first, SMALLEST_BITS))
        carrier = CARRIER_OF.get(asn)
        if carrier is not None and block.bits == SMALLEST_BITS and not _inside(block, GATEWAY_NETWORKS):
            torn[carrier].append(block)
    return torn


def _mainland(record: dict[str, Any]) -> bool:
    """Return whether a network of a City database is placed in mainland China."""
    return record.get("country", {}).get("iso_code") == "CN" and "location" in record


def _blocks(cities: maxminddb.Reader, parts: dict[int, set[str]]) -> Iterator[tuple[Block, dict[str, Any]]]:
    """Yield networks of mainland China, large ones as a few blocks spread over them.

    Tiny ones are left out; of these, `parts` gets the provinces by their /24's first address.
    """
    for network, found in cities:
        record: Any = found
        first, bits, is_v6 = int(network.network_address), network.prefixlen, network.version == V6
        if not _mainland(record):
            continue
        if bits > SMALLEST_BITS and not is_v6:
            parts[first >> 8 << 8].add(_region(record))
            continue
        if is_v6 or bits >= BLOCK_BITS:
            yield Block(first, bits, is_v6), record
            continue
        count = min(BLOCKS_A_NETWORK, 1 << (BLOCK_BITS - bits))
        for start in range(first, first + network.num_addresses, network.num_addresses // count):
            yield Block(start, BLOCK_BITS, is_v6), record


def _announced(asns: maxminddb.Reader, block: Block) -> tuple[int, Block]:
    """Return who announces a block's start, and as much of the block as belongs to the same announcement."""
    address = ipaddress.IPv6Address(block.first) if block.is_v6 else ipaddress.IPv4Address(block.first)
    found, bits = asns.get_with_prefix_len(address)
    record: Any = found
    asn = 0 if record is None else int(record.get("autonomous_system_number", 0))
    return asn, block._replace(bits=max(block.bits, bits))


def _inside(block: Block, ranges: Sequence[range]) -> bool:
    return not block.is_v6 and any(block.first in addresses for addresses in ranges)


def _city(latitude: float, longitude: float) -> str | None:
    nearest = min(CITIES, key=lambda city: distance_km(latitude, longitude, city))
    return nearest.name if distance_km(latitude, longitude, nearest) <= CITY_RADIUS_KM else None


def _region(record: dict[str, Any]) -> str:
    subdivisions = record.get("subdivisions") or [{}]
    return str(subdivisions[0].get("names", {}).get("en", ""))

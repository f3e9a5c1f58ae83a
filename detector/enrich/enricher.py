"""Everything about an address and about a client, worked out once each and kept."""

import ipaddress
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detector.enrich.asns import find_announcement
from detector.enrich.cache import RowCache
from detector.enrich.clients import LOOKED_AT, describe_client
from detector.enrich.databases import DATA, Database, open_databases
from detector.enrich.default_places import DefaultPlaces
from detector.enrich.network_class import NetworkClass
from detector.enrich.networks import DEFAULT_PLACES, Networks
from detector.enrich.places import Position, Precision, find_position
from detector.enrich.rows import ADDRESS, CLIENT

CAPACITY: Final = 200_000
"""Addresses, and clients, kept at most. A kept address costs about 200 bytes with its key."""
_PLACES_KEPT: Final = 10_000
_ONE_REGION: Final = frozenset({"HK", "MO", "SG"})
"""Where the whole is one metropolis, and databases spell its districts in several ways."""


@dataclass(slots=True)
class Stats:
    """How often the caches answered, and how often a database knew nothing of an address it was asked for.

    `place` is not counted. `misses` of a cache are the look-ups it could not save.
    """

    address_hits: int = 0
    address_misses: int = 0
    client_hits: int = 0
    client_misses: int = 0
    unknown_city: int = 0
    unknown_asn: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """An address in clear words, as evidence shows it; "" and 0 are unknown."""

    city: str
    region: str
    country: str
    latitude: float
    longitude: float
    radius_km: float
    precision: Precision
    asn: int
    as_name: str
    network: NetworkClass


def prefix_of(ip: str) -> str:
    """Return what an address counts by, as text: its /24 (IPv4) or /64 (IPv6).

    `ip` is canonical text (RFC 5952), IPv4-mapped IPv6 already IPv4. Raises `ValueError` where it is none.
    """
    if ":" not in ip:
        return ip[: ip.rindex(".")] + ".0/24"
    return f"{ipaddress.IPv6Address(int(ipaddress.IPv6Address(ip)) >> 64 << 64)}/64"


class Enricher:
    """Rows of addresses and clients from the given city and ASN files and the shipped network lists.

    Files of a kind are asked in order: see `find_position`. After construction it only reads the open
    files. `hash64` hashes prefixes and fingerprints. Raises `UsageError` for a bad file.
    """

    def __init__(
        self,
        city_files: Sequence[Path],
        asn_files: Sequence[Path],
        *,
        hash64: Callable[[str], int],
        capacity: int = CAPACITY,
    ) -> None:
        self.stats = Stats()
        self._cities = open_databases("city", city_files)
        self._asns = open_databases("asn", asn_files)
        self._networks = Networks()
        self._defaults = DefaultPlaces(DATA / DEFAULT_PLACES)
        self._hash64 = hash64
        self._addresses = RowCache(ADDRESS, self._address_row, capacity)
        self._clients = RowCache(CLIENT, self._client_row, capacity, _shorten)
        self._place_of = lru_cache(_PLACES_KEPT)(self._described)
        self.builds: dict[str, str] = {
            "city": ", ".join(each.build for each in self._cities),
            "asn": ", ".join(each.build for each in self._asns),
            "networks": self._networks.build,
        }

    @property
    def databases(self) -> tuple[Database, ...]:
        """The open files of cities and of ASNs, in the order they are asked."""
        return (*self._cities, *self._asns)

    @property
    def address_rows(self) -> NDArray[np.void]:
        """Rows of dtype ADDRESS, for the slots of the last call of `addresses`."""
        return self._addresses.rows

    @property
    def client_rows(self) -> NDArray[np.void]:
        """Rows of dtype CLIENT, for the slots of the last call of `clients`."""
        return self._clients.rows

    def addresses(self, ips: Sequence[str]) -> NDArray[np.int32]:
        """Return each address's slot in `address_rows`, shape `(len(ips),)`; `ips` are canonical text.

        Slots are valid until the next call. Raises `ValueError` for what is no address.
        """
        slots = self._addresses.slots(ips, len(ips))
        self.stats.address_hits = self._addresses.hits
        self.stats.address_misses = self._addresses.misses
        return slots

    def clients(self, user_agents: Sequence[str | None], names: Sequence[str | None]) -> NDArray[np.int32]:
        """Return each client's slot in `client_rows`; `names` are the events' `client` fields.

        Both sequences have one length, which is the result's. Slots are valid until the next call.
        """
        slots = self._clients.slots(zip(user_agents, names, strict=True), len(user_agents))
        self.stats.client_hits = self._clients.hits
        self.stats.client_misses = self._clients.misses
        return slots

    def asn(self, ip: str) -> int:
        """Return who announces an address, 0 for nobody; not kept."""
        return find_announcement(self._asns, ip)[0]

    def place(self, ip: str) -> Place:
        """Return an address in clear words; few are kept, because evidence is rare, but names some again."""
        return self._place_of(ip)

    def _described(self, ip: str) -> Place:
        position, asn, as_name, network, _ = self._look_up(ip)
        return Place(
            city=position.city,
            region=position.region,
            country=position.country,
            latitude=position.latitude,
            longitude=position.longitude,
            radius_km=position.radius_km,
            precision=position.precision,
            asn=asn,
            as_name=as_name,
            network=network,
        )

    def _look_up(self, ip: str) -> tuple[Position, int, str, NetworkClass, int]:
        asn, as_name = find_announcement(self._asns, ip)
        position = self._defaults.limit(find_position(self._cities, ip), asn, 6 if ":" in ip else 4)
        network, crawler = self._networks.classify(ip, asn, as_name)
        return position, asn, as_name, network, crawler

    def _address_row(self, ip: str) -> tuple[int | float, ...]:
        position, asn, _, network, crawler = self._look_up(ip)
        self.stats.unknown_city += position.precision < Precision.REGION
        self.stats.unknown_asn += asn == 0
        return (
            self._hash64(prefix_of(ip)),
            _region_key(position),
            position.latitude,
            position.longitude,
            position.radius_km,
            asn,
            network,
            position.precision,
            6 if ":" in ip else 4,
            crawler,
        )

    def _client_row(self, client: tuple[str | None, str | None]) -> tuple[int, ...]:
        user_agent, name = client
        described = describe_client(user_agent, name)
        return (
            self._hash64(f"{described.kind:d}|{described.family}|{described.system}|{name or ''}"),
            zlib.crc32(described.family.encode()) if described.family else 0,
            described.major,
            described.kind,
            described.crawler,
        )


def _shorten(client: tuple[str | None, str | None]) -> tuple[str | None, str | None]:
    user_agent, name = client
    return user_agent and user_agent[:LOOKED_AT], name and name[:LOOKED_AT]


def _region_key(position: Position) -> int:
    region = "" if position.country in _ONE_REGION else position.region
    if position.precision < Precision.REGION or not (region or position.country in _ONE_REGION):
        return 0
    return zlib.crc32(f"{position.country}/{region}".encode())

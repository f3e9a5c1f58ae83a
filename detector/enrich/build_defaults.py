"""Find where a city database gives a whole provider one place; a part of build.py.

DB-IP puts 93 % of China Mobile's AS9808, which serves the country, into Guangzhou, 99.6 % of its network of
Jiangxi into Beijing, all of China Telecom's IPv6 into Beijing, and the cities of a province into its capital.
Such a place says who the provider is, not where the client is.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any, Final, NamedTuple

import maxminddb

from detector.enrich.asn_names import class_of_name
from detector.enrich.network_class import NetworkClass

COUNTRY: Final = "CN"
"""The one country that the shipped city database holds whole, and whose networks have a province each."""
_ONE_CITY: Final = frozenset({"Beijing", "Shanghai", "Tianjin", "Chongqing"})
"""Regions that are one metropolis."""
LEAST_UNITS: Final = 1 << 16
"""Networks smaller than so many IPv4 addresses or IPv6 /48s may well be in one city."""
DEFAULT_SHARE: Final = 0.9
"""A place that holds so much of a network's space is its default. The shares that were measured lie at 0.97
and above, or under 0.9; among those are the networks of single cities, whose names say so."""
PART: Final = 0.05
"""Of a network that serves the country and is put into one region, every place with so much of it."""
FIELDS: Final = ("asn", "version", "latitude", "longitude", "share", "tells")


class Spot(NamedTuple):
    """A place of the city database."""

    region: str
    city: str
    latitude: float
    longitude: float


class Provider(NamedTuple):
    """An AS; known_asns.csv says what it `serves`: "country", a region, "city", or "" where none is said."""

    asn: int
    name: str
    serves: str


def default_places(provider: Provider, spots: Mapping[Spot, int]) -> Iterator[tuple[Spot, float, str]]:
    """Yield (place, share of the space, what it still tells: `region` or `country`) of one IP version.

    `spots` counts the space by place, in IPv4 addresses or IPv6 /48s.
    """
    whole = sum(spots.values())
    regions: Counter[str] = Counter()
    for spot, units in spots.items():
        regions[spot.region] += units
    top, units = max(spots.items(), key=lambda each: (each[1], each[0]))
    one_region = regions[top.region] >= DEFAULT_SHARE * whole
    one_place = units >= DEFAULT_SHARE * whole
    if whole < LEAST_UNITS or not (one_place or (provider.serves == "country" and one_region)):
        return
    named = top.city.partition(" (")[0].lower() in provider.name.lower()
    if provider.serves == "city" or (not provider.serves and (named or top.region in _ONE_CITY)):
        return
    for spot, count in sorted(spots.items()):
        if count >= PART * whole:
            known = spot.region == (provider.serves or top.region)
            yield spot, count / whole, "region" if known else "country"


def write_default_places(data: Path, known_asns: Path) -> None:
    """Write default_places.csv for access providers, from the databases in `data` and a table of ASNs."""
    with known_asns.open(encoding="utf-8", newline="") as file:
        known = {int(row["asn"]): row for row in csv.DictReader(file)}
    with (
        maxminddb.open_database(data / "city.mmdb") as cities,
        maxminddb.open_database(data / "asn.mmdb") as asns,
        (data / "default_places.csv").open("w", encoding="utf-8", newline="") as out,
    ):
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(FIELDS)
        for (asn, version, name), spots in sorted(_space(cities, asns).items()):
            row = known.get(asn, {})
            network = NetworkClass[row["network"].upper()] if row else class_of_name(name)
            if network is NetworkClass.RESIDENTIAL:
                for spot, share, tells in default_places(Provider(asn, name, row.get("serves", "")), spots):
                    writer.writerow((asn, version, spot.latitude, spot.longitude, f"{share:.3f}", tells))


def _space(cities: maxminddb.Reader, asns: maxminddb.Reader) -> dict[tuple[int, int, str], Counter[Spot]]:
    """Return how much of each network (ASN, IP version, name) lies at which place in the country."""
    space: dict[tuple[int, int, str], Counter[Spot]] = defaultdict(Counter)
    for network, found in asns:
        record: Any = found
        key = (
            int(record.get("autonomous_system_number", 0)),
            network.version,
            str(record.get("autonomous_system_organization", "")),
        )
        bits, unit = (32, 1) if network.version == 4 else (128, 1 << 80)  # noqa: PLR2004 - IP version 4
        first, end = int(network.network_address), int(network.broadcast_address) + 1
        while first < end:
            placed, length = cities.get_with_prefix_len(_address(first, network.version))
            size = 1 << (bits - length)
            following = min(end, (first // size + 1) * size)
            spot = _spot(placed)
            if spot is not None:
                space[key][spot] += max(1, (following - first) // unit)
            first = following
    return space


def _address(number: int, version: int) -> IPv4Address | IPv6Address:
    return IPv4Address(number) if version == 4 else IPv6Address(number)  # noqa: PLR2004 - IP version 4


def _spot(record: Any) -> Spot | None:  # noqa: ANN401 - a record's form is the file's
    if not isinstance(record, dict) or record.get("country", {}).get("iso_code") != COUNTRY:
        return None
    location = record.get("location", {})
    if "latitude" not in location or "longitude" not in location:
        return None
    region = (record.get("subdivisions") or [{}])[0].get("names", {}).get("en", "")
    city = record.get("city", {}).get("names", {}).get("en", "")
    return Spot(region, city, location["latitude"], location["longitude"])

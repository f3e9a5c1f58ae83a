"""Where an address is: a city database's record, in either shape, as one `Position`.

Sources: MaxMind's `accuracy_radius` is the radius in km within which the device lies with 67 % confidence
(https://dev.maxmind.com/geoip/docs/databases/city-and-country). DB-IP and the flat files give none, so a
default by precision stands in. For real Chinese clients 71 % of DB-IP's cities (June 2026) lay within
100 km of a good reference and 8 % over 500 km off: with 50 km each, two such places are told apart only
where they are more than 100 km from one another. A region stands for some 300 km (the mean Chinese
province is a circle of 310 km), a country for 1,000.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from detector.enrich.databases import Database


class Precision(IntEnum):
    """How closely a place is known. A distance may be measured from `REGION` on."""

    NONE = 0
    COUNTRY = 1
    REGION = 2
    CITY = 3


DEFAULT_RADIUS_KM: Final = {
    Precision.NONE: 0.0,
    Precision.COUNTRY: 1000.0,
    Precision.REGION: 300.0,
    Precision.CITY: 50.0,
}
"""Where the database gives no radius; the sources stand at the top of this file."""
UNKNOWN_RADIUS_KM: Final = 1000.0
"""A radius from here on is a guess at the country's middle: GeoLite2 puts what it does not know of China
at (34.77, 113.72), in Henan, with 1000 km. Such a record's city and region are dropped."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place by name (English; `country` is the ISO code) and in degrees, with its radius in km.

    "" is unknown. `latitude`, `longitude` and `radius_km` mean something from `Precision.REGION` on.
    """

    city: str = ""
    region: str = ""
    country: str = ""
    latitude: float = 0.0
    longitude: float = 0.0
    radius_km: float = 0.0
    precision: Precision = Precision.NONE


NOWHERE: Final = Position()


def find_position(databases: Sequence[Database], ip: str) -> Position:
    """Return the place of an address: of the first database that knows at least its region.

    Where none does, the first that knows the country. Records are never mixed: a city's name out of one
    database beside a position out of another would be a place that neither of them means.
    """
    best = NOWHERE
    for database in databases:
        record = database.find(ip)
        if not isinstance(record, dict):
            continue
        position = _nested(record) if database.shape == "nested" else _flat(record)
        if position.precision >= Precision.REGION:
            return position
        best = max(best, position, key=lambda each: each.precision)
    return best


def _nested(record: dict[str, Any]) -> Position:
    location = record.get("location", {})
    country = record.get("country") or record.get("registered_country") or {}
    region: dict[str, Any] = next(iter(record.get("subdivisions", ())), {})
    return _position(
        _name(record.get("city", {})),
        _name(region),
        country.get("iso_code", ""),
        location.get("latitude"),
        location.get("longitude"),
        location.get("accuracy_radius"),
    )


def _flat(record: dict[str, Any]) -> Position:
    return _position(
        record.get("city", ""),
        record.get("state1", ""),
        record.get("country_code", ""),
        record.get("latitude"),
        record.get("longitude"),
        None,
    )


def _name(named: dict[str, Any]) -> str:
    names: dict[str, str] = named.get("names", {})
    return names.get("en") or next(iter(names.values()), "")


def _position(
    city: str,
    region: str,
    country: str,
    latitude: float | None,
    longitude: float | None,
    radius_km: float | None,
) -> Position:
    if (
        latitude is None
        or longitude is None
        or (radius_km or 0.0) >= UNKNOWN_RADIUS_KM
        or not (city or region)
    ):
        if not country:
            return NOWHERE
        return Position(
            country=country, radius_km=DEFAULT_RADIUS_KM[Precision.COUNTRY], precision=Precision.COUNTRY
        )
    precision = Precision.CITY if city else Precision.REGION
    radius = DEFAULT_RADIUS_KM[precision] if radius_km is None else float(radius_km)
    return Position(city, region, country, float(latitude), float(longitude), radius, precision)

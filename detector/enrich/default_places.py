"""Places that a city database gives a whole provider: they say where it sits, not where its client is.

default_places.csv holds them for the shipped databases (build_defaults.py finds them). A place of another
database stays as it is, and so does what the shipped one knows more closely. For this reason most of China
Mobile's homes, and all Chinese IPv6 that is not known by its own range, have no city.
"""

import csv
from pathlib import Path
from typing import Final

from detector.enrich.places import DEFAULT_RADIUS_KM, Position, Precision

_DECIMALS: Final = 3
"""Of a degree, some 100 m: databases keep positions as 32-bit or 64-bit floats."""


class DefaultPlaces:
    """The default places of a table with the columns asn, version, latitude, longitude, tells."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8", newline="") as file:
            self._tells = {
                _key(
                    int(row["asn"]), int(row["version"]), float(row["latitude"]), float(row["longitude"])
                ): Precision[row["tells"].upper()]
                for row in csv.DictReader(file)
            }

    def limit(self, position: Position, asn: int, version: int) -> Position:
        """Return the place of an address that `asn` announces by IP `version`, no closer than it is known."""
        key = _key(asn, version, position.latitude, position.longitude)
        precision = self._tells.get(key, position.precision)
        if precision >= position.precision:
            return position
        if precision == Precision.COUNTRY:
            return Position(
                country=position.country, radius_km=DEFAULT_RADIUS_KM[precision], precision=precision
            )
        return Position(
            region=position.region,
            country=position.country,
            latitude=position.latitude,
            longitude=position.longitude,
            radius_km=DEFAULT_RADIUS_KM[precision],
            precision=precision,
        )


def _key(asn: int, version: int, latitude: float, longitude: float) -> tuple[int, int, float, float]:
    return asn, version, round(latitude, _DECIMALS), round(longitude, _DECIMALS)

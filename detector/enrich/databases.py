"""Opening .mmdb files: which kind of database it is, in which shape, of which build.

Two shapes are read: MaxMind's nested one (GeoLite2, GeoIP2, DB-IP's own downloads) and the flat one of
https://github.com/sapics/ip-location-db (`country_code`, `state1`, ...; one file per IP version).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal

import maxminddb

from detector.errors import InputError, UsageError

Kind = Literal["city", "asn", "networks"]
DATA: Final = Path(__file__).parent / "data"

_SHAPES: Final[Mapping[Kind, Mapping[str, frozenset[str]]]] = {
    "city": {
        "flat": frozenset({"country_code", "latitude", "longitude"}),
        "nested": frozenset({"location", "country", "registered_country", "continent"}),
    },
    "asn": {"nested": frozenset({"autonomous_system_number"}), "flat": frozenset({"asn"})},
    "networks": {"flat": frozenset({"network", "crawler"})},
}
"""A record of the shape has at least one of these fields; the first shape that fits is it."""
_NESTED: Final[Mapping[Kind, tuple[str, ...]]] = {"city": ("city", "enterprise"), "asn": ("asn", "isp")}
"""Words in the names of MaxMind's databases of a kind, all of which are nested."""
_MAXMIND: Final = ("geoip2-", "geolite2-")
_LOOKED_AT: Final = 1000
"""Records that are asked for the shape: the first ones may be of networks about which little is known."""

_ATTRIBUTIONS: Final = {
    "dbip": "IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0",
    "db-ip": "IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0",
    "geolite2": "This product includes GeoLite2 data created by MaxMind (https://www.maxmind.com)",
    "geoip2": "MaxMind GeoIP2 (https://www.maxmind.com)",
    "routeviews": "RouteViews (routeviews.org), DB-IP (https://db-ip.com), NRO (nro.net), CC BY 4.0",
    "detector-networks": "X4BNet/lists_vpn (MIT), lord-alfred/ipranges (CC0), is-crawler (Apache-2.0)",
}


@dataclass(frozen=True, slots=True)
class Database:
    """One open file, `reader` over it, and what is known of it. `built` is the build's date, UTC."""

    kind: Kind
    path: Path
    reader: maxminddb.Reader
    shape: str
    type: str
    built: str
    ip_version: int

    @property
    def build(self) -> str:
        """Its type and build date: what an alert names."""
        return f"{self.type} {self.built}"

    @property
    def attribution(self) -> str:
        """The sentence that its licence wants shown with results; "" where it is not known."""
        name = self.type.lower()
        return next((text for key, text in _ATTRIBUTIONS.items() if key in name), "")

    def find(self, ip: str) -> Any:  # noqa: ANN401 - a record's form is the file's
        """Return the record of an address, None where the file has none or is of the other IP version.

        Raises `InputError` where the file is damaged there, `ValueError` where `ip` is no address.
        """
        if self.ip_version == 4 and ":" in ip:  # noqa: PLR2004 - IP version 4
            return None
        try:
            return self.reader.get(ip)
        except (maxminddb.InvalidDatabaseError, UnicodeDecodeError) as error:
            raise InputError(
                f"{self.kind} database {self.path}: damaged ({error}); download it again"
            ) from error


def files(kind: Kind, paths: Sequence[str] | None) -> tuple[Path, ...]:
    """Return the files that an operator set for a kind, or the shipped one where none are set."""
    return (DATA / f"{kind}.mmdb",) if paths is None else tuple(map(Path, paths))


def open_database(kind: Kind, path: Path) -> Database:
    """Open one file; its type's name or its first records tell the shape.

    Raises `UsageError` where it cannot be read, is no .mmdb file or holds records of another kind.
    """
    try:
        reader = maxminddb.open_database(path)
    except OSError as error:
        raise UsageError(
            f"{kind} database {path}: {error.strerror or error}; give the path of a readable .mmdb file"
        ) from error
    except (maxminddb.InvalidDatabaseError, ValueError) as error:
        raise UsageError(
            f"{kind} database {path}: not a MaxMind DB file; download it again, unpacked (.mmdb)"
        ) from error
    meta = reader.metadata()
    return Database(
        kind=kind,
        path=path,
        reader=reader,
        shape=_shape(kind, path, reader, meta.database_type),
        type=meta.database_type,
        built=datetime.fromtimestamp(meta.build_epoch, UTC).date().isoformat(),
        ip_version=meta.ip_version,
    )


def open_databases(kind: Kind, paths: Sequence[Path]) -> tuple[Database, ...]:
    """Open several files of one kind, to be asked in this order; see `open_database`."""
    return tuple(open_database(kind, path) for path in paths)


def _shape(kind: Kind, path: Path, reader: maxminddb.Reader, database_type: str) -> str:
    name = database_type.lower()
    if name.startswith(_MAXMIND) and any(word in name for word in _NESTED.get(kind, ())):
        return "nested"
    try:
        for _, record in islice(reader, _LOOKED_AT):
            fields = frozenset(record) if isinstance(record, dict) else frozenset[str]()
            for shape, known in _SHAPES[kind].items():
                if fields & known:
                    return shape
    except (maxminddb.InvalidDatabaseError, UnicodeDecodeError) as error:
        raise UsageError(f"{kind} database {path}: damaged ({error}); download it again") from error
    expected = " or ".join(sorted(set().union(*_SHAPES[kind].values())))
    raise UsageError(
        f"{kind} database {path} ({database_type}): its records have none of the fields {expected}; "
        f"give a database of kind {kind} here"
    )

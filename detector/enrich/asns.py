"""Who announces an address: an ASN database's record, in either shape."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from detector.enrich.databases import Database


class Announcement(NamedTuple):
    """An ASN and its holder's name; 0 and "" where nobody is known to announce the address."""

    asn: int = 0
    name: str = ""


UNANNOUNCED: Final = Announcement()


def find_announcement(databases: Sequence[Database], ip: str) -> Announcement:
    """Return who announces an address, of the first database that knows."""
    for database in databases:
        record = database.find(ip)
        if isinstance(record, dict):
            found = _read(record, database.shape)
            if found.asn:
                return found
    return UNANNOUNCED


def _read(record: dict[str, Any], shape: str) -> Announcement:
    if shape == "nested":
        return Announcement(
            record.get("autonomous_system_number", 0), record.get("autonomous_system_organization", "")
        )
    # IPinfo's files write "AS4134", and the name under `name` (ASN database) or `as_name` (Lite).
    number = str(record.get("asn", "")).upper().removeprefix("AS")
    name = record.get("as_name") or record.get("name") or ""
    return Announcement(int(number) if number.isdecimal() else 0, name)

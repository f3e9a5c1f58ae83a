"""How an alert shows an address, as the policy says: in clear, by its network, or as a keyed hash."""

from ipaddress import ip_network
from typing import Final

from detector.policy import Book
from detector.policy.document import Addresses
from detector.privacy import Pseudonymizer

HIDDEN: Final = "hidden"
"""Stands in the place of every address that is to be hashed while nobody has set a key."""
_HASHED: Final = "hash:"


class Mask:
    """Shows addresses; `key` is the alerts' own (`DETECTOR_ALERT_KEY`), so that a replay can be given it.

    Without a key a hash would hide nothing: all addresses of IPv4 are tried in an hour.
    """

    def __init__(self, key: str | None) -> None:
        self._names = None if key is None else Pseudonymizer.of_setting(key)

    def show(self, ip: str, how: Addresses) -> str:
        """Return an address as an alert shows it; truncated is its /24 (IPv4) or /48 (IPv6)."""
        match how:
            case "clear":
                return ip
            case "truncated":
                return truncated(ip)
            case "hashed":
                names = self._names
                return HIDDEN if names is None else _HASHED + names.digest(ip, "alert-address").hex()


def truncated(ip: str) -> str:
    """Return the /24 (IPv4) or /48 (IPv6) of an address."""
    return str(ip_network(f"{ip}/{48 if ':' in ip else 24}", strict=False))


def doubt(book: Book, key: str | None) -> str | None:
    """Say what an operator may not have meant: hashes that the policy wants and no key is there for."""
    hashed = any(
        each.addresses == "hashed" for version in book.versions for each in version.policies.values()
    )
    if key is not None or not hashed:
        return None
    return f"the policy has alerts hash addresses, and DETECTOR_ALERT_KEY is not set: they say `{HIDDEN}`"

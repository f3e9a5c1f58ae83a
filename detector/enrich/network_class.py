"""The kinds of network that the rules tell apart."""

from enum import IntEnum


class NetworkClass(IntEnum):
    """What an address's network is there for. Rows hold the number: append, never reorder."""

    UNKNOWN = 0
    DATACENTER = 1
    """A cloud provider's or hoster's."""
    VPN = 2
    TOR = 3
    RELAY = 4
    """A privacy relay: iCloud Private Relay, WARP."""
    SATELLITE = 5
    CORPORATE = 6
    """Many employees behind few addresses: secure web gateways, lines leased to companies."""
    MOBILE = 7
    """Phones behind a carrier's gateways, where ranges or an ASN of their own tell them apart."""
    EDUCATION = 8
    RESIDENTIAL = 9
    """An access provider's: homes, and phones where nothing tells them from the carrier's homes."""

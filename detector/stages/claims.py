"""Claims: the addresses that a peer says it forwards for, as far as no trusted proxy vouches for them.

Source: RFC 7239, 6 (what may name a node: an address with or without a port, `unknown`, a name that begins
with `_`) and 7.4 (X-Forwarded-For); RFC 6890, the addresses that no host can have. A corporate proxy names
the private address behind it and an accelerator the public one, and both are a few in a day; whoever forges
the chain names another one with each request, or one that no host has.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from zlib import crc32

from detector.events import Addresses, SessionEvent
from detector.stages.proxies import Proxies

PLAIN, IMPOSSIBLE, OWN = 1, 2, 3
"""What a claim may be: a host's address, what no host has, or one of the platform's own proxies."""

_NOWHERE: Final = tuple(
    ip_network(network)
    for network in (
        *("0.0.0.0/8", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
        *("::/128", "2001:db8::/32", "ff00::/8"),
    )
)
"""Of RFC 6890: this network, documentation, multicast, reserved; not 198.18.0.0/15, which tunnels use."""
_PORT = re.compile(r"^(\d+\.\d+\.\d+\.\d+):\d{1,5}$|^\[([0-9A-Fa-f:.]+)\](?::\d{1,5})?$")
_NUMBERS = re.compile(r"^[\d.]+$")
_NAME = re.compile(r"^[A-Za-z0-9_][\w.-]*$")


@dataclass(frozen=True, slots=True)
class Claim:
    """What one chain claims; `text` tells claims apart, `network` the networks they lie in, 0 for none."""

    kind: int = 0
    text: str = ""
    network: int = 0


NOTHING: Final = Claim()


class Claims:
    """Reads chains; remembers, within bounds, what it worked out. `asn_of` says who announces an address."""

    def __init__(
        self, proxies: Proxies, addresses: Addresses, asn_of: Callable[[str], int], capacity: int = 100_000
    ) -> None:
        self._proxies = proxies
        self._addresses = addresses
        self._asn_of = asn_of
        self._capacity = capacity
        self._known: dict[str, Claim] = {}

    def of(self, event: SessionEvent) -> Claim:
        """Return the worst of what an event claims; of equal ones the one that claims to be the client.

        What lies in the chain behind the address that is believed, trusted proxies have added.
        """
        chain = [text.strip() for text in event.forwarded_for or ()]
        canonical = [self._addresses.canonical(text) for text in chain]
        if event.ip in canonical:
            chain = chain[: len(canonical) - 1 - canonical[::-1].index(event.ip)]
        return max((self._one(text) for text in chain), key=lambda claim: claim.kind, default=NOTHING)

    def _one(self, text: str) -> Claim:
        try:
            return self._known[text]
        except KeyError:
            if len(self._known) >= self._capacity:
                self._known.clear()
            return self._known.setdefault(text, self._read(text))

    def _read(self, text: str) -> Claim:
        found = _PORT.match(text)
        bare = (found[1] or found[2]) if found else text
        canonical = self._addresses.canonical(bare)
        if canonical is None:
            said_to_be_none = _NAME.match(text) and not _NUMBERS.match(text)
            return NOTHING if said_to_be_none else Claim(IMPOSSIBLE, text[:128])
        address = ip_address(canonical)
        if any(address in network for network in _NOWHERE if network.version == address.version):
            return Claim(IMPOSSIBLE, canonical)
        if self._proxies.trusts(canonical):
            return Claim(OWN, canonical)
        return Claim(PLAIN, canonical, self._asn_of(canonical) or crc32(_block(address).encode()))


def _block(address: IPv4Address | IPv6Address) -> str:
    """Return what private and unannounced addresses are told apart by: a house's or an office's networks."""
    return str(ip_network(f"{address}/{16 if address.version == 4 else 32}", strict=False))  # noqa: PLR2004  # IPv4

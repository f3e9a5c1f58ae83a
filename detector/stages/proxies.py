"""Whose address counts: the peer's, or, behind proxies the platform trusts, the one they forwarded.

Source: RFC 7239, 8.1: a chain of forwarders is believed from its end, as far as those that added to it are
known; the first address from the end that is no trusted proxy's is the client's.

Where nobody said which proxies are the platform's, an event that came with a chain has an address of unknown
meaning: its sender's, or that of a proxy which thousands share. It is then held against nobody. Whoever
forges a chain can so keep things from being judged, but not accuse anybody. An empty list, "there are none",
ends that.
"""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network

from detector.events import Addresses, SessionEvent


class Proxies:
    """The platform's own proxies, by network; None: not known, an empty list: there are none."""

    def __init__(self, networks: Sequence[str] | None, addresses: Addresses) -> None:
        self._told = networks is not None
        self._networks = [ip_network(network, strict=False) for network in networks or ()]
        self._addresses = addresses
        self._known: dict[str, bool] = {}

    def resolve(self, events: Sequence[SessionEvent]) -> None:
        """Put the client's address in the place of a trusted proxy's, which stays the event's `peer`."""
        if not self._networks:
            return
        for event in events:
            if event.forwarded_for and self._trusted(event.ip):
                client = self._client(event)
                if client != event.ip:
                    event.peer, event.ip = event.peer or event.ip, client

    def hide_sender_of(self, event: SessionEvent) -> bool:
        """Return whether nobody knows if an event's address is its sender's."""
        return not self._told and bool(event.forwarded_for)

    def trusts(self, ip: str) -> bool:
        """Return whether an address, canonical text, is one of the platform's proxies."""
        return bool(self._networks) and self._trusted(ip)

    def _client(self, event: SessionEvent) -> str:
        believed = event.ip
        for text in reversed(event.forwarded_for or ()):
            address = self._addresses.canonical(text.strip())
            if address is None:
                return believed
            believed = address
            if not self._trusted(address):
                return believed
        return believed

    def _trusted(self, ip: str) -> bool:
        found = self._known.get(ip)
        if found is None:
            if len(self._known) > 100_000:  # noqa: PLR2004  # bounded; proxies are few
                self._known.clear()
            address = ip_address(ip)
            found = self._known[ip] = any(address in network for network in self._networks)
        return found

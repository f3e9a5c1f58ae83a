"""Events as columns: what the fold reads of them, worked out for a batch at once."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from detector.enrich import ClientKind, Enricher, NetworkClass, Precision
from detector.events import Addresses, SessionEvent
from detector.policy.entitlements import Entitlements
from detector.policy.uses import Uses
from detector.stages.asked_paths import AskedPaths
from detector.stages.claims import Claims
from detector.stages.client_words import ClientWords
from detector.stages.granted import Granted
from detector.stages.order import Times
from detector.stages.proxies import Proxies
from detector.windows.layout import EVENT, EVENT_TYPES
from detector.windows.roles import ADMIN, NOBODYS, SEAT, UNTOLD

MEGABYTE = 1_000_000
_AT_ONCE = 1_024
"""Events that are gone through a dozen times, as many as a core's own cache has room for."""
ANCHOR_RADIUS_KM = 300.0
"""That of a province: what lies beyond both radii is far. A place known less well is held against none."""


def _among(*chosen: int) -> NDArray[np.bool_]:
    """Return whether a number of one byte is among the chosen, to be looked up by it."""
    found = np.zeros(256, np.bool_)
    found[list(chosen)] = True
    return found


_ANCHORS = _among(NetworkClass.UNKNOWN, NetworkClass.RESIDENTIAL, NetworkClass.EDUCATION)
"""Networks whose place is their user's; a carrier's gateway, a VPN, a satellite or a cloud is elsewhere."""
_FIXED = _ANCHORS | _among(NetworkClass.CORPORATE)
"""Networks that a device is in where it stands: two that meet there share more than a carrier."""
_HIDING = _among(NetworkClass.DATACENTER, NetworkClass.VPN, NetworkClass.TOR)
"""Networks behind which anybody may sit; who browses through a private relay is no stranger for it."""
_OF_USERS = _among(NetworkClass.RESIDENTIAL, NetworkClass.MOBILE, NetworkClass.EDUCATION)
"""Networks in which no proxy of the platform's stands."""
_HANDHELD = _among(ClientKind.MOBILE, ClientKind.TABLET, ClientKind.APP)

_APART = np.uint64(0x9E3779B97F4A7C15)
"""Turns the hash of a network into that of the proxies in it: their users are elsewhere. Any odd bits do."""
_LOW_32 = np.uint64(0xFFFFFFFF)
_TYPES = {name: place for place, name in enumerate(EVENT_TYPES)}
_ROLES = {
    (role, orgless): ADMIN if role == "admin" else SEAT if role == "seat" else NOBODYS if orgless else other
    for role, other in (("admin", ADMIN), ("seat", SEAT), ("member", SEAT), (None, UNTOLD))
    for orgless in (True, False)
}
"""What is told of an account, by an event's role and whether it names no organisation.

Whoever is a member of none has an account of his own.
"""
_ENRICHED = ("prefix", "region", "lat", "lon", "radius_km", "asn", "network", "precision", "version")
_OF_CLIENT = ("fingerprint", "kind", "family", "major")


class Columns:
    """Builds EVENT arrays; remembers, within bounds, what it worked out about texts."""

    def __init__(
        self,
        enricher: Enricher,
        proxies: Proxies,
        hash64: Callable[[str], int],
        words: ClientWords | None = None,
        capacity: int = 200_000,
    ) -> None:
        self._enricher = enricher
        self._proxies = proxies
        self._capacity = capacity
        self._words = words or ClientWords(None)
        self._claims = Claims(proxies, Addresses(), enricher.asn)
        self._hashes = _Hashes(hash64)
        self._paths = AskedPaths(capacity)
        self._granted = Granted(capacity)

    def build(
        self,
        events: Sequence[SessionEvent],
        times: Times,
        rows: NDArray[np.int32],
        grants: Entitlements,
        uses: Uses | None = None,
    ) -> NDArray[np.void]:
        """Return EVENT, shape (n,), of events in order; `rows` says where each one's row lies.

        What allow entries were used for is noted in `uses`.
        """
        out = np.zeros(len(events), EVENT)
        out["time_ms"] = times
        out["row"] = rows
        used: Uses = {} if uses is None else uses
        for start in range(0, len(events), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            self._fill(events[part], out[part], grants, used)
        return out

    def _fill(
        self, events: Sequence[SessionEvent], out: NDArray[np.void], grants: Entitlements, uses: Uses
    ) -> None:
        count = len(events)
        out["type"] = np.fromiter([_TYPES[event.type] for event in events], np.uint8, count)
        out["account"] = np.fromiter([event.account_id is not None for event in events], np.bool_, count)
        roles = [_ROLES[event.role, event.org_id is None] for event in events]
        out["role"] = np.fromiter(roles, np.uint8, count)
        out["status"] = np.fromiter([event.status or 0 for event in events], np.uint16, count)
        out["locked"] = np.fromiter([event.reason == "locked" for event in events], np.bool_, count)
        self._hash(events, out)
        self._enrich(events, out)
        paths = self._paths.rows([event.path for event in events])
        for name in paths.dtype.names or ():
            out[name] = paths[name]
        sizes = np.fromiter([event.bytes or 0 for event in events], np.int64, count)
        out["bulk"] |= (sizes >= MEGABYTE) & (out["asset"] == 0)
        chained = [place for place, event in enumerate(events) if event.forwarded_for]
        if chained:
            self._claim(events, chained, out)
        self._granted.fill(events, out, grants, uses)
        if chained:
            self._disown(events, chained, out)

    def _hash(self, events: Sequence[SessionEvent], out: NDArray[np.void]) -> None:
        if len(self._hashes) >= self._capacity:
            self._hashes.clear()
        hashes, count = self._hashes, len(events)
        out["device"] = np.fromiter([hashes[event.device_id] for event in events], np.uint64, count)
        out["session"] = np.fromiter([hashes[event.session_id] for event in events], np.uint64, count)
        greetings = np.fromiter([hashes[event.tls_fingerprint] for event in events], np.uint64, count)
        out["greeting"] = greetings & _LOW_32

    def _enrich(self, events: Sequence[SessionEvent], out: NDArray[np.void]) -> None:
        slots = self._enricher.addresses([event.ip for event in events])
        places = self._enricher.address_rows[slots]
        for name in _ENRICHED:
            out[name] = places[name]
        agents, names = [event.user_agent for event in events], [event.client for event in events]
        slots = self._enricher.clients(agents, names)
        clients = self._enricher.client_rows[slots]
        for name in _OF_CLIENT:
            out[name] = clients[name]
        out["client_words"] = self._words.of_each(slots, names, agents)
        out["desktop"] = clients["kind"] == ClientKind.DESKTOP
        out["handheld"] = _HANDHELD[clients["kind"]]
        out["verified"] = (clients["crawler"] != 0) & (clients["crawler"] == places["crawler"])
        network = places["network"]
        out["hosting"] = network == NetworkClass.DATACENTER
        out["hidden"] = _HIDING[network]
        out["fixed"] = _FIXED[network]
        out["anchored"] = (
            _ANCHORS[network]
            & (places["precision"] >= Precision.REGION)
            & (places["radius_km"] <= ANCHOR_RADIUS_KM)
        )

    def _disown(self, events: Sequence[SessionEvent], chained: list[int], out: NDArray[np.void]) -> None:
        """Take back what addresses say where nobody knows whose they are."""
        hidden = [place for place in chained if self._proxies.hide_sender_of(events[place])]
        if not hidden:
            return
        out["proxied"][hidden] = 1
        for name, nothing in (
            ("anchored", 0),
            ("fixed", 0),
            ("hosting", 0),
            ("hidden", 0),
            ("network", NetworkClass.UNKNOWN),
            ("precision", Precision.NONE),
            ("region", 0),
            ("asn", 0),
            ("version", 0),
        ):
            out[name][hidden] = nothing
        out["prefix"][hidden] ^= _APART

    def _claim(self, events: Sequence[SessionEvent], chained: list[int], out: NDArray[np.void]) -> None:
        """Fill in what chains claim.

        A visitor is known by the address alone: where that may be an unknown proxy of the platform's, which
        stands in no home, no school and on no telephone, the chain may be right.
        """
        users = _OF_USERS[out["network"]]
        for place in chained:
            event = events[place]
            if event.account_id is None and self._proxies.hide_sender_of(event) and not users[place]:
                continue
            claim = self._claims.of(event)
            if claim.kind:
                out["claim"][place] = self._hashes[claim.text]
                out["claim_network"][place] = claim.network
                out["claim_kind"][place] = claim.kind


class _Hashes(dict[str | None, int]):
    """A dict of hashes that works out the one it lacks; that of None is 0."""

    def __init__(self, hash64: Callable[[str], int]) -> None:
        super().__init__()
        self._hash64 = hash64

    def __missing__(self, text: str | None) -> int:
        found = self[text] = 0 if text is None else self._hash64(text)
        return found

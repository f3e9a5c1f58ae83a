"""Events as columns: what the fold reads of them, worked out for a batch at once."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from detector.enrich import ClientKind, Enricher, NetworkClass, Precision
from detector.events import Addresses, SessionEvent
from detector.policy.entitlements import Entitlements
from detector.stages.asked_paths import AskedPaths
from detector.stages.claims import Claims
from detector.stages.client_words import ClientWords
from detector.stages.order import Times
from detector.stages.proxies import Proxies
from detector.windows.layout import EVENT, EVENT_TYPES
from detector.windows.roles import ADMIN, NOBODYS, SEAT, UNTOLD

ANCHORS = (NetworkClass.UNKNOWN, NetworkClass.RESIDENTIAL, NetworkClass.EDUCATION)
"""Networks whose place is their user's; a carrier's gateway, a VPN, a satellite or a cloud is elsewhere."""
FIXED = (*ANCHORS, NetworkClass.CORPORATE)
"""Networks that a device is in where it stands: two that meet there share more than a carrier."""
HIDING = (NetworkClass.DATACENTER, NetworkClass.VPN, NetworkClass.TOR)
"""Networks behind which anybody may sit; who browses through a private relay is no stranger for it."""
MEGABYTE = 1_000_000
OF_USERS = (NetworkClass.RESIDENTIAL, NetworkClass.MOBILE, NetworkClass.EDUCATION)
"""Networks in which no proxy of the platform's stands."""
ANCHOR_RADIUS_KM = 300.0
"""That of a province: what lies beyond both radii is far. A place known less well is held against none."""
HANDHELD = (ClientKind.MOBILE, ClientKind.TABLET, ClientKind.APP)

_APART = np.uint64(0x9E3779B97F4A7C15)
"""Turns the hash of a network into that of the proxies in it: their users are elsewhere. Any odd bits do."""
_LOW_32 = np.uint64(0xFFFFFFFF)
_TYPES = {name: place for place, name in enumerate(EVENT_TYPES)}
_ENRICHED = ("prefix", "region", "lat", "lon", "radius_km", "asn", "network", "precision", "version")


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
        self._hash64 = hash64
        self._words = words or ClientWords(None)
        self._claims = Claims(proxies, Addresses(), enricher.asn)
        self._hashes: dict[str | None, int] = {None: 0}
        self._paths = AskedPaths(capacity)

    def build(
        self, events: Sequence[SessionEvent], times: Times, rows: NDArray[np.int32], grants: Entitlements
    ) -> NDArray[np.void]:
        """Return EVENT, shape (n,), of events in order; `rows` says where each one's row lies."""
        out = np.zeros(len(events), EVENT)
        out["time_ms"] = times
        out["row"] = rows
        out["type"] = [_TYPES[event.type] for event in events]
        out["account"] = [event.account_id is not None for event in events]
        out["role"] = [_role(event) for event in events]
        out["device"] = self._hashed([event.device_id for event in events])
        out["session"] = self._hashed([event.session_id for event in events])
        greetings = np.array(self._hashed([event.tls_fingerprint for event in events]), np.uint64)
        out["greeting"] = greetings & _LOW_32
        out["status"] = [event.status or 0 for event in events]
        out["locked"] = [event.reason == "locked" for event in events]
        self._enrich(events, out)
        paths = self._paths.rows([event.path for event in events])
        for name in paths.dtype.names or ():
            out[name] = paths[name]
        large = np.array([(event.bytes or 0) >= MEGABYTE for event in events], np.bool_)
        out["bulk"] |= large & (out["asset"] == 0)
        out["client_words"] = [self._words.of(event.client, event.user_agent) for event in events]
        self._claim(events, out)
        if grants:
            _grant(events, out, grants)
        self._disown(events, out)
        return out

    def _enrich(self, events: Sequence[SessionEvent], out: NDArray[np.void]) -> None:
        slots = self._enricher.addresses([event.ip for event in events])
        places = self._enricher.address_rows[slots]
        for name in _ENRICHED:
            out[name] = places[name]
        slots = self._enricher.clients(
            [event.user_agent for event in events], [event.client for event in events]
        )
        clients = self._enricher.client_rows[slots]
        out["fingerprint"] = clients["fingerprint"]
        out["kind"] = clients["kind"]
        out["family"] = clients["family"]
        out["major"] = clients["major"]
        out["desktop"] = clients["kind"] == ClientKind.DESKTOP
        out["handheld"] = np.isin(clients["kind"], HANDHELD)
        out["verified"] = (clients["crawler"] != 0) & (clients["crawler"] == places["crawler"])
        out["hosting"] = places["network"] == NetworkClass.DATACENTER
        out["hidden"] = np.isin(places["network"], HIDING)
        out["fixed"] = np.isin(places["network"], FIXED)
        out["anchored"] = (
            np.isin(places["network"], ANCHORS)
            & (places["precision"] >= Precision.REGION)
            & (places["radius_km"] <= ANCHOR_RADIUS_KM)
        )

    def _disown(self, events: Sequence[SessionEvent], out: NDArray[np.void]) -> None:
        """Take back what addresses say where nobody knows whose they are."""
        hidden = [self._proxies.hide_sender_of(event) for event in events]
        if not any(hidden):
            return
        out["proxied"] = hidden
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

    def _claim(self, events: Sequence[SessionEvent], out: NDArray[np.void]) -> None:
        """Fill in what chains claim; few events have one.

        A visitor is known by the address alone: where that may be an unknown proxy of the platform's, which
        stands in no home, no school and on no telephone, the chain may be right.
        """
        users = np.isin(out["network"], OF_USERS)
        for place, event in enumerate(events):
            if not event.forwarded_for:
                continue
            if event.account_id is None and self._proxies.hide_sender_of(event) and not users[place]:
                continue
            claim = self._claims.of(event)
            if claim.kind:
                out["claim"][place] = self._hashed([claim.text])[0]
                out["claim_network"][place] = claim.network
                out["claim_kind"][place] = claim.kind

    def _hashed(self, texts: list[str | None]) -> list[int]:
        known = self._hashes
        try:
            return [known[text] for text in texts]
        except KeyError:
            pass
        if len(known) > self._capacity:
            known.clear()
            known[None] = 0
        for text in texts:
            if text is not None and text not in known:
                known[text] = self._hash64(text)
        return [known[text] for text in texts]


def _role(event: SessionEvent) -> int:
    """Return what an event tells of its account's role; a member of no organisation has an own account."""
    if event.role == "admin":
        return ADMIN
    if event.role == "seat":
        return SEAT
    if event.org_id is None:
        return NOBODYS
    return UNTOLD if event.role is None else SEAT


def _grant(events: Sequence[SessionEvent], out: NDArray[np.void], grants: Entitlements) -> None:
    """Fill in what entitlements say at each event's moment."""
    granted = grants.granted(events, out["time_ms"].tolist())
    places = [place for place, _ in granted]
    out["max_cities"][places] = [min(grant.max_cities, 255) for _, grant in granted]
    out["max_devices"][places] = [min(grant.max_devices, 255) for _, grant in granted]
    out["seats"][places] = [min(grant.seats, 65_535) for _, grant in granted]
    for place, grant in granted:
        for entry in grant.allow:
            if entry.matches(events[place], int(out["asn"][place])):
                out["excused"][place] |= entry.excuses

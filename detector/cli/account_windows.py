"""The live windows of an account, read off the bytes of its row and its ledger."""

from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from detector.errors import StateError
from detector.keyring import LEDGER, ROW, Found
from detector.rules import RULES
from detector.stages.ledger import Ledger, Witness, decode_ledger, new_ledger
from detector.stages.rows import ACCOUNT, RowTable
from detector.stores import StoredRow
from detector.windows.layout import (
    ASSETS,
    CHANGED_CLAIMS,
    CHOSEN,
    CLAIM_AGENTS,
    CLAIM_NETWORKS,
    CONTRARY,
    FAILED,
    FAR_OVERLAPS,
    FOREIGN,
    FORGED,
    FRESH,
    HOPS,
    HOSTING,
    JUMPS,
    MOVED,
    NEAR_OVERLAPS,
    REFUSED,
    REQUESTS,
    RETURNS,
    STEPS,
    STRANGE,
)

Identifiers = dict[str, Any]
"""What a ledger keeps of one event, in clear."""


COUNTERS = {
    "requests": REQUESTS,
    "assets": ASSETS,
    "from_hosting_networks": HOSTING,
    "metropolis_changes": HOPS,
    "metropolis_returns": RETURNS,
    "impossible_journeys": JUMPS,
    "far_overlaps": FAR_OVERLAPS,
    "near_overlaps": NEAR_OVERLAPS,
    "failed_logins": FAILED,
    "failed_logins_from_strange_networks": STRANGE,
    "moves_of_sessions": MOVED,
    "forged_claims": FORGED,
    "changed_claims": CHANGED_CLAIMS,
    "claimed_networks": CLAIM_NETWORKS,
    "agents_of_claims": CLAIM_AGENTS,
    "chosen_pages": CHOSEN,
    "fresh_pages": FRESH,
    "steps_in_order": STEPS,
    "refused_requests": REFUSED,
    "events_of_foreign_clients": FOREIGN,
    "events_of_contrary_clients": CONTRARY,
}


@dataclass(frozen=True, slots=True)
class Sighting:
    """A run of activity by one device from one place; hashes in hex, times in Unix ms.

    `metropolis` is the row's own number, 0 unknown; `event` is what the ledger keeps of the first event, None
    where there is none or it cannot be opened.
    """

    first_ms: int
    last_ms: int
    count: int
    network: str
    device: str
    asn: int
    metropolis: int
    lat: float
    lon: float
    radius_km: float
    hosting: bool
    desktop: bool
    event: Identifiers | None


@dataclass(frozen=True, slots=True)
class Windows:
    """What is kept of an account: sightings newest first, counts of the 24 hours up to `last_ms`.

    `raised` is what each rule said last, `[rule, Unix ms, strength]`, newest first; `sealed` says that the
    ledger could not be opened.
    """

    key: str
    shard: str
    first_ms: int
    last_ms: int
    sightings: tuple[Sighting, ...]
    counters_24h: dict[str, int]
    raised: tuple[tuple[str, int, float], ...]
    failed_logins: tuple[Identifiers, ...]
    sealed: bool


def open_windows(key: str, shard: str, found: Found[StoredRow]) -> Windows:
    """Read what a store has of an account; raises `StateError` for a row of another version."""
    row, ledger = found.value
    return decode_windows(key, shard, found.key.open(ROW, found.name, row), _opened(found, ledger))


def _opened(found: Found[StoredRow], ledger: bytes | None) -> Ledger | None:
    """Return the ledger, None where it cannot be opened."""
    if not ledger:
        return new_ledger()
    try:
        return decode_ledger(found.key.open(LEDGER, found.name, ledger))
    except StateError:
        return None


def decode_windows(key: str, shard: str, stored: bytes, ledger: Ledger | None) -> Windows:
    """Read a row's bytes; raises `StateError` for those of another version."""
    table = RowTable(ACCOUNT)
    table.put(key, stored, None)
    row = table.rows[table.touch([key])[0]]
    known = ledger or new_ledger()
    sightings = [
        _sighting(seen, event)
        for seen, event in zip(row["sightings"], known.sightings, strict=True)
        if seen["count"] > 0
    ]
    raised = [
        (rule.name, int(row["raised_ms"][slot]), float(row["raised"][slot]))
        for slot, rule in enumerate(RULES)
        if row["raised_ms"][slot] > 0
    ]
    failures = [identifiers for each in known.failures if (identifiers := _clear(each)) is not None]
    return Windows(
        key=key,
        shard=shard,
        first_ms=int(row["head"]["first_ms"]),
        last_ms=int(row["head"]["last_ms"]),
        sightings=tuple(sorted(sightings, key=lambda seen: -seen.last_ms)),
        counters_24h={name: int(row["totals"][ring]) for name, ring in COUNTERS.items()},
        raised=tuple(sorted(raised, key=lambda each: -each[1])),
        failed_logins=tuple(sorted(failures, key=lambda each: each["time"])),
        sealed=ledger is None,
    )


def _sighting(seen: NDArray[np.void], event: Witness | None) -> Sighting:
    return Sighting(
        first_ms=int(seen["first_ms"]),
        last_ms=int(seen["last_ms"]),
        count=int(seen["count"]),
        network=f"{int(seen['prefix']):016x}",
        device=f"{int(seen['device']):016x}",
        asn=int(seen["asn"]),
        metropolis=int(seen["metro"]),
        lat=round(float(seen["lat"]), 4),
        lon=round(float(seen["lon"]), 4),
        radius_km=round(float(seen["radius_km"]), 1),
        hosting=bool(seen["hosting"]),
        desktop=bool(seen["desktop"]),
        event=_clear(event),
    )


def _clear(known: Witness | None) -> Identifiers | None:
    return None if known is None else msgspec.structs.asdict(known)

"""Short streams of events through the engine of the live service."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from detector.alerts import Alert
from detector.cells import CellBlock
from detector.enrich import Enricher, files
from detector.findings import Finding
from detector.policy import Stamped
from detector.policy.entitlements import Entitlement
from detector.privacy import Pseudonymizer
from detector.replay import Engine
from detector.replay.records import FileRecord
from detector.stages.accounts import Accounts
from detector.stages.assemble import Workshop

LATENESS_MS = 30 * 86_400_000
AHEAD_MS = 300_000
SEATS = 6
"""What the organisation `firm` has bought."""


@lru_cache(maxsize=4)
def pseudonyms(key: bytes | None = None) -> Pseudonymizer:
    """Return hashes under a key."""
    return Pseudonymizer(key)


@lru_cache(maxsize=4)
def enricher(key: bytes | None = None) -> Enricher:
    """Return the shipped databases, with what they said of addresses."""
    return Enricher(
        files("city", None), files("asn", None), hash64=lambda text: pseudonyms(key).hash64(text, "network")
    )


def workshop(
    allow: Sequence[dict[str, Any]] = (), max_cities: int = 0, key: bytes | None = None, **given: Any
) -> Workshop:
    """Return what shards are made of; `allow` and `max_cities` are what is agreed with `acc-1`."""
    made = Workshop(enricher(key), pseudonyms(key), given.pop("lateness_ms", LATENESS_MS), AHEAD_MS, **given)
    made.entitlements.put(Stamped("org:firm", 0, Entitlement(seats=SEATS)))
    if allow or max_cities:
        entitlement = msgspec.convert({"allow": list(allow), "max_cities": max_cities}, Entitlement)
        made.entitlements.put(Stamped("acc-1", 0, entitlement))
    return made


def records(events: Iterable[dict[str, Any]]) -> list[FileRecord]:
    """Return events as lines of a file."""
    return [FileRecord(msgspec.json.encode(event)) for event in events]


def judged(shard: Accounts, events: Iterable[dict[str, Any]]) -> list[Finding]:
    """Return what the rules find in events, in any order, of which a shard has judged nothing so late."""
    refused = shard.read(records(events))
    assert ([], []) == (refused.rejected, refused.late)
    shard.raise_frontier(shard.newest + 1)
    ordered = shard.close()
    for key in shard.missing(ordered):
        shard.table.put(key, None, None)
    return shard.judge(ordered)


def findings(
    events: Iterable[dict[str, Any]], allow: Sequence[dict[str, Any]] = (), max_cities: int = 0
) -> list[Finding]:
    """Return what the rules find in events, in any order."""
    return judged(workshop(allow, max_cities).accounts("session-events", 0), events)


def crowd_findings(events: Iterable[dict[str, Any]], made: Workshop | None = None) -> list[Finding]:
    """Return what the rules about crowds find in events of any accounts, in any order."""
    made = made or workshop()
    shard, crowds = made.accounts("session-events", 0), made.crowds("session-events")
    judged(shard, events)
    crowds.read(0, CellBlock(0, 1, shard.frontier, tuple(shard.take_cells())))
    closed = crowds.close()
    for crowd in crowds.missing(closed):
        crowds.put(crowd, None, None)
    return crowds.judge(closed)


class Said:
    """What rules say of streams that several tests look at; `find` finds it in a stream's events."""

    def __init__(self, find: Callable[[Iterable[dict[str, Any]]], list[Finding]]) -> None:
        self._find = find
        self._found: dict[tuple[Callable[[int], Iterable[dict[str, Any]]], int], list[Finding]] = {}

    def __call__(
        self, name: str, crossing: Callable[[int], Iterable[dict[str, Any]]], step: int = 0
    ) -> list[Finding]:
        """Return what a rule says of a stream, so many steps beyond its threshold."""
        if (crossing, step) not in self._found:
            self._found[crossing, step] = self._find(crossing(step))
        return [finding for finding in self._found[crossing, step] if finding.rule == name]


def alerts(
    events: Iterable[dict[str, Any]], allow: Sequence[dict[str, Any]] = (), **given: Any
) -> list[Alert]:
    """Return what a replay of the events says."""
    engine = Engine(workshop(allow, **given))
    first, refused = engine.take(records(events))
    assert ([], []) == (refused.rejected, refused.late)
    return first + engine.finish()

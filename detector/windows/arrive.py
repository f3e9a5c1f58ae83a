"""Arriving: a sighting opens, maybe a stranger's, maybe one to which a session has moved."""

from detector.categories import DONE_BITS
from detector.windows.compiled import Array, Record, compiled
from detector.windows.intrusion import is_thiefs
from detector.windows.layout import MOVED, MOVED_HERE, SIGHTINGS, UNMASKED
from detector.windows.rings import add
from detector.windows.sessions import belongs_to_stolen, moved_from
from detector.windows.sightings import metropolis, oldest, open_at
from detector.windows.strangers import device_of

REGION_PRECISION = 2
LEARNING_MS = 24 * 3_600_000
"""Before an account is known so long, nobody is a stranger to it."""


@compiled
def excuse(event: Record, head: Record, intrusion: Record, sightings: Array) -> int:
    """Excuse the account where a thief acts; return what kind of one, as `stolen` of a sighting has it."""
    if head["stolen_ms"] == 0:
        return 0
    thief = UNMASKED if is_thiefs(event, intrusion) else int(belongs_to_stolen(event, sightings))
    if thief != 0:
        head["stolen_ms"] = event["time_ms"]
        event["excused"] = int(event["excused"]) | DONE_BITS
    return thief


@compiled
def unmask(event: Record, head: Record, sightings: Array, slot: int) -> None:
    """Take the device of the sighting in `slot` for a thief's, from this event on."""
    head["stolen_ms"] = event["time_ms"]
    event["excused"] = int(event["excused"]) | DONE_BITS
    thief = sightings[slot]["device"]
    for other in range(SIGHTINGS):
        seen = sightings[other]
        if seen["count"] > 0 and seen["strange"] and seen["device"] == thief:
            seen["stolen"] = UNMASKED
            seen["excused"] = int(seen["excused"]) | DONE_BITS


@compiled
def arrive(
    event: Record,
    head: Record,
    lasts: Array,
    totals: Array,
    hours: Array,
    sightings: Array,
    known: int,
    thief: int,
) -> int:
    """Open a sighting with an event and return its place.

    `known`: by what the event is known to the account; `thief`: what kind of one it is known to be.
    """
    origin = moved_from(event, sightings, known)
    if origin >= 0:
        head["stolen_ms"] = event["time_ms"]
        event["excused"] = int(event["excused"]) | DONE_BITS
    slot = _open(event, head, lasts, sightings)
    learnt = int(event["time_ms"]) - int(head["first_ms"]) >= LEARNING_MS
    sightings[slot]["strange"] = 1 if learnt and known == 0 else 0
    if origin >= 0 or thief == MOVED_HERE:
        sightings[slot]["stolen"] = MOVED_HERE
        add(head, totals, hours, MOVED)
        others = 1 << origin if origin >= 0 and origin != slot else int(head["moved_slots"])
        head["moved_slots"] = others | 1 << slot
    elif thief == UNMASKED:
        sightings[slot]["stolen"] = UNMASKED
    return slot


@compiled
def _open(event: Record, head: Record, lasts: Array, sightings: Array) -> int:
    """Open a sighting with an event; what pointed at the one that makes room points there no more."""
    device = device_of(event)
    placed = event["precision"] >= REGION_PRECISION
    metro = metropolis(sightings, lasts, event, device) if placed else 0
    slot = int(oldest(sightings))
    open_at(sightings, slot, event, device, metro)
    others = ((1 << SIGHTINGS) - 1) ^ (1 << slot)
    head["overlap_slots"] = int(head["overlap_slots"]) & others
    head["near_slots"] = int(head["near_slots"]) & others
    head["jump_slots"] = int(head["jump_slots"]) & others
    head["moved_slots"] = int(head["moved_slots"]) & others
    head["sightings"] = min(int(head["sightings"]) + 1, 65_535)
    return slot

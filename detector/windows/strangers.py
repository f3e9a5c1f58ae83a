"""Strangers: by what a login is known to its account, and what nothing was known of.

A device is known by its id (where there is none, by its client), a network by its /24 or /64, a line by its
provider in one region: dynamic addresses and a phone's networks stay on their lines.
"""

from typing import Final

from detector.windows.compiled import Array, Record, compiled
from detector.windows.habits.layout import DEVICES, LINES, Memory
from detector.windows.layout import SIGHTINGS
from detector.windows.places import DAY_MS

KNOWN_DEVICE: Final = 1
KNOWN_NETWORK: Final = 2
KNOWN_LINE: Final = 4
FRESH: Final = 8
"""Nothing is known of the account yet, so nothing can be strange to it."""
UNTOLD: Final = 16
"""No address of this IP version is known: one home's IPv4 and IPv6 show different providers and places.
And an address that an unknown proxy may have hidden is never told."""
TRUSTED_MS: Final = DAY_MS
"""A stranger that nobody minded for so long makes its device, network and line known ones."""

NEW_MS: Final = 3_600_000
"""So long nothing that a stranger does beside the holder is held against the account: places, overlaps."""


@compiled
def device_of(event: Record) -> int:
    """Return the device of an event; where it has no id, its client's fingerprint."""
    return event["device"] if event["device"] != 0 else event["fingerprint"]  # type: ignore[no-any-return]  # a record


@compiled
def known_by(event: Record, sightings: Array, memory: Memory) -> int:
    """Return by what an event's place and device are known, bits as above; 0: it is a stranger's."""
    known = FRESH | UNTOLD
    for slot in range(SIGHTINGS):
        seen = sightings[slot]
        if seen["count"] == 0 or seen["stolen"]:
            continue
        if seen["strange"] and int(event["time_ms"]) - int(seen["first_ms"]) < TRUSTED_MS:
            continue
        known &= ~FRESH
        if seen["version"] == event["version"] and not event["proxied"]:
            known &= ~UNTOLD
        if event["device"] != 0:
            if seen["device"] == event["device"]:
                known |= KNOWN_DEVICE
        elif seen["client"] == event["fingerprint"] and seen["prefix"] == event["prefix"]:
            known |= KNOWN_DEVICE
        known |= _place(event, seen)
    return known | _remembered(event, memory)


@compiled
def may_be_own(event: Record, sightings: Array) -> bool:
    """Return whether an event without a device id comes in the client of an own device without one.

    A missing id is unknown, not new: nothing tells the laptop at home from itself in a hotel. The one at
    home must have come a day before.
    """
    for slot in range(SIGHTINGS if event["device"] == 0 else 0):
        seen = sightings[slot]
        if seen["count"] == 0 or seen["stolen"] or seen["known"] or seen["client"] != event["fingerprint"]:
            continue
        if int(event["time_ms"]) - int(seen["first_ms"]) >= TRUSTED_MS:
            return True
    return False


@compiled
def _place(event: Record, seen: Record) -> int:
    """Return by what an event's place is known to one that was seen, a sighting's or a line's."""
    known = KNOWN_NETWORK if seen["prefix"] == event["prefix"] else 0
    if event["asn"] != 0 and seen["asn"] == event["asn"] and seen["region"] == event["region"]:
        known |= KNOWN_LINE
    return known


@compiled
def _remembered(event: Record, memory: Memory) -> int:
    """Return by what an event is known to the long memory, which holds what sightings have made room for."""
    known = 0
    before = int(event["time_ms"] - TRUSTED_MS) // 60_000
    for place in range(DEVICES):
        seen = memory.devices[place]
        old = seen["last"] != 0 and seen["first"] <= before
        if old and seen["known"] and seen["device"] == event["device"]:
            known |= KNOWN_DEVICE
    for place in range(LINES):
        seen = memory.lines[place]
        if seen["last"] != 0 and seen["first"] <= before:
            known |= _place(event, seen)
    return known


@compiled
def is_new(seen: Record, now_ms: int) -> bool:
    """Return whether a sighting is a stranger's in his first hour, who may yet turn out to be a thief."""
    return bool(seen["strange"] and now_ms - int(seen["first_ms"]) < NEW_MS)


@compiled
def read_strangers(sightings: Array, now_ms: int, out: Record) -> None:
    """Say which sightings of a day nothing was known of when they opened."""
    count = 0
    slots = 0
    for slot in range(SIGHTINGS):
        seen = sightings[slot]
        if seen["count"] > 0 and (seen["strange"] or seen["stolen"]) and now_ms - seen["last_ms"] <= DAY_MS:
            count += 1
            slots |= 1 << slot
    out["strangers_24h"] = count
    out["stranger_slots"] = slots

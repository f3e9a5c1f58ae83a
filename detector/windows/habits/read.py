"""What rules see of the long memory, after a sign of a person."""

import numpy as np

from detector.windows.compiled import Array, Record, compiled
from detector.windows.habits.calendar import DAY_MINUTES, DAY_MS, MINUTE_MS, hour_of
from detector.windows.habits.layout import DAY_HOURS, DEVICES, HANDS, STINTS, Memory
from detector.windows.habits.successions import count_successions, read_succession
from detector.windows.layout import SIGHTINGS
from detector.windows.paths import bits64

RECENT = np.uint64((1 << 14) - 1)
"""The last 14 days of a bitmap."""
NOTHING = np.uint64(0)
TWICE = 2
"""A hand or device of one day only may be a visit, or somebody's borrowed computer."""


@compiled
def read_habits(
    event: Record, memory: Memory, sightings: Array, place: int, password_ms: int, out: Record
) -> None:
    """Fill what FEATURES say of habits; `place`: of the event's device, -1 where that cannot be told.

    `password_ms`: when the password was changed last.
    """
    habits = memory.habits
    minute = int(event["time_ms"]) // MINUTE_MS
    out["days_known"] = min((minute - int(habits["first"])) // DAY_MINUTES, 65_535)
    out["days_seen"] = bits64(habits["days"])
    out["people"] = habits["people"]
    out["people_sure"] = habits["people_sure"]
    out["far_turns_14d"] = habits["far_turns"]
    out["near_turns_14d"] = habits["near_turns"]
    out["turns_apart"] = habits["turns_apart"]
    out["strange_overlaps"] = habits["strange"]
    out["interleaved"] = habits["interleaved"]
    out["desk_people"] = habits["desk_people"]
    out["desk_sure"] = habits["desk_sure"]
    out["desk_days_14d"] = bits64(habits["desk_days"] & RECENT)
    if habits["desk_people"] >= TWICE:
        out["desk_slots"] = _at_desks(event, sightings)
    _read_devices(memory.devices, out)
    if place < 0:
        return
    device = memory.devices[place]
    out["device_days"] = bits64(device["days"])
    hand = int(device["hand"])
    out["hand"] = hand
    if hand == 0:
        return
    out["turned"] = _turned(memory, hand)
    out["hand_days"] = bits64(memory.hands[hand - 1]["days"])
    if _read_hands(memory.hands, event, out) < TWICE:
        return
    out["successions"] = count_successions(memory.hands)
    read_succession(memory, hand, minute, password_ms // MINUTE_MS, out)
    if out["people"] >= TWICE or out["far_turns_14d"] + out["near_turns_14d"] + out["successions"] > 0:
        out["hand_slots"] = _newest(memory.devices, sightings)


@compiled
def _turned(memory: Memory, hand: int) -> bool:
    """Return whether a hand has just come back, or come at all, after another one."""
    stints, newest = memory.stints, int(memory.habits["next"]) - 1
    here = stints[newest % STINTS]
    return bool(here["hand"] == hand and here["signs"] == 1 and stints[(newest - 1) % STINTS]["hand"] != 0)


@compiled
def _read_devices(devices: Array, out: Record) -> None:
    count, computers = 0, 0
    for place in range(DEVICES):
        seen = devices[place]
        if seen["last"] != 0 and seen["days"] & RECENT != NOTHING and bits64(seen["days"]) >= TWICE:
            count += 1
            computers += seen["desktop"]
    out["devices_14d"] = count
    out["computers_14d"] = computers


@compiled
def _read_hands(hands: Array, event: Record, out: Record) -> int:
    """Return how many hands there are, and say how many were seen lately on two days; and of usual hours."""
    count, once, lately, all_hours, these = 0, 0, 0, 0, 0
    hour = hour_of(int(event["time_ms"]))
    for place in range(HANDS):
        seen = hands[place]
        if seen["last"] == 0:
            continue
        count += 1
        if seen["days"] & RECENT != NOTHING:
            once += 1
        if bits64(seen["days"] & RECENT) >= TWICE:
            lately += 1
        for other in range(DAY_HOURS):
            all_hours += int(seen["hours"][other])
        for step in range(-1, 2):
            these += int(seen["hours"][(hour + step) % DAY_HOURS])
    out["hands_14d"] = lately
    out["hands_once_14d"] = once
    out["hours_share"] = these / all_hours if all_hours > 0 else 0.0
    return count


@compiled
def _at_desks(event: Record, sightings: Array) -> int:
    """Return the sightings of computers that were at work in an event's network within a day, a bit each."""
    slots = 0
    for slot in range(SIGHTINGS):
        seen = sightings[slot]
        recent = seen["present_ms"] != 0 and event["time_ms"] - seen["present_ms"] <= DAY_MS
        if recent and seen["desktop"] and seen["prefix"] == event["prefix"]:
            slots |= 1 << slot
    return slots


@compiled
def _newest(devices: Array, sightings: Array) -> int:
    """Return the newest sighting of each hand, a bit each."""
    slots = 0
    for hand in range(1, HANDS + 1):
        newest, newest_ms = -1, 0
        for slot in range(SIGHTINGS):
            seen = sightings[slot]
            if seen["count"] == 0 or int(seen["last_ms"]) <= newest_ms:
                continue
            for place in range(DEVICES):
                if devices[place]["hand"] == hand and devices[place]["device"] == seen["device"]:
                    newest, newest_ms = slot, int(seen["last_ms"])
        if newest >= 0:
            slots |= 1 << newest
    return slots

"""Successions: one hand gone for good before the next one came."""

import numpy as np

from detector.windows.compiled import Array, Record, compiled
from detector.windows.habits.calendar import DAY_MINUTES
from detector.windows.habits.layout import DAY_HOURS, DEVICES, HANDS, LINES, Memory
from detector.windows.habits.lines import comparable, far_apart
from detector.windows.paths import bits64

PART_HOURS = 4
"""Hours are compared in parts of a day: a few days of two people of like habits fill no 24 hours alike."""


@compiled
def read_succession(memory: Memory, hand: int, minute: int, out: Record) -> None:
    """Say of the hand now at work what came before it, where nothing of that was seen since it came."""
    hands, new = memory.hands, memory.hands[hand - 1]
    old_days = new["days"] & ~new["days"]
    first, last = minute, 0
    for place in range(HANDS):
        seen = hands[place]
        if place == hand - 1 or seen["last"] == 0:
            continue
        if seen["last"] >= new["first"]:
            return
        old_days |= seen["days"]
        first = min(first, int(seen["first"]))
        last = max(last, int(seen["last"]))
    if last == 0 or _stays(memory.devices, hand, int(new["first"])):
        return
    days = bits64(old_days)
    out["old_days"] = days
    out["new_days"] = bits64(new["days"])
    out["missed_days"] = (minute - last) / DAY_MINUTES * days / ((last - first) / DAY_MINUTES + 1.0)
    out["hours_apart"] = _hours_apart(hands, hand)
    out["clients_new"] = _clients_new(memory.devices, hand)
    out["moved_far"] = _moved_far(memory.lines, hand)


@compiled
def count_successions(hands: Array) -> int:
    """Return how many hands came after all that came before them had gone."""
    count = 0
    for place in range(HANDS):
        seen = hands[place]
        if seen["last"] == 0 or bits64(seen["days"]) == 0:
            continue
        earlier, clean = 0, True
        for other in range(HANDS):
            before = hands[other]
            if other == place or before["last"] == 0:
                continue
            if before["first"] < seen["first"]:
                earlier += 1
                clean = clean and before["last"] < seen["first"]
        if earlier and clean:
            count += 1
    return count


@compiled
def _stays(devices: Array, hand: int, since: int) -> bool:
    """Return whether a device that was there before a hand came is still used, on whatever network."""
    for place in range(DEVICES):
        seen = devices[place]
        if seen["last"] >= since and seen["hand"] != hand and seen["first"] < since:
            return True
    return False


@compiled
def _hours_apart(hands: Array, hand: int) -> float:
    """Return by what share the hours of a hand are other ones than those of all others (total variation)."""
    shared, mine, others = 0.0, 0.0, 0.0
    for hour in range(DAY_HOURS):
        mine += np.float64(hands[hand - 1]["hours"][hour])
        for place in range(HANDS):
            if place != hand - 1 and hands[place]["last"] != 0:
                others += np.float64(hands[place]["hours"][hour])
    if mine == 0.0 or others == 0.0:
        return 0.0
    for part in range(0, DAY_HOURS, PART_HOURS):
        new, old = 0.0, 0.0
        for hour in range(part, part + PART_HOURS):
            new += np.float64(hands[hand - 1]["hours"][hour])
            for place in range(HANDS):
                if place != hand - 1 and hands[place]["last"] != 0:
                    old += np.float64(hands[place]["hours"][hour])
        shared += min(new / mine, old / others)
    return 1.0 - shared


@compiled
def _clients_new(devices: Array, hand: int) -> bool:
    for place in range(DEVICES):
        mine = devices[place]
        if mine["last"] == 0 or mine["hand"] != hand:
            continue
        for other in range(DEVICES):
            seen = devices[other]
            if seen["last"] != 0 and seen["hand"] != hand and seen["client"] == mine["client"]:
                return False
    return True


@compiled
def _moved_far(lines: Array, hand: int) -> bool:
    """Return whether every line of a hand is far from every one before, as far as is known."""
    apart = False
    for place in range(LINES):
        mine = lines[place]
        if mine["last"] == 0 or mine["hand"] != hand:
            continue
        for other in range(LINES):
            seen = lines[other]
            if seen["last"] == 0 or seen["hand"] == hand or not seen["anchored"] or not mine["anchored"]:
                continue
            if far_apart(mine, seen):
                apart = True
            elif comparable(mine, seen):
                return False
    return apart

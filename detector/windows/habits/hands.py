"""Hands: which devices and lines hang together, and what is counted of each."""

import numpy as np

from detector.windows.compiled import Array, Record, compiled
from detector.windows.habits.layout import DAY_HOURS, DEVICES, HANDS, LINES, STINTS, Memory
from detector.windows.paths import bits64

ONE = np.uint64(1)
FULL = 200
"""A count of the histogram of hours that lets all of them be halved: about half a year of one habit."""


@compiled
def attach(memory: Memory, device: int, line: int) -> bool:
    """Note that a device was at a line; return whether two hands became one by it."""
    theirs = int(memory.devices[device]["hand"])
    lines = int(memory.lines[line]["hand"])
    if theirs == 0:
        theirs = lines if lines != 0 else _open(memory)
        memory.devices[device]["hand"] = theirs
    if lines == 0:
        memory.lines[line]["hand"] = theirs
    elif lines != theirs:
        _relabel(memory, max(lines, theirs), min(lines, theirs))
        return True
    return False


@compiled
def sign(hand: Record, minute: int, hour: int, core: bool, desktop: int) -> None:  # noqa: FBT001  # numba takes no keywords-only
    """Count a person's sign of a hand; `core`: in the middle of a working day."""
    if hand["days"] & ONE == 0:
        hand["days"] |= ONE
        hand["day_hours"] = 0
    if hand["first"] == 0:
        hand["first"] = minute
    hand["last"] = minute
    if core:
        hand["core"] |= ONE
    if desktop:
        hand["desktop"] = 1
    if int(hand["day_hours"]) >> hour & 1 == 0:
        hand["day_hours"] = int(hand["day_hours"]) | 1 << hour
        _count_hour(hand["hours"], hour)


@compiled
def _count_hour(hours: Array, hour: int) -> None:
    hours[hour] += 1
    if hours[hour] >= FULL:
        for other in range(DAY_HOURS):
            hours[other] //= 2


@compiled
def _open(memory: Memory) -> int:
    """Return the number of a new hand; where all are taken, the one with fewest days makes room."""
    chosen, fewest = 0, 65
    for place in range(HANDS):
        seen = memory.hands[place]
        days = bits64(seen["days"]) if seen["last"] != 0 else -1
        if days < fewest or (days == fewest and seen["last"] < memory.hands[chosen]["last"]):
            chosen, fewest = place, days
    if fewest >= 0:
        _relabel(memory, chosen + 1, 0)
    return chosen + 1


@compiled
def _relabel(memory: Memory, old: int, new: int) -> None:
    """Make one hand part of another, or of nobody (`new` 0), and empty its place."""
    for place in range(DEVICES):
        if memory.devices[place]["hand"] == old:
            memory.devices[place]["hand"] = new
    for place in range(LINES):
        if memory.lines[place]["hand"] == old:
            memory.lines[place]["hand"] = new
    for place in range(STINTS):
        if memory.stints[place]["hand"] == old:
            memory.stints[place]["hand"] = new
    gone = memory.hands[old - 1]
    if new != 0 and gone["last"] != 0:
        _join(memory.hands[new - 1], gone)
    pairs = memory.habits["pairs"]
    for other in range(HANDS):
        if new != 0 and other != new - 1:
            most = max(pairs[new - 1, other], pairs[old - 1, other])
            pairs[new - 1, other] = most
            pairs[other, new - 1] = most
        pairs[old - 1, other] = 0
        pairs[other, old - 1] = 0
    gone["days"] = 0
    gone["core"] = 0
    gone["first"] = 0
    gone["last"] = 0
    gone["day_hours"] = 0
    gone["desktop"] = 0
    gone["hours"][:] = 0


@compiled
def _join(hand: Record, other: Record) -> None:
    """Add what is known of another hand to one."""
    hand["days"] |= other["days"]
    hand["core"] |= other["core"]
    if hand["first"] == 0 or other["first"] < hand["first"]:
        hand["first"] = other["first"]
    if other["last"] > hand["last"]:
        hand["last"] = other["last"]
        hand["day_hours"] = other["day_hours"]
    hand["desktop"] |= other["desktop"]
    for hour in range(DAY_HOURS):
        hand["hours"][hour] = min(int(hand["hours"][hour]) + int(other["hours"][hour]), FULL - 1)

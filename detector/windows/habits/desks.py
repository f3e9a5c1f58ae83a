"""Desks: computers of one seat that are at work at once in one network, and how many people that takes.

One person may have two computers on a desk, so two prove little; of three that are at work at once in pairs,
each has somebody of its own.
"""

import numpy as np

from detector.windows.compiled import Array, Record, compiled
from detector.windows.habits.largest_set import largest_set
from detector.windows.habits.layout import DEVICES

WITHIN = 15
"""Minutes between two signs of a computer in which another one's sign shows both at work."""
AGAIN = 5
"""Minutes in which one such meeting is counted."""
OFTEN = 3
"""Meetings of each two computers from which on they count; and of a day from which on the day does."""
ONE = np.uint64(1)


@compiled
def meet(habits: Record, devices: Array, place: int, before: int, minute: int) -> None:
    """Count the computers at work between two signs of the one in `place`, the earlier one at `before`."""
    here = devices[place]
    if before == 0:
        _clear(habits, place)
    if minute == before or minute - before > WITHIN or minute - int(habits["desk"]) < AGAIN:
        return
    if not here["desktop"]:
        return
    met = False
    for other in range(DEVICES):
        seen = devices[other]
        if (
            other == place
            or not seen["desktop"]
            or seen["last"] <= before
            or seen["prefix"] != here["prefix"]
        ):
            continue
        count = min(int(habits["desks"][place, other]) + 1, 255)
        habits["desks"][place, other] = count
        habits["desks"][other, place] = count
        met = True
    if met:
        habits["desk"] = minute
        habits["desk_meetings"] = min(int(habits["desk_meetings"]) + 1, 255)
        if habits["desk_meetings"] >= OFTEN:
            habits["desk_days"] |= ONE
        count_desks(habits)


@compiled
def last_sign(device: Record) -> int:
    """Return the minute of a device's last sign, 0 where it has none; its place may have been another's."""
    return 0 if device["days"] == 0 else int(device["last"])


@compiled
def _clear(habits: Record, place: int) -> None:
    """Forget whom the computer in `place` met: another one takes its place."""
    for other in range(DEVICES):
        habits["desks"][place, other] = 0
        habits["desks"][other, place] = 0


@compiled
def count_desks(habits: Record) -> None:
    """Find the largest set of computers that pairwise met OFTEN, and how often the least of them did."""
    people, sure = largest_set(habits["desks"], (1 << DEVICES) - 1, OFTEN)
    habits["desk_people"] = people
    habits["desk_sure"] = sure

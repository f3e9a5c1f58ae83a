"""Stints: runs of signs of one hand; interleaved ones show two people."""

from detector.windows.compiled import Array, compiled
from detector.windows.habits.layout import STINTS, Memory
from detector.windows.habits.lines import apart

WITHIN = 15
"""Minutes between two signs of a hand in which another's sign interleaves: too few to go there and back."""
AGAIN = 5
"""Minutes in which one interleaving is counted, so that their number is one of minutes, not of clicks."""
WEIGHTS = (0, 4, 12)
"""What an interleaving counts, by how far apart: nothing where that cannot be told; a third behind two
lines of one metropolis, where a person may reach both (a neighbour, an office with two lines)."""


@compiled
def continue_stint(memory: Memory, hand: int, desktop: int, minute: int, core: bool) -> bool:  # noqa: FBT001  # numba takes no keywords-only
    """Go on with the newest stint or open one; return whether one was opened."""
    stints = memory.stints
    newest = (int(memory.habits["next"]) - 1) % STINTS
    seen = stints[newest]
    opened = seen["hand"] != hand
    if opened:
        newest = int(memory.habits["next"])
        memory.habits["next"] = (newest + 1) % STINTS
        seen = stints[newest]
        seen["first"] = minute
        seen["signs"] = 0
        seen["hand"] = hand
        seen["core"] = 0
    seen["desktop"] = desktop
    seen["last"] = minute
    seen["signs"] = min(int(seen["signs"]) + 1, 65_535)
    if core:
        seen["core"] = 1
    return bool(opened)


@compiled
def interleaves(memory: Memory, minute: int) -> bool:
    """Count the hands seen since the last stint of this one, if that was just now; return if any were."""
    newest = (int(memory.habits["next"]) - 1) % STINTS
    if minute - int(memory.habits["pair"]) < AGAIN:
        return False
    stints = memory.stints
    here = stints[newest]
    back = 0
    for step in range(2, STINTS):
        seen = stints[(newest - step) % STINTS]
        if seen["hand"] == 0 or minute - int(seen["last"]) > WITHIN:
            return False
        if seen["hand"] == here["hand"]:
            back = step
            break
    counted = False
    for step in range(1, back):
        weight = _weight(memory, newest, (newest - step) % STINTS)
        if weight > 0:
            _add(memory.habits["pairs"], int(here["hand"]) - 1, stints, (newest - step) % STINTS, weight)
            counted = True
    if counted:
        memory.habits["pair"] = minute
    return counted


@compiled
def _add(pairs: Array, hand: int, stints: Array, other: int, weight: int) -> None:
    theirs = int(stints[other]["hand"]) - 1
    count = min(int(pairs[hand, theirs]) + weight, 255)
    pairs[hand, theirs] = count
    pairs[theirs, hand] = count


@compiled
def _weight(memory: Memory, newest: int, other: int) -> int:
    """Return what an interleaving of two stints counts: like devices only, computers.

    A phone beside a computer is one person's, wherever its carrier lets it out.
    """
    here, there = memory.stints[newest], memory.stints[other]
    if not here["desktop"] or not there["desktop"] or here["hand"] == there["hand"]:
        return 0
    return WEIGHTS[apart(memory.lines, int(here["hand"]), int(there["hand"]))]

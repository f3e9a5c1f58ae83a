"""Turns: hands that come back after another one, in the middle of working days."""

from detector.windows.compiled import compiled
from detector.windows.habits.calendar import CHINA_MINUTES, DAY_MINUTES
from detector.windows.habits.hours import hours_apart
from detector.windows.habits.layout import STINTS, Memory
from detector.windows.habits.lines import FAR, NEAR, apart

TURNS_DAYS = 14


@compiled
def count_turns(memory: Memory, minute: int) -> None:
    """Count how often in two weeks a hand came back after one of another metropolis, or line of the same one.

    Only working time counts: who goes home in the evening, and to the office in the morning, takes no turns
    with anybody, though he may leave one computer here and one there. Within a metropolis only a hand counts
    that comes back on the same day: one person may work at home on Tuesdays. A phone beside a computer is its
    owner's, wherever its carrier lets it out.
    """
    habits, stints = memory.habits, memory.stints
    far, near, met, last, apart_by = 0, 0, 0, -1, 0.0
    for step in range(STINTS):
        place = (int(habits["next"]) + step) % STINTS
        seen = stints[place]
        if seen["hand"] == 0 or not seen["core"] or not seen["desktop"]:
            continue
        if minute - int(seen["last"]) > TURNS_DAYS * DAY_MINUTES:
            continue
        hand = int(seen["hand"])
        if last >= 0 and stints[last]["hand"] != hand and met >> hand & 1:
            distance = apart(memory.lines, hand, int(stints[last]["hand"]))
            if distance == FAR:
                far += 1
                apart_by += hours_apart(memory.hands, 1 << hand, 1 << int(stints[last]["hand"]))
            elif distance == NEAR and _same_day(memory, place, last):
                near += 1
        met |= 1 << hand
        last = place
    habits["far_turns"] = far
    habits["near_turns"] = near
    habits["turns_apart"] = apart_by / far if far > 0 else 0.0


@compiled
def _same_day(memory: Memory, place: int, last: int) -> bool:
    """Return whether the hand of a stint was at work before the stint `last`, on the day it began."""
    stints = memory.stints
    began = _day(int(stints[place]["first"]))
    if _day(int(stints[last]["first"])) != began:
        return False
    for step in range(1, STINTS):
        before = stints[(last - step) % STINTS]
        if before["hand"] == 0 or _day(int(before["last"])) != began:
            return False
        if before["hand"] == stints[place]["hand"] and before["core"]:
            return True
    return False


@compiled
def _day(minute: int) -> int:
    return (minute + CHINA_MINUTES) // DAY_MINUTES

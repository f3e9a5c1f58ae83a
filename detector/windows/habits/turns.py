"""Turns: hands that come back after another one, each in the middle of a working day."""

from detector.windows.compiled import compiled
from detector.windows.habits.calendar import DAY_MINUTES
from detector.windows.habits.layout import STINTS, Memory
from detector.windows.habits.lines import comparable, far_apart

TURNS_DAYS = 14


@compiled
def count_turns(memory: Memory, minute: int) -> tuple[int, int]:
    """Return how often in two weeks a hand came back after one of another metropolis, and of the same one.

    Only working time counts: who goes home in the evening, and to the office in the morning, takes no turns
    with anybody, though he may leave one computer here and one there.
    """
    stints, lines = memory.stints, memory.lines
    far, near, met, last = 0, 0, 0, -1
    for step in range(STINTS):
        place = (int(memory.habits["next"]) + step) % STINTS
        seen = stints[place]
        if seen["hand"] == 0 or not seen["core"] or minute - int(seen["last"]) > TURNS_DAYS * DAY_MINUTES:
            continue
        if last >= 0 and stints[last]["hand"] != seen["hand"] and met >> int(seen["hand"]) & 1:
            line, other = lines[seen["line"]], lines[stints[last]["line"]]
            if line["hand"] == seen["hand"] and other["hand"] == stints[last]["hand"]:
                if far_apart(line, other):
                    far += 1
                elif comparable(line, other):
                    near += 1
        met |= 1 << int(seen["hand"])
        last = place
    return far, near

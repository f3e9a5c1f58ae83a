"""Turns: hands that come back after another one, in the middle of working days."""

from detector.windows.compiled import compiled
from detector.windows.habits.calendar import CHINA_MINUTES, DAY_MINUTES
from detector.windows.habits.hours import hours_apart
from detector.windows.habits.layout import STINTS, Memory
from detector.windows.habits.lines import FAR, NEAR, apart
from detector.windows.habits.stints import WITHIN

TURNS_DAYS = 14
EVENING = 18 * 60
"""Minute of a day from which nobody goes from a far place to another one and back before midnight."""


@compiled
def count_turns(memory: Memory, minute: int) -> None:
    """Count how often in two weeks a hand came back after one of another metropolis, or line of the same one.

    Only working time counts: who goes home in the evening, and to the office in the morning, takes no turns
    with anybody, though he may leave one computer here and one there. Or one evening, far and back, which
    counts twice: home from work he goes once. Within a metropolis only a hand counts that comes back on the
    same day: one person may work at home on Tuesdays. A phone beside a computer is its owner's, wherever its
    carrier lets it out.
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
    evenings, evenings_apart = _evenings(memory, minute)
    far += 2 * evenings
    apart_by += 2.0 * evenings_apart
    habits["far_turns"] = far
    habits["near_turns"] = near
    habits["turns_apart"] = apart_by / far if far > 0 else 0.0


@compiled
def _evenings(memory: Memory, minute: int) -> tuple[int, float]:
    """Return how often a computer was back after a far one in one evening, and by what share hours differ."""
    stints = memory.stints
    count, apart_by = 0, 0.0
    for step in range(2, STINTS):
        first = stints[(int(memory.habits["next"]) + step - 2) % STINTS]
        other = stints[(int(memory.habits["next"]) + step - 1) % STINTS]
        back = stints[(int(memory.habits["next"]) + step) % STINTS]
        if first["hand"] == 0 or first["hand"] != back["hand"] or first["hand"] == other["hand"]:
            continue
        if not (first["desktop"] and other["desktop"] and back["desktop"]):
            continue
        if minute - int(back["last"]) > TURNS_DAYS * DAY_MINUTES:
            continue
        left, came = int(first["last"]), int(back["first"])
        if _day(left) != _day(came) or (left + CHINA_MINUTES) % DAY_MINUTES < EVENING:
            continue
        if apart(memory.lines, int(back["hand"]), int(other["hand"])) == FAR:
            count += 1
            apart_by += hours_apart(memory.hands, 1 << int(back["hand"]), 1 << int(other["hand"]))
    return count, apart_by


@compiled
def _same_day(memory: Memory, place: int, last: int) -> bool:
    """Return whether the hand of a stint was at work before the stint `last`, on the day it began.

    What comes back within minutes interleaves, which is counted elsewhere.
    """
    stints = memory.stints
    began = _day(int(stints[place]["first"]))
    if _day(int(stints[last]["first"])) != began:
        return False
    for step in range(1, STINTS):
        before = stints[(last - step) % STINTS]
        if before["hand"] == 0 or _day(int(before["last"])) != began:
            return False
        if before["hand"] == stints[place]["hand"] and before["core"]:
            return int(stints[place]["first"]) - int(before["last"]) >= WITHIN
    return False


@compiled
def _day(minute: int) -> int:
    return (minute + CHINA_MINUTES) // DAY_MINUTES

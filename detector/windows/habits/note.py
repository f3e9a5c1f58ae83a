"""What a person's sign does to the long memory of an account."""

import numpy as np

from detector.windows.compiled import Array, Record, compiled
from detector.windows.habits.calendar import MINUTE_MS, WEEK_DAYS, day_of, hour_of, working_time
from detector.windows.habits.desks import count_desks, last_sign, meet
from detector.windows.habits.devices import find_device
from detector.windows.habits.hands import ONE, attach, sign
from detector.windows.habits.layout import DEVICES, HANDS, Memory
from detector.windows.habits.lines import find_line
from detector.windows.habits.people import count_people
from detector.windows.habits.stints import continue_stint, interleaves
from detector.windows.habits.turns import count_turns
from detector.windows.short_lists import put_first

BITS = 64
NOTHING = np.uint64(0)


@compiled
def note(event: Record, memory: Memory, seat: int) -> int:
    """Take in a sign of a person; return the place of its device, -1 where that cannot be told.

    `seat`: 0 on a personal account.
    """
    time_ms = int(event["time_ms"])
    minute, day, hour = time_ms // MINUTE_MS, day_of(time_ms), hour_of(time_ms)
    habits = memory.habits
    began = day != habits["day"]
    _advance(memory, day)
    if habits["first"] == 0:
        habits["first"] = minute
        habits["people"] = 1
    habits["days"] |= ONE
    line = find_line(memory.lines, event, minute) if event["fixed"] else -1
    owner = int(memory.lines[line]["hand"]) if line >= 0 else 0
    place = int(find_device(habits, memory.devices, event, owner))
    if place < 0:
        return place
    device = memory.devices[place]
    before = last_sign(device)
    device["days"] |= ONE
    device["last"] = minute
    if device["prefix"] != event["prefix"]:
        device["prefix"] = event["prefix"]
        if event["fixed"]:
            put_first(device["networks"], event["prefix"])
    if seat and line >= 0:
        meet(habits, memory.devices, place, before, minute)
    if line >= 0 and attach(memory, place, line):
        count_people(habits, memory.hands)
    hand = int(device["hand"])
    if hand != 0:
        core = working_time(day, hour)
        sign(memory.hands[hand - 1], minute, hour, core, device["desktop"])
        opened = line >= 0 and continue_stint(memory, hand, device["desktop"], minute, core)
        if opened and interleaves(memory, minute):
            count_people(habits, memory.hands)
        if opened or began:
            count_turns(memory, minute)
    return place


@compiled
def _advance(memory: Memory, day: int) -> None:
    """Bring every bitmap of days to a day; what is older than they reach is forgotten."""
    habits = memory.habits
    if habits["first"] == 0:
        habits["day"] = day
        habits["week"] = day // WEEK_DAYS
    steps = day - int(habits["day"])
    if steps <= 0:
        return
    habits["day"] = day
    habits["days"] = _shifted(habits["days"], steps)
    habits["desk_days"] = _shifted(habits["desk_days"], steps)
    habits["desk_meetings"] = 0
    for place in range(DEVICES):
        memory.devices[place]["days"] = _shifted(memory.devices[place]["days"], steps)
    for place in range(HANDS):
        hand = memory.hands[place]
        hand["days"] = _shifted(hand["days"], steps)
        hand["core"] = _shifted(hand["core"], steps)
    weeks = day // WEEK_DAYS - int(habits["week"])
    if weeks > 0:
        habits["week"] = day // WEEK_DAYS
        _halve(habits["pairs"], min(weeks, 8))
        if habits["desk"] != 0:
            _halve(habits["desks"], min(weeks, 8))
            count_desks(habits)
        habits["strange"] = int(habits["strange"]) >> min(weeks, 8)
        count_people(habits, memory.hands)


@compiled
def _shifted(days: np.uint64, steps: int) -> np.uint64:
    return days << np.uint64(steps) if steps < BITS else NOTHING


@compiled
def _halve(pairs: Array, times: int) -> None:
    for one in range(len(pairs)):
        for other in range(len(pairs)):
            pairs[one, other] = int(pairs[one, other]) >> times

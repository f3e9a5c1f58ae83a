"""Successions: one hand gone for good before the next one came."""

from detector.windows.compiled import Array, Record, compiled
from detector.windows.habits.calendar import CHINA_MINUTES, DAY_MINUTES, working_days
from detector.windows.habits.hours import ALL, hours_apart
from detector.windows.habits.layout import DEVICES, HANDS, Memory
from detector.windows.habits.lines import FAR, NEAR, apart
from detector.windows.paths import bits64

VISIT_DAYS = 2
"""Less is a visit."""


@compiled
def read_succession(memory: Memory, hand: int, minute: int, password: int, out: Record) -> None:
    """Say of the hand now at work what came before it, where nothing of that was seen since it came.

    Days are working days: a computer at work is left alone over the weekend. `password`: minute of its last
    change.
    """
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
    day = int(memory.habits["day"])
    gone, began = day - _day(last), day - _day(first)
    before = working_days(day, gone, began)
    out["old_days"] = bits64(old_days & before)
    out["new_days"] = bits64(new["days"] & working_days(day, 0, gone))
    since = bits64(working_days(day, 0, gone - 1))
    out["missed_days"] = since * int(out["old_days"]) / max(bits64(before), 1)
    mine = 1 << hand
    out["hours_apart"] = hours_apart(hands, mine, ALL ^ mine)
    out["clients_new"] = _clients_new(memory.devices, hand)
    out["password_new"] = 0 <= password - int(new["first"]) <= DAY_MINUTES
    out["moved_far"] = _moved_far(memory, hand)


@compiled
def _day(minute: int) -> int:
    return (minute + CHINA_MINUTES) // DAY_MINUTES


@compiled
def count_successions(hands: Array) -> int:
    """Return how many hands came after all that came before them had gone, in halves.

    One seen on a single day counts half: it may be a visit.
    """
    count = 0
    for place in range(HANDS):
        seen = hands[place]
        if seen["last"] == 0:
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
            count += 2 if bits64(seen["days"]) >= VISIT_DAYS else 1
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
def _moved_far(memory: Memory, hand: int) -> bool:
    """Return whether a hand is far from each one before that it can be compared to, and from one at least."""
    far = False
    for place in range(HANDS):
        if place == hand - 1 or memory.hands[place]["last"] == 0:
            continue
        distance = apart(memory.lines, hand, place + 1)
        if distance == NEAR:
            return False
        far = far or distance == FAR
    return far

"""Successions: some hands gone for good before the next ones came."""

from detector.windows.compiled import Array, Record, compiled
from detector.windows.habits.calendar import CHINA_MINUTES, DAY_MINUTES, NOTHING, working_days
from detector.windows.habits.hours import hours_apart
from detector.windows.habits.layout import DEVICES, HANDS, Memory
from detector.windows.habits.lines import FAR, NEAR, apart
from detector.windows.paths import bits64

VISIT_DAYS = 2
"""Less is a visit."""


@compiled
def read_succession(memory: Memory, hand: int, minute: int, password: int, out: Record) -> None:
    """Say of those now at work what came before them, where nothing of that was seen since they came.

    Days are working days: a computer at work is left alone over the weekend. Nothing is missed yet of the day
    that is still going on. `password`: minute of its last change.
    """
    came = _came(memory, hand)
    hands = memory.hands
    old, new = 0, 0
    old_days = new_days = NOTHING
    first, last = minute, 0
    for place in range(HANDS):
        seen = hands[place]
        if seen["last"] == 0:
            continue
        if seen["first"] >= came:
            new |= 1 << (place + 1)
            new_days |= seen["days"]
            continue
        old |= 1 << (place + 1)
        old_days |= seen["days"]
        first = min(first, int(seen["first"]))
        last = max(last, int(seen["last"]))
    if old == 0:
        return
    day = int(memory.habits["day"])
    gone, began = day - _day(last), day - _day(first)
    before = working_days(day, gone, began)
    out["old_days"] = bits64(old_days & before)
    out["new_days"] = bits64(new_days & working_days(day, 0, gone))
    since = bits64(working_days(day, 1, gone - 1))
    out["missed_days"] = since * int(out["old_days"]) / max(bits64(before), 1)
    out["hours_apart"] = hours_apart(hands, new, old)
    out["clients_new"] = _clients_new(memory.devices, came)
    out["password_new"] = 0 <= password - came <= DAY_MINUTES
    out["moved_far"] = _moved_far(memory, new, old)


@compiled
def _came(memory: Memory, hand: int) -> int:
    """Return the minute in which those now at work came: nothing older was seen since then.

    So what was seen since, hands and devices on whatever network, is theirs from its own first sign on.
    """
    sooner = int(memory.hands[hand - 1]["first"])
    came = sooner + 1
    while sooner < came:
        came = sooner
        sooner = _soonest(memory.devices, _soonest(memory.hands, came))
    return came


@compiled
def _soonest(kept: Array, since: int) -> int:
    """Return the first minute of all hands, or devices, that were seen since a minute."""
    soonest = since
    for place in range(len(kept)):
        if kept[place]["last"] >= since:
            soonest = min(soonest, int(kept[place]["first"]))
    return soonest


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
def _clients_new(devices: Array, came: int) -> bool:
    """Return whether no client of the devices that were there before a minute was seen since."""
    for place in range(DEVICES):
        mine = devices[place]
        if mine["last"] == 0 or mine["first"] < came:
            continue
        for other in range(DEVICES):
            seen = devices[other]
            if seen["last"] != 0 and seen["first"] < came and seen["client"] == mine["client"]:
                return False
    return True


@compiled
def _moved_far(memory: Memory, new: int, old: int) -> bool:
    """Return whether hands are far from all those before that they can be compared to, and one at least."""
    far = False
    for hand in range(1, HANDS + 1):
        for before in range(1, HANDS + 1):
            if new >> hand & 1 and old >> before & 1:
                distance = apart(memory.lines, hand, before)
                if distance == NEAR:
                    return False
                far = far or distance == FAR
    return far

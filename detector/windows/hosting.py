"""Use of an account from hosting networks: how much in a day, in how many hours, on how many of its days.

What a stranger does in his first day, on a device, network and line that the account never had, is not
counted: he may be a thief, whose victim did not go there. Who stays longer is the account's.
"""

from typing import Final

import numpy as np

from detector.categories import DATACENTER_ACCESS_BIT
from detector.windows.compiled import Array, Record, compiled
from detector.windows.habits.calendar import day_of
from detector.windows.layout import EVENT_TYPES, HOSTING, HOSTING_USED
from detector.windows.paths import bits64
from detector.windows.rings import add

HEARTBEAT, LOGOUT = EVENT_TYPES.index("heartbeat"), EVENT_TYPES.index("logout")
A_DAYS_USE: Final = 5
"""Events from which on a day counts: a stray page brings two or three."""
TWO_WEEKS: Final = np.uint64((1 << 14) - 1)
BITS: Final = 64
ONE = np.uint64(1)


@compiled
def hosted(event: Record, head: Record, totals: Array, hours: Array, seen: Record, out: Record) -> bool:
    """Count the use of an account; return whether the sighting `seen` is a hosting network's first use."""
    if not _is_use(event):
        return False
    _note_day(head, day_of(int(event["time_ms"])))
    if not event["hosting"] or event["excused"] & DATACENTER_ACCESS_BIT:
        return False
    if not seen["strange"]:
        add(head, totals, hours, HOSTING)
        head["hosting"] = int(head["hosting"]) | 1
        head["hosting_today"] = min(int(head["hosting_today"]) + 1, A_DAYS_USE)
        if head["hosting_today"] == A_DAYS_USE:
            head["hosting_days"] |= ONE
    out["hosting_use"] = 1
    out["hosting_days_14d"] = bits64(head["hosting_days"] & TWO_WEEKS)
    out["used_days_14d"] = bits64(head["used_days"] & TWO_WEEKS)
    first = bool(seen["hosting"] != HOSTING_USED)
    seen["hosting"] = HOSTING_USED
    return first


@compiled
def _is_use(event: Record) -> bool:
    """Return whether an event is use of an account, a program's too."""
    return bool(event["account"] and event["type"] not in (HEARTBEAT, LOGOUT))


@compiled
def _note_day(head: Record, day: int) -> None:
    """Note a day with use."""
    steps = day - int(head["used_day"])
    if steps > 0:
        head["hosting_days"] = _older(head["hosting_days"], steps)
        head["used_days"] = _older(head["used_days"], steps)
        head["used_day"] = day
        head["hosting_today"] = 0
    head["used_days"] |= ONE


@compiled
def _older(days: np.uint64, steps: int) -> np.uint64:
    return days << np.uint64(steps) if steps < BITS else np.uint64(0)

"""Logins: which accounts strangers tried at an address, with a client, anywhere, and who got in.

The row remembers the newest ENTRIES pairs of account and address, so that a hundred tries at one account
take one place; tries at accounts that do not exist take one for each address and half an hour. A pair whose
account got in later, where it had failed, was its holder's; what remains are accounts tried in vain.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from detector.windows.compiled import Array, Record, compiled
from detector.windows.crowds.baselines import BASELINE_HOURS, read_usual, usual_fields
from detector.windows.crowds.layout import (
    CELL,
    CHINA_MS,
    DAY_MS,
    DAYS,
    ENTRIES,
    FEATURE,
    HEAD,
    features_of,
)
from detector.windows.crowds.past import MOST, advance, begin, count, newest
from detector.windows.crowds.tally import TALLY, tally
from detector.windows.habits.calendar import HOUR_MS

VERSION: Final = 2
FACTS: Final = ("account", "address", "failed", "strange", "tries")
"""The facts of a cell, in this order. `account` is 0 where there is none; `strange`: on a device and a
network that it was never seen on; `tries`: a day's failed logins of this address at no known account."""
EMPTY, TRIED, RESOLVED, ENTERED = range(4)
"""What became of a pair; ENTERED: a stranger who got in at once."""

LOGIN_CELL: Final = np.dtype([*CELL, *((name, "u8") for name in FACTS)], align=True)
ENTRY: Final = np.dtype(
    [
        ("time_ms", "i8"),  # of the newest try
        ("first_ms", "i8"),
        ("account", "u8"),
        ("address", "u8"),
        ("gap_ms", "u4"),  # between the newest two tries
        ("tries", "u2"),
        ("told", "u2"),  # a day's tries of the address at accounts that do not exist, by its own word
        ("timed", "u2"),  # of those, as evenly as a timer's
        ("state", "u1"),
        ("got_in", "u1"),  # 1: as a stranger, at the address that had tried
    ],
    align=True,
)
HOURS: Final = 24
SPANS_MS: Final = (30 * 60_000, HOUR_MS, DAY_MS)
"""What ends now and has a usual number."""
LOGIN_ROW: Final = np.dtype(
    [
        *HEAD,
        ("hour", "i4"),  # hours since 1970 of the newest cell
        ("tried_hours", "u2", BASELINE_HOURS),  # pairs that strangers began to try
        ("fine_hours", "u2", HOURS),  # logins that succeeded
        ("fine_days", "u2", DAYS),
        ("entries", ENTRY, ENTRIES),
    ],
    align=True,
)
LOGIN_FEATURES: Final = np.dtype(
    [
        *FEATURE,
        ("failed", "u1"),
        *TALLY,
        ("fine_1h", "u4"),  # logins that succeeded in this clock hour and the one before
        ("fine_24h", "u4"),
        ("fine_7d", "u4"),
        ("tried_1h", "u4"),
        *usual_fields(len(SPANS_MS)),  # of pairs tried, where a login failed
    ],
    align=True,
)
"""What rules read of the row right after a login was folded into it."""

APART_MS = 30 * 60_000
AGAIN_MS = 12 * HOUR_MS
"""A pair that was not tried for so long begins anew: who fails every Monday counts on each."""
TIMER_MS = 4_000
"""Programs that guess wait less; a client that was left with an old name tries less often."""
ALIKE_SHARE = 10
"""Two gaps are alike that differ by a tenth at most."""


def fold_logins(cells: NDArray[np.void], rows: NDArray[np.void]) -> NDArray[np.void]:
    """Fold logins into rows, in place, and return the features after each.

    `cells`: LOGIN_CELL, shape (n,), in order; `rows`: LOGIN_ROW, shape (m,). Returns LOGIN_FEATURES, (n,).
    """
    features = features_of(cells, LOGIN_FEATURES)
    features["failed"] = cells["failed"]
    _fold(cells, rows, features)
    return features


@compiled
def _fold(cells: Array, rows: Array, features: Array) -> None:
    for place in range(len(cells)):
        cell = cells[place]
        _fold_one(cell, rows[cell["row"]], features[place])


@compiled
def _fold_one(cell: Record, row: Record, seen: Record) -> None:
    time_ms = int(cell["time_ms"])
    day, hour = (time_ms + CHINA_MS) // DAY_MS, time_ms // HOUR_MS
    _begin(row, time_ms, day, hour)
    if cell["failed"]:
        seen["slot"] = _tried(cell, row, hour)
        read_usual(row["tried_hours"], int(row["first_ms"]), time_ms, SPANS_MS, seen)
    else:
        count(row["fine_hours"], hour)
        count(row["fine_days"], day)
        seen["slot"] = _succeeded(cell, row)
    tally(row["entries"], time_ms, seen)
    seen["fine_1h"] = newest(row["fine_hours"], hour, 2)
    seen["fine_24h"] = newest(row["fine_hours"], hour, HOURS)
    seen["fine_7d"] = newest(row["fine_days"], day, 7)
    seen["tried_1h"] = newest(row["tried_hours"], hour, 2)


@compiled
def _begin(row: Record, time_ms: int, day: int, hour: int) -> None:
    begin(row, VERSION, time_ms)
    advance(row["fine_days"], int(row["day"]), day)
    advance(row["tried_hours"], int(row["hour"]), hour)
    advance(row["fine_hours"], int(row["hour"]), hour)
    row["day"] = day
    row["hour"] = hour


@compiled
def _tried(cell: Record, row: Record, hour: int) -> int:
    """Note a stranger's failed login; return the place of its pair."""
    now_ms = int(cell["time_ms"])
    slot = _find(row["entries"], cell)
    if slot < 0:
        slot = _open(row, cell, TRIED)
        count(row["tried_hours"], hour)
    entry = row["entries"][slot]
    gap_ms = now_ms - int(entry["time_ms"])
    if gap_ms > AGAIN_MS:
        count(row["tried_hours"], hour)
    before_ms = int(entry["gap_ms"])
    if gap_ms >= TIMER_MS and abs(gap_ms - before_ms) <= gap_ms // ALIKE_SHARE:
        entry["timed"] = min(int(entry["timed"]) + 1, MOST)
    entry["gap_ms"] = min(gap_ms, 4_000_000_000)
    entry["time_ms"] = now_ms
    entry["tries"] = min(int(entry["tries"]) + 1, MOST)
    entry["told"] = min(int(cell["tries"]), MOST)
    entry["state"] = TRIED
    return slot


@compiled
def _succeeded(cell: Record, row: Record) -> int:
    """Resolve what the account had failed with; return the place of a stranger's success, -1 for others."""
    found = -1
    for slot in range(ENTRIES):
        entry = row["entries"][slot]
        if entry["state"] == EMPTY or entry["account"] != cell["account"]:
            continue
        if entry["state"] == TRIED:
            entry["state"] = RESOLVED
        if entry["address"] == cell["address"]:
            found = slot
    if not cell["strange"]:
        return -1
    if found < 0:
        found = _open(row, cell, ENTERED)
    entry = row["entries"][found]
    entry["time_ms"] = cell["time_ms"]
    entry["got_in"] = 1
    return found


@compiled
def _find(entries: Array, cell: Record) -> int:
    """Return the place of a cell's pair, -1 where it has none; that of no account lasts half an hour."""
    for slot in range(ENTRIES):
        entry = entries[slot]
        if entry["state"] == EMPTY or entry["account"] != cell["account"]:
            continue
        recent = int(cell["time_ms"]) - int(entry["first_ms"]) <= APART_MS
        if entry["address"] == cell["address"] and (cell["account"] != 0 or recent):
            return slot
    return -1


@compiled
def _open(row: Record, cell: Record, state: int) -> int:
    """Begin a pair in the place of the oldest one."""
    slot = int(row["next"])
    row["next"] = (slot + 1) % ENTRIES
    entry = row["entries"][slot]
    entry["time_ms"] = cell["time_ms"]
    entry["first_ms"] = cell["time_ms"]
    entry["account"] = cell["account"]
    entry["address"] = cell["address"]
    entry["gap_ms"] = 0
    entry["tries"] = 0
    entry["told"] = 0
    entry["timed"] = 0
    entry["state"] = state
    entry["got_in"] = 0
    return slot

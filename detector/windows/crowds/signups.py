"""Sign-ups: what the registrations at one address, device, pattern of names and so on have in common.

The row remembers the newest ENTRIES registrations one by one; all that rules read is counted over them, and
the days before say how many are usual here.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from detector.windows.compiled import Array, Record, compiled
from detector.windows.crowds.layout import CELL, CHINA_MS, DAY_MS, DAYS, ENTRIES, FEATURE, HEAD

VERSION: Final = 1
TRAITS: Final = ("device", "client", "address", "prefix", "stem", "domain", "phone", "invite")
"""What two registrations may have in common, each a hash; `stem`: the user name without its digits."""
FACTS: Final = ("account", *TRAITS, "refused")
"""The facts of a cell, in this order; `refused` is 1 where no account came of it."""

SIGNUP_CELL: Final = np.dtype([*CELL, *((name, "u8") for name in FACTS)], align=True)
ENTRY: Final = np.dtype(
    [("time_ms", "i8"), ("account", "u8"), ("traits", "u8", len(TRAITS)), ("refused", "u1")], align=True
)
SIGNUP_ROW: Final = np.dtype([*HEAD, ("days", "u2", DAYS), ("entries", ENTRY, ENTRIES)], align=True)
SIGNUP_FEATURES: Final = np.dtype(
    [
        *FEATURE,
        ("signups_10m", "u2"),  # with those refused; of the ring's, so at most ENTRIES
        ("signups_24h", "u2"),
        ("signups_7d", "u2"),
        ("refused_24h", "u2"),
        ("usual_day", "u2"),  # the median of the days before on which there were any; 0 where there were none
        ("same_10m", "u2", len(TRAITS)),  # that share this one's trait, by trait; itself included
        ("same_24h", "u2", len(TRAITS)),
        ("same_7d", "u2", len(TRAITS)),
        ("slots_10m", "u8"),
        ("slots_24h", "u8"),
        ("slots_7d", "u8"),
        ("same_slots_7d", "u8", len(TRAITS)),
    ],
    align=True,
)
"""What rules read of the row right after a registration was folded into it."""

_BURST_MS = 10 * 60_000
_WEEK_MS = 7 * DAY_MS
_ONE = np.uint64(1)
_NOTHING = np.uint64(0)
_TRAITS = len(TRAITS)


def fold_signups(cells: NDArray[np.void], rows: NDArray[np.void]) -> NDArray[np.void]:
    """Fold registrations into rows, in place, and return the features after each.

    `cells`: SIGNUP_CELL, shape (n,), in order; `rows`: SIGNUP_ROW, shape (m,). Returns SIGNUP_FEATURES, (n,).
    """
    features = np.zeros(len(cells), SIGNUP_FEATURES)
    for name, _ in CELL:
        features[name] = cells[name]
    traits = np.stack([cells[name] for name in TRAITS], axis=1)
    _fold(cells, traits, rows, features)
    return features


@compiled
def _fold(cells: Array, traits: Array, rows: Array, features: Array) -> None:
    for place in range(len(cells)):
        cell = cells[place]
        _fold_one(cell, traits[place], rows[cell["row"]], features[place])


@compiled
def _fold_one(cell: Record, traits: Array, row: Record, seen: Record) -> None:
    time_ms = int(cell["time_ms"])
    row["version"] = VERSION
    if row["first_ms"] == 0:
        row["first_ms"] = time_ms
    row["last_ms"] = time_ms
    _count_day(row, (time_ms + CHINA_MS) // DAY_MS)
    slot = int(row["next"])
    row["next"] = (slot + 1) % ENTRIES
    entry = row["entries"][slot]
    entry["time_ms"] = time_ms
    entry["account"] = cell["account"]
    entry["refused"] = cell["refused"]
    for trait in range(_TRAITS):
        entry["traits"][trait] = traits[trait]
    seen["slot"] = slot
    seen["usual_day"] = _usual_day(row)
    _read(row, traits, time_ms, seen)


@compiled
def _count_day(row: Record, day: int) -> None:
    """Count a registration in its day; days that had none are zeros."""
    known = int(row["day"])
    if known != day:
        for step in range(1, min(day - known, DAYS) + 1):
            row["days"][(known + step) % DAYS] = 0
        row["day"] = day
    row["days"][day % DAYS] = min(int(row["days"][day % DAYS]) + 1, 65_535)


@compiled
def _usual_day(row: Record) -> int:
    """Return the median of the days before today on which anything was counted, the lower of two."""
    today = int(row["day"]) % DAYS
    numbers = np.zeros(DAYS, np.int64)
    count = 0
    for place in range(DAYS):
        if place != today and row["days"][place] > 0:
            numbers[count] = row["days"][place]
            count += 1
    if count == 0:
        return 0
    return int(np.sort(numbers[:count])[(count - 1) // 2])


@compiled
def _read(row: Record, traits: Array, now_ms: int, seen: Record) -> None:
    """Count over the ring what lies within each window, and what of it shares the new one's traits."""
    for place in range(ENTRIES):
        entry = row["entries"][place]
        age_ms = now_ms - int(entry["time_ms"])
        if entry["time_ms"] == 0 or age_ms > _WEEK_MS:
            continue
        bit = _ONE << np.uint64(place)
        burst = age_ms <= _BURST_MS
        day = age_ms <= DAY_MS
        seen["signups_7d"] += 1
        seen["slots_7d"] |= bit
        if day:
            seen["signups_24h"] += 1
            seen["refused_24h"] += entry["refused"]
            seen["slots_24h"] |= bit
        if burst:
            seen["signups_10m"] += 1
            seen["slots_10m"] |= bit
        for trait in range(_TRAITS):
            if traits[trait] == _NOTHING or entry["traits"][trait] != traits[trait]:
                continue
            seen["same_7d"][trait] += 1
            seen["same_slots_7d"][trait] |= bit
            if day:
                seen["same_24h"][trait] += 1
            if burst:
                seen["same_10m"][trait] += 1

"""Sign-ups: what the registrations at one address, device, pattern of names and so on have in common.

The row remembers the newest ENTRIES sign-ups one by one; rules hold the new one against each of them, and the
days before say how many are usual here. Whoever is refused and tries again is one sign-up with several tries.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from detector.windows.compiled import Array, Record, compiled
from detector.windows.crowds.baselines import BASELINE_HOURS, read_usual, usual_fields
from detector.windows.crowds.layout import (
    CELL,
    DAY_MS,
    ENTRIES,
    FEATURE,
    HEAD,
    features_of,
)
from detector.windows.crowds.past import advance, begin, count
from detector.windows.habits.calendar import HOUR_MS

VERSION: Final = 3
TRAITS: Final = (
    "device",
    "client",
    "address",
    "prefix",
    "stem",
    "shape",
    "noise",
    "domain",
    "phone",
    "invite",
)
"""What two sign-ups may have in common, each a hash; detector/stages/regroup/user_names.py has the names'."""
CLOSE: Final = len(TRAITS)
"""The bit, after those of the traits, of names of one stem with running numbers."""
FACTS: Final = ("account", "name", *TRAITS, "number", "digits", "refused")
"""The facts of a cell, in this order; `name`: whose sign-up, `refused`: 1 where no account came of it."""

SIGNUP_CELL: Final = np.dtype([*CELL, *((name, "u8") for name in FACTS)], align=True)
ENTRY: Final = np.dtype(
    [
        ("time_ms", "i8"),
        ("account", "u8"),
        ("name", "u8"),
        ("number", "u8"),
        ("traits", "u8", len(TRAITS)),
        ("digits", "u1"),
        ("refused", "u1"),
    ],
    align=True,
)
SPANS_MS: Final = (HOUR_MS, DAY_MS)
"""What ends now and has a usual number."""
SIGNUP_ROW: Final = np.dtype(
    [
        *HEAD,
        ("hour", "i4"),  # hours since 1970 of the newest cell
        ("hours", "u2", BASELINE_HOURS),  # sign-ups, refused tries counted once
        ("entries", ENTRY, ENTRIES),
    ],
    align=True,
)
SIGNUP_FEATURES: Final = np.dtype(
    [
        *FEATURE,
        *usual_fields(len(SPANS_MS)),
        ("age_ms", "i8", ENTRIES),  # of each sign-up, this one's is 0; -1 where there is none
        ("shared", "u2", ENTRIES),  # a bit for each trait that it has in common with this one
        ("refused", "u1", ENTRIES),
        ("addresses", "u1", ENTRIES),  # the first place of the ring with its address: equal ones are one
        ("prefixes", "u1", ENTRIES),
        ("devices", "u1", ENTRIES),
    ],
    align=True,
)
"""What rules read of the row right after a registration was folded into it, by the places of the ring."""

YEARS: Final = (1940, 2030)
"""Numbers from and before which four digits are somebody's year, and near to others' by nature."""
NEAR: Final = 64
"""Running numbers are at most so far apart, and at most a hundredth of what their digits can count."""

_WEEK_MS = 7 * DAY_MS
_NOTHING = np.uint64(0)
_TRAITS = len(TRAITS)
_DEVICE, _ADDRESS, _PREFIX = TRAITS.index("device"), TRAITS.index("address"), TRAITS.index("prefix")
_STEM = TRAITS.index("stem")
_YEAR_DIGITS = 4
_LEAST_DIGITS = 3


def fold_signups(cells: NDArray[np.void], rows: NDArray[np.void]) -> NDArray[np.void]:
    """Fold registrations into rows, in place, and return the features after each.

    `cells`: SIGNUP_CELL, shape (n,), in order; `rows`: SIGNUP_ROW, shape (m,). Returns SIGNUP_FEATURES, (n,).
    """
    features = features_of(cells, SIGNUP_FEATURES)
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
    begin(row, VERSION, time_ms)
    hour = time_ms // HOUR_MS
    advance(row["hours"], int(row["hour"]), hour)
    row["hour"] = hour
    slot = _again(cell, row, time_ms)
    if slot < 0:
        slot = int(row["next"])
        row["next"] = (slot + 1) % ENTRIES
        row["entries"][slot]["refused"] = 1
        count(row["hours"], hour)
    entry = row["entries"][slot]
    entry["time_ms"] = time_ms
    entry["account"] = cell["account"]
    entry["name"] = cell["name"]
    entry["number"] = cell["number"]
    entry["digits"] = cell["digits"]
    if not cell["refused"]:
        entry["refused"] = 0
    for trait in range(_TRAITS):
        entry["traits"][trait] = traits[trait]
    seen["slot"] = slot
    read_usual(row["hours"], int(row["first_ms"]), time_ms, SPANS_MS, seen)
    _read(row, slot, time_ms, seen)


@compiled
def _again(cell: Record, row: Record, time_ms: int) -> int:
    """Return the place of an earlier try of the same sign-up, -1 where there is none."""
    for place in range(ENTRIES):
        entry = row["entries"][place]
        if entry["time_ms"] == 0 or time_ms - int(entry["time_ms"]) > _WEEK_MS:
            continue
        if entry["name"] != cell["name"]:
            continue
        if entry["account"] == cell["account"] or entry["account"] == _NOTHING or cell["account"] == _NOTHING:
            return place
    return -1


@compiled
def _read(row: Record, slot: int, now_ms: int, seen: Record) -> None:
    """Hold the newest sign-up, in `slot`, against each that the ring remembers."""
    new = row["entries"][slot]
    for place in range(ENTRIES):
        entry = row["entries"][place]
        if entry["time_ms"] == 0:
            seen["age_ms"][place] = -1
            continue
        seen["age_ms"][place] = now_ms - int(entry["time_ms"])
        seen["refused"][place] = entry["refused"]
        seen["addresses"][place] = _first(row, place, _ADDRESS)
        seen["prefixes"][place] = _first(row, place, _PREFIX)
        seen["devices"][place] = _first(row, place, _DEVICE)
        shared = 0
        for trait in range(_TRAITS):
            if new["traits"][trait] != _NOTHING and entry["traits"][trait] == new["traits"][trait]:
                shared |= 1 << trait
        if shared >> _STEM & 1 and _close(new, entry):
            shared |= 1 << CLOSE
        seen["shared"][place] = shared


@compiled
def _first(row: Record, place: int, trait: int) -> int:
    """Return the first place of the ring whose sign-up has the same trait as the one in `place`."""
    wanted = row["entries"][place]["traits"][trait]
    for before in range(place):
        if row["entries"][before]["time_ms"] != 0 and row["entries"][before]["traits"][trait] == wanted:
            return before
    return place


@compiled
def _close(new: Record, entry: Record) -> bool:
    """Return whether the numbers of two names run on from one another."""
    digits = int(new["digits"])
    if digits < _LEAST_DIGITS or digits != int(entry["digits"]):
        return False
    one, other = np.int64(new["number"]), np.int64(entry["number"])
    if digits == _YEAR_DIGITS and YEARS[0] <= one < YEARS[1]:
        return False
    apart = abs(one - other)
    return bool(apart <= NEAR and apart * 100 <= 10**digits)

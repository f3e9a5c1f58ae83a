"""Greetings: who begins a conversation with one TLS fingerprint, and what they say they are.

The row remembers the newest ENTRIES accounts, and visitors, that were seen at a new place or device with it,
each by what its client calls itself.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from detector.windows.compiled import Array, Record, compiled
from detector.windows.crowds.layout import (
    CELL,
    ENTRIES,
    FEATURE,
    HEAD,
    features_of,
)
from detector.windows.crowds.past import begin

VERSION: Final = 1
FACTS: Final = ("who", "account", "prefix", "called")
"""The facts of a cell, in this order. `who`: an account (`account` is 1) or a visitor's address."""
PROGRAM, BROWSER, APP, OTHER = 1, 2, 3, 4
"""Sorts: a library or a robot by its own word, a browser, the platform's application, anything else."""

GREETING_CELL: Final = np.dtype([*CELL, *((name, "u8") for name in FACTS)], align=True)
ENTRY: Final = np.dtype(
    [("time_ms", "i8"), ("who", "u8"), ("prefix", "u8"), ("account", "u1"), ("called", "u1")], align=True
)
GREETING_ROW: Final = np.dtype([*HEAD, ("entries", ENTRY, ENTRIES)], align=True)
GREETING_FEATURES: Final = np.dtype(
    [
        *FEATURE,
        ("known_ms", "i8"),  # since it was first heard
        ("age_ms", "i8", ENTRIES),  # -1 where there is none
        ("account", "u1", ENTRIES),
        ("called", "u1", ENTRIES),
        ("prefixes", "u1", ENTRIES),  # the first place of the ring with its prefix and sort
    ],
    align=True,
)
"""What rules read of the row right after a cell was folded into it, by the places of the ring."""


def fold_greetings(cells: NDArray[np.void], rows: NDArray[np.void]) -> NDArray[np.void]:
    """Fold cells into rows, in place, and return the features after each.

    `cells`: GREETING_CELL, shape (n,), in order; `rows`: GREETING_ROW, (m,). Returns GREETING_FEATURES, (n,).
    """
    features = features_of(cells, GREETING_FEATURES)
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
    begin(row, VERSION, time_ms)
    slot = _place(row["entries"], cell)
    entry = row["entries"][slot]
    entry["time_ms"] = cell["time_ms"]
    entry["who"] = cell["who"]
    entry["prefix"] = cell["prefix"]
    entry["account"] = cell["account"]
    entry["called"] = cell["called"]
    seen["slot"] = slot
    seen["known_ms"] = time_ms - int(row["first_ms"])
    for place in range(ENTRIES):
        _read(row["entries"], place, time_ms, seen)


@compiled
def _place(entries: Array, cell: Record) -> int:
    """Return the place of whom a cell tells of, as what it calls itself, else that of the oldest."""
    oldest = 0
    for place in range(ENTRIES):
        entry = entries[place]
        if entry["time_ms"] != 0 and entry["who"] == cell["who"] and entry["called"] == cell["called"]:
            return place
        if entry["time_ms"] < entries[oldest]["time_ms"]:
            oldest = place
    return oldest


@compiled
def _read(entries: Array, place: int, now_ms: int, seen: Record) -> None:
    entry = entries[place]
    if entry["time_ms"] == 0:
        seen["age_ms"][place] = -1
        return
    seen["age_ms"][place] = now_ms - int(entry["time_ms"])
    seen["account"][place] = entry["account"]
    seen["called"][place] = entry["called"]
    first = place
    for before in range(place - 1, -1, -1):
        other = entries[before]
        alike = other["prefix"] == entry["prefix"] and other["called"] == entry["called"]
        if other["time_ms"] != 0 and alike:
            first = before
    seen["prefixes"][place] = first

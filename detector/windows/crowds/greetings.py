"""Greetings: who begins a conversation with one TLS fingerprint, and what they say they are.

The row remembers the newest ENTRIES accounts, and visitors, that were seen at a new place or device with it,
each by what its client calls itself; and visitors who knock (detector/windows/floods.py), and when they last
did.
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

VERSION: Final = 2
FACTS: Final = ("who", "account", "prefix", "client", "called", "knocks")
"""The facts of a cell, in this order. `who`: an account (`account` is 1) or a visitor's address; `knocks`: 1
where he asks for the same again and again."""
PROGRAM, BROWSER, APP, OTHER = 1, 2, 3, 4
"""Sorts: a library or a robot by its own word, a browser, the platform's application, anything else."""

GREETING_CELL: Final = np.dtype([*CELL, *((name, "u8") for name in FACTS)], align=True)
ENTRY: Final = np.dtype(
    [
        ("time_ms", "i8"),
        ("knocked_ms", "i8"),  # 0: never
        ("who", "u8"),
        ("prefix", "u8"),
        ("client", "u8"),
        ("account", "u1"),
        ("called", "u1"),
    ],
    align=True,
)
GREETING_ROW: Final = np.dtype([*HEAD, ("entries", ENTRY, ENTRIES)], align=True)
GREETING_FEATURES: Final = np.dtype(
    [
        *FEATURE,
        ("known_ms", "i8"),  # since it was first heard
        ("age_ms", "i8", ENTRIES),  # -1 where there is none
        ("knock_age_ms", "i8", ENTRIES),  # likewise
        ("account", "u1", ENTRIES),
        ("called", "u1", ENTRIES),
        ("prefixes", "u1", ENTRIES),  # the first place of the ring with its prefix and sort
        ("clients", "u1", ENTRIES),  # and with its client
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
    if not _same(entry, cell):
        entry["knocked_ms"] = 0
    if cell["knocks"]:
        entry["knocked_ms"] = cell["time_ms"]
    entry["time_ms"] = cell["time_ms"]
    entry["who"] = cell["who"]
    entry["prefix"] = cell["prefix"]
    entry["client"] = cell["client"]
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
        if _same(entry, cell):
            return place
        if entry["time_ms"] < entries[oldest]["time_ms"]:
            oldest = place
    return oldest


@compiled
def _same(entry: Record, cell: Record) -> bool:
    return bool(entry["time_ms"] != 0 and entry["who"] == cell["who"] and entry["called"] == cell["called"])


@compiled
def _read(entries: Array, place: int, now_ms: int, seen: Record) -> None:
    entry = entries[place]
    if entry["time_ms"] == 0:
        seen["age_ms"][place] = -1
        seen["knock_age_ms"][place] = -1
        return
    seen["age_ms"][place] = now_ms - int(entry["time_ms"])
    knocked_ms = int(entry["knocked_ms"])
    seen["knock_age_ms"][place] = now_ms - knocked_ms if knocked_ms != 0 else -1
    seen["account"][place] = entry["account"]
    seen["called"][place] = entry["called"]
    prefixes = clients = place
    for before in range(place - 1, -1, -1):
        other = entries[before]
        if other["time_ms"] == 0:
            continue
        if other["prefix"] == entry["prefix"] and other["called"] == entry["called"]:
            prefixes = before
        if other["client"] == entry["client"]:
            clients = before
    seen["prefixes"][place] = prefixes
    seen["clients"][place] = clients

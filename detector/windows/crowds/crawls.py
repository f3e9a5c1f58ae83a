"""Crawls: what accounts, or visitors of one network, collect together though each takes little.

The row remembers the newest ENTRIES of them who looked like a program or went through a catalogue, as each
last told of itself; and about how many accounts use what they share (a client, a device), so that what many
people use is known for that. Rules look at those of the last day.
"""

from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detector.windows.compiled import Array, Record, compiled
from detector.windows.crowds.layout import (
    CELL,
    CHINA_MS,
    DAY_MS,
    ENTRIES,
    FEATURE,
    HEAD,
    features_of,
)
from detector.windows.crowds.past import begin
from detector.windows.paths import bits64
from detector.windows.rings import NOTHING

VERSION: Final = 1
FACTS: Final = (
    "who",
    "account",
    "user",
    "address",
    "client",
    "path",
    "catalogue",
    "number",
    "stride",
    "pages",
    "steps",
    "gaps",
    "variation",
    "bare",
    "script",
)
"""The facts of a cell, in this order. `who`: an account, or a visitor's address; `account`: 1 for the former;
`user`: 1 where it only says that somebody uses what is shared; `catalogue`: the path without its digits;
`stride`: between its numbers, whichever way; `pages`: fresh ones of the last day; `variation`: of the gaps,
in thousandths of their mean; `bare`: without what a browser loads beside; `script`: by its client's own
word."""
USER_WORDS: Final = 8
"""64-bit words of a bitmap of a day's accounts: 512 bits count up to about 1,500 within a tenth."""
DAYS: Final = 2

CRAWL_CELL: Final = np.dtype([*CELL, *((name, "u8") for name in FACTS)], align=True)
TOLD: Final = ("address", "client", "path")
SAID: Final = (
    ("catalogue", "u4"),
    ("number", "u4"),
    ("stride", "u4"),
    ("pages", "u4"),
    ("steps", "u4"),
    ("gaps", "u4"),
    ("variation", "u4"),
    ("account", "u1"),
    ("bare", "u1"),
    ("script", "u1"),
)
"""What an entry keeps of a cell, and rules read."""
ENTRY: Final = np.dtype(
    [("time_ms", "i8"), ("who", "u8"), *((name, "u8") for name in TOLD), *SAID], align=True
)
CRAWL_ROW: Final = np.dtype(
    [
        *HEAD,
        ("users", "u8", (DAYS, USER_WORDS)),  # today's and the day's before
        ("crawlers", "u8", (DAYS, USER_WORDS)),  # of those, who told of pages
        ("entries", ENTRY, ENTRIES),
    ],
    align=True,
)
CRAWL_FEATURES: Final = np.dtype(
    [
        *FEATURE,
        ("user", "u1"),
        ("users", "f4"),  # accounts of today and yesterday, about
        ("crawlers", "f4"),
        ("age_ms", "i8", ENTRIES),  # -1 where there is none
        ("addresses", "u1", ENTRIES),  # the first place of the ring with its address: equal ones are one
        ("clients", "u1", ENTRIES),
        ("paths", "u1", ENTRIES),
        *((name, kind, ENTRIES) for name, kind in SAID),
    ],
    align=True,
)
"""What rules read of the row right after a cell was folded into it, by the places of the ring."""

_BITS = USER_WORDS * 64
_ONE = np.uint64(1)


def fold_crawls(cells: NDArray[np.void], rows: NDArray[np.void]) -> NDArray[np.void]:
    """Fold cells into rows, in place, and return the features after each.

    `cells`: CRAWL_CELL, shape (n,), in order; `rows`: CRAWL_ROW, shape (m,). Returns CRAWL_FEATURES, (n,).
    """
    features = features_of(cells, CRAWL_FEATURES)
    features["user"] = cells["user"]
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
    _begin(row, time_ms)
    if cell["account"]:
        _mark(row["users"], cell["who"])
    if cell["user"]:
        seen["slot"] = -1
        return
    if cell["account"]:
        _mark(row["crawlers"], cell["who"])
    slot = _place(row, cell)
    _take(row["entries"][slot], cell)
    seen["slot"] = slot
    seen["users"] = _counted(row["users"])
    seen["crawlers"] = _counted(row["crawlers"])
    for place in range(ENTRIES):
        _read(row["entries"], place, time_ms, seen)


@compiled
def _begin(row: Record, time_ms: int) -> None:
    """Bring a row to a cell's day; what is two days old is forgotten."""
    begin(row, VERSION, time_ms)
    day = (time_ms + CHINA_MS) // DAY_MS
    passed = day - int(row["day"])
    if passed <= 0:
        return
    for word in range(USER_WORDS):
        row["users"][1, word] = row["users"][0, word] if passed == 1 else NOTHING
        row["crawlers"][1, word] = row["crawlers"][0, word] if passed == 1 else NOTHING
        row["users"][0, word] = NOTHING
        row["crawlers"][0, word] = NOTHING
    row["day"] = day


@compiled
def _mark(days: Array, who: np.uint64) -> None:
    place = int(who % np.uint64(_BITS))
    days[0, place // 64] |= _ONE << np.uint64(place % 64)


@compiled
def _counted(days: Array) -> float:
    """Return about how many were marked on both days (linear counting)."""
    free = _BITS
    for word in range(USER_WORDS):
        free -= bits64(days[0, word] | days[1, word])
    return _BITS * log(_BITS / max(free, 1))


@compiled
def _place(row: Record, cell: Record) -> int:
    """Return the place of whom a cell tells of: its own, else that of the one who told longest ago."""
    oldest = 0
    for place in range(ENTRIES):
        entry = row["entries"][place]
        if entry["time_ms"] != 0 and entry["who"] == cell["who"]:
            return place
        if entry["time_ms"] < row["entries"][oldest]["time_ms"]:
            oldest = place
    return oldest


@compiled
def _take(entry: Record, cell: Record) -> None:
    entry["time_ms"] = cell["time_ms"]
    entry["who"] = cell["who"]
    entry["address"] = cell["address"]
    entry["client"] = cell["client"]
    entry["path"] = cell["path"]
    entry["catalogue"] = cell["catalogue"]
    entry["number"] = cell["number"]
    entry["stride"] = cell["stride"]
    entry["pages"] = cell["pages"]
    entry["steps"] = cell["steps"]
    entry["gaps"] = cell["gaps"]
    entry["variation"] = cell["variation"]
    entry["account"] = cell["account"]
    entry["bare"] = cell["bare"]
    entry["script"] = cell["script"]


@compiled
def _read(entries: Array, place: int, now_ms: int, seen: Record) -> None:
    entry = entries[place]
    if entry["time_ms"] == 0:
        seen["age_ms"][place] = -1
        return
    seen["age_ms"][place] = now_ms - int(entry["time_ms"])
    addresses = clients = paths = place
    for before in range(place - 1, -1, -1):
        other = entries[before]
        if other["time_ms"] == 0:
            continue
        addresses = before if other["address"] == entry["address"] else addresses
        clients = before if other["client"] == entry["client"] else clients
        paths = before if other["path"] == entry["path"] else paths
    seen["addresses"][place] = addresses
    seen["clients"][place] = clients
    seen["paths"][place] = paths
    seen["catalogue"][place] = entry["catalogue"]
    seen["number"][place] = entry["number"]
    seen["stride"][place] = entry["stride"]
    seen["pages"][place] = entry["pages"]
    seen["steps"][place] = entry["steps"]
    seen["gaps"][place] = entry["gaps"]
    seen["variation"][place] = entry["variation"]
    seen["account"][place] = entry["account"]
    seen["bare"][place] = entry["bare"]
    seen["script"][place] = entry["script"]

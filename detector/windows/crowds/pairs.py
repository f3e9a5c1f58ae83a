"""Pairs of a seat and a computer in an organisation's row: who was at work on what, and took turns there."""

from typing import Final

import numpy as np

from detector.windows.compiled import Array, Record, compiled
from detector.windows.paths import bits64

PAIRS: Final = 256
"""Pairs that are remembered; the one used longest ago makes room."""
PAIR: Final = np.dtype(
    [
        ("seat", "u8"),  # 0: an administrator's
        ("device", "u8"),  # 0: an empty place
        ("last_ms", "i8"),
        ("days", "u4"),  # a bit for each of the last 32, the newest at bit 0
        ("returns", "u2"),  # today, after another seat had been at work there
        ("prefix", "u8"),  # the network it was last seen in; 0 where that is not known
        ("whose", "u1"),  # OWN, SHARED or ADMINS
    ],
    align=True,
)
RETURN_MS: Final = 60 * 60_000
"""Who comes back later has had lunch, a meeting or a day off."""
WEEK_DAYS: Final = 7
OWN, SHARED, ADMINS = range(3)
"""A computer of one seat, of several within a week, or of an administrator."""
TWO_WEEKS: Final = 14
FEW: Final = 2
"""Computers that one person may use in one network on a day. A device seen on fewer days may be a cleared
cookie, and of one day no more count beyond: that may be a trainer's."""
_WEEK = (1 << WEEK_DAYS) - 1
_MOST = 65_535
_NOBODY = np.uint64(0)


@compiled
def note_pair(pairs: Array, cell: Record) -> bool:
    """Note that a seat, or an administrator, is at work on a device; return if for the first time today."""
    seat = _NOBODY if cell["admin"] else cell["seat"]
    place, oldest, others_ms = -1, 0, 0
    for other in range(PAIRS):
        pair = pairs[other]
        if pair["last_ms"] < pairs[oldest]["last_ms"]:
            oldest = other
        if pair["device"] != cell["device"]:
            continue
        if pair["seat"] == seat:
            place = other
        elif pair["seat"] != 0:
            others_ms = max(others_ms, int(pair["last_ms"]))
    if place < 0:
        place = oldest
        _open(pairs[place], seat, cell)
    pair = pairs[place]
    before_ms = int(pair["last_ms"])
    first = pair["days"] & 1 == 0
    if not first and before_ms < others_ms and int(cell["time_ms"]) - before_ms <= RETURN_MS:
        pair["returns"] = min(int(pair["returns"]) + 1, _MOST)
    pair["last_ms"] = cell["time_ms"]
    pair["days"] = int(pair["days"]) | 1
    pair["prefix"] = cell["prefix"]
    return bool(first)


@compiled
def _open(pair: Record, seat: np.uint64, cell: Record) -> None:
    pair["seat"] = seat
    pair["device"] = cell["device"]
    pair["last_ms"] = 0
    pair["days"] = 0
    pair["returns"] = 0
    pair["prefix"] = 0
    pair["whose"] = OWN


@compiled
def turns_of(pairs: Array, cell: Record) -> tuple[int, int]:
    """Return today's turns of seats on a cell's device, and how many took them that are on no other one."""
    turns, seats = 0, 0
    if cell["device"] == 0 or cell["admin"] or not cell["computer"]:
        return turns, seats
    for place in range(PAIRS):
        pair = pairs[place]
        if pair["device"] != cell["device"] or pair["days"] == 0:
            continue
        if pair["seat"] == 0:
            return 0, 0
        if pair["returns"] > 0 and not _elsewhere(pairs, pair):
            turns += int(pair["returns"])
            seats += 1
    return min(turns, _MOST), seats


@compiled
def _elsewhere(pairs: Array, pair: Record) -> bool:
    """Return whether a pair's seat was at work on another device today."""
    for other in range(PAIRS):
        seen = pairs[other]
        if seen["seat"] == pair["seat"] and seen["device"] != pair["device"] and seen["days"] & 1:
            return True
    return False


@compiled
def circulation(row: Record) -> None:
    """Count what circulates in an organisation within a week: see CIRCULATION of organisations.py."""
    pairs = row["pairs"]
    for place in range(PAIRS):
        pairs[place]["whose"] = _whose(pairs, place)
    computers, among, seat_days, changes = 0, 0, 0, 0
    for place in range(PAIRS):
        pair = pairs[place]
        if pair["whose"] != SHARED:
            continue
        new_computer, new_seat, met = True, True, 0
        for other in range(place):
            seen = pairs[other]
            if seen["whose"] != SHARED:
                continue
            if seen["device"] == pair["device"]:
                new_computer = False
            if seen["seat"] == pair["seat"]:
                new_seat = False
                met |= int(seen["days"])
        computers += new_computer
        among += new_seat
        days = int(pair["days"]) & _WEEK
        changes += bits64(np.uint64(days & met))
        seat_days += bits64(np.uint64(days & ~met))
    row["computers_7d"] = computers
    row["among_7d"] = among
    row["seat_days_7d"] = seat_days
    row["changes_7d"] = changes


@compiled
def _whose(pairs: Array, place: int) -> int:
    pair = pairs[place]
    if pair["device"] == 0 or pair["seat"] == 0 or pair["days"] & _WEEK == 0:
        return OWN
    whose = OWN
    for other in range(PAIRS):
        seen = pairs[other]
        if seen["device"] != pair["device"] or other == place:
            continue
        if seen["seat"] == 0 and seen["days"] != 0:
            return ADMINS
        if seen["days"] & _WEEK != 0:
            whose = SHARED
    return whose


@compiled
def own_computers(pairs: Array, cell: Record) -> tuple[int, int]:
    """Return on how many computers of its own a cell's seat was at work in the cell's network, in two weeks.

    And on how many beyond FEW of each day, at most FEW more.
    """
    counts = np.zeros(TWO_WEEKS, np.int64)
    computers = 0
    for place in range(PAIRS):
        pair = pairs[place]
        if pair["seat"] != cell["seat"] or pair["whose"] != OWN or pair["prefix"] != cell["prefix"]:
            continue
        days = int(pair["days"]) & ((1 << TWO_WEEKS) - 1)
        if pair["prefix"] == 0 or bits64(np.uint64(days)) < FEW:
            continue
        computers += 1
        for ago in range(TWO_WEEKS):
            counts[ago] += days >> ago & 1
    beyond = 0
    for ago in range(TWO_WEEKS):
        beyond += min(max(int(counts[ago]) - FEW, 0), FEW)
    return computers, beyond

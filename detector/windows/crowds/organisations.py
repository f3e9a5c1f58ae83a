"""Organisations: how many seats are at work on a day, and how they go round among computers.

A seat is counted once a day, by as many people as are proven to use it; its computers are remembered pair by
pair. A computer is *shared* where several seats were at work on it within a week; one that an administrator
uses is nobody's.
"""

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
from detector.windows.crowds.pairs import (
    PAIR,
    PAIRS,
    SHARED,
    WEEK_DAYS,
    circulation,
    note_pair,
    own_computers,
    turns_of,
)
from detector.windows.crowds.past import begin
from detector.windows.paths import bits64

VERSION: Final = 1
FACTS: Final = ("seat", "device", "prefix", "computer", "admin", "people", "bought")
"""The facts of a cell, in this order. `device` and `prefix`, its network,
are 0 where they are not known; `people`: at least so many use the
seat, 1 where no more are proven; `bought`: seats that the organisation paid for, 0 where nobody said."""
SEATS: Final = 1024
"""Seats that are counted exactly; of more at work in a day there are at least so many."""
QUARTER_MS: Final = 15 * 60_000
QUARTERS: Final = DAY_MS // QUARTER_MS
STAYS: Final = 2
"""Quarters of an hour for which somebody is still there after the last sign."""

ORGANISATION_CELL: Final = np.dtype([*CELL, *((name, "u8") for name in FACTS)], align=True)
SEAT: Final = np.dtype(
    [
        ("seat", "u8"),
        ("day", "i4"),
        ("first", "u1"),  # quarter of an hour of that day in which it was at work first
        ("last", "u1"),
        ("people", "u1"),
    ],
    align=True,
)
SIGN: Final = np.dtype([("seat", "u8"), ("device", "u8"), ("day", "i4")], align=True)
"""The first sign of a day of a seat, or of a seat on a computer."""
CIRCULATION: Final = [
    ("computers_7d", "u2"),  # shared ones
    ("among_7d", "u2"),  # seats at work on them
    ("seat_days_7d", "u2"),  # days of those seats, added up
    ("changes_7d", "u2"),  # on how many shared computers, beyond one for each seat and day
]
ORGANISATION_ROW: Final = np.dtype(
    [
        *HEAD,
        (
            "over_days",
            "u4",
        ),  # a bit for each day with more people at once than seats, the newest day's at bit 0
        ("seats_day", "u2"),
        ("people_day", "u2"),
        ("at_once_day", "u2"),
        *CIRCULATION,
        ("passed_slots", "u8"),
        ("signs", SIGN, ENTRIES),
        ("seats", SEAT, SEATS),
        ("pairs", PAIR, PAIRS),
    ],
    align=True,
)
ORGANISATION_FEATURES: Final = np.dtype(
    [
        *FEATURE,
        ("bought", "u2"),
        ("seats_day", "u2"),  # at work today
        ("people_day", "u2"),  # at least so many at work today, each seat by those proven to use it
        ("at_once_day", "u2"),  # of those, at most at once; 0 where they are no more than seats
        ("over_days_7d", "u1"),  # with more people at once than seats, today included
        *CIRCULATION,
        ("turns_day", "u2"),  # returns of seats to this computer after others, today, each within an hour
        ("turned_seats", "u2"),  # seats that took those turns and were at work on no other computer today
        ("own_14d", "u1"),  # computers of this seat alone in this network, seen on two days
        ("beyond_14d", "u1"),  # of those, what is more than one person's on a day, added up
        ("day_slots", "u8"),
        ("several_slots", "u8"),  # today, of seats that several people are proven to use
        ("passed_slots", "u8"),
        ("turned_slots", "u8"),
        ("own_slots", "u8"),  # of this seat
    ],
    align=True,
)
"""What rules read of the row right after a sign of work was folded into it; `…_slots`: places of the ring."""

_DAYS = 32
_WEEK = (1 << WEEK_DAYS) - 1
_MOST = 65_535
_ONE = np.uint64(1)


def fold_organisations(cells: NDArray[np.void], rows: NDArray[np.void]) -> NDArray[np.void]:
    """Fold signs of work into rows, in place, and return the features after each.

    `cells`: ORGANISATION_CELL, shape (n,), in order; `rows`: ORGANISATION_ROW, shape (m,). Returns
    ORGANISATION_FEATURES, (n,).
    """
    features = features_of(cells, ORGANISATION_FEATURES)
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
    day = (time_ms + CHINA_MS) // DAY_MS
    _begin(row, time_ms, day)
    first = not cell["admin"] and _count_seat(row, cell, day)
    if cell["device"] != 0 and (cell["computer"] or cell["admin"]) and note_pair(row["pairs"], cell):
        first = not cell["admin"]
        circulation(row)
    seen["slot"] = _sign(row, cell, day) if first else -1
    if first:
        row["passed_slots"] = _passed(row, day)
    _count_over(row, day, int(cell["bought"]))
    _read(row, cell, day, seen)


@compiled
def _begin(row: Record, time_ms: int, day: int) -> None:
    if begin(row, VERSION, time_ms):
        row["day"] = day
    steps = day - int(row["day"])
    if steps <= 0:
        return
    row["day"] = day
    row["seats_day"] = row["people_day"] = 0
    row["over_days"] = int(row["over_days"]) << steps & 0xFFFFFFFF if steps < _DAYS else 0
    for place in range(PAIRS):
        pair = row["pairs"][place]
        pair["returns"] = 0
        pair["days"] = int(pair["days"]) << steps & 0xFFFFFFFF if steps < _DAYS else 0
    circulation(row)


@compiled
def _count_seat(row: Record, cell: Record, day: int) -> bool:
    """Count a seat, and those who are proven to use it, once a day; return whether it is its first sign."""
    place = _seat(row["seats"], cell["seat"])
    seat = row["seats"][place]
    first = seat["seat"] != cell["seat"] or seat["day"] != day
    if first:
        seat["seat"] = cell["seat"]
        seat["day"] = day
        seat["people"] = 0
        row["seats_day"] = min(int(row["seats_day"]) + 1, _MOST)
        seat["first"] = _quarter(cell)
    seat["last"] = _quarter(cell)
    people = min(int(cell["people"]), 255)
    if people > seat["people"]:
        row["people_day"] = min(int(row["people_day"]) + people - int(seat["people"]), _MOST)
        seat["people"] = people
    return bool(first)


@compiled
def _seat(seats: Array, wanted: np.uint64) -> int:
    """Return the place of a seat, or the one it is to take: an empty one or that of the longest absent."""
    oldest = 0
    for place in range(SEATS):
        if seats[place]["seat"] == wanted:
            return place
        if seats[place]["day"] < seats[oldest]["day"]:
            oldest = place
    return oldest


@compiled
def _people(seats: Array, seat: np.uint64) -> int:
    """Return how many people are proven to have used a seat today."""
    return int(seats[_seat(seats, seat)]["people"])


@compiled
def _sign(row: Record, cell: Record, day: int) -> int:
    """Remember a first sign in the place of the oldest one; return its place."""
    slot = int(row["next"])
    row["next"] = (slot + 1) % ENTRIES
    sign = row["signs"][slot]
    sign["seat"] = cell["seat"]
    sign["device"] = cell["device"]
    sign["day"] = day
    return slot


@compiled
def _passed(row: Record, day: int) -> int:
    """Return the signs of a week that seats gave on shared computers."""
    found = np.uint64(0)
    for slot in range(ENTRIES):
        sign = row["signs"][slot]
        if sign["seat"] == 0 or day - int(sign["day"]) >= WEEK_DAYS:
            continue
        for place in range(PAIRS):
            pair = row["pairs"][place]
            if pair["whose"] == SHARED and pair["seat"] == sign["seat"] and pair["device"] == sign["device"]:
                found |= _ONE << np.uint64(slot)
    return int(found)


@compiled
def _quarter(cell: Record) -> int:
    return (int(cell["time_ms"]) + CHINA_MS) % DAY_MS // QUARTER_MS


@compiled
def _at_once(seats: Array, day: int) -> int:
    """Return how many people were at work at once today, at most: each from the first sign to the last."""
    steps = np.zeros(QUARTERS + STAYS + 2, np.int64)
    for place in range(SEATS):
        seat = seats[place]
        if seat["day"] == day and seat["seat"] != 0:
            steps[seat["first"]] += seat["people"]
            steps[int(seat["last"]) + STAYS + 1] -= seat["people"]
    most, now = 0, 0
    for quarter in range(QUARTERS):
        now += steps[quarter]
        most = max(most, now)
    return most


@compiled
def _count_over(row: Record, day: int, bought: int) -> None:
    """Note whether more people than seats were at work today; what is bought today counts for all of it."""
    row["at_once_day"] = 0
    if 0 < bought < row["people_day"]:
        row["at_once_day"] = min(_at_once(row["seats"], day), _MOST)
    if 0 < bought < row["at_once_day"]:
        row["over_days"] = int(row["over_days"]) | 1
    else:
        row["over_days"] = int(row["over_days"]) & ~1


@compiled
def _read(row: Record, cell: Record, day: int, seen: Record) -> None:
    seen["bought"] = min(int(cell["bought"]), _MOST)
    seen["seats_day"] = row["seats_day"]
    seen["people_day"] = row["people_day"]
    seen["at_once_day"] = row["at_once_day"]
    seen["over_days_7d"] = bits64(np.uint64(int(row["over_days"]) & _WEEK))
    seen["computers_7d"] = row["computers_7d"]
    seen["among_7d"] = row["among_7d"]
    seen["seat_days_7d"] = row["seat_days_7d"]
    seen["changes_7d"] = row["changes_7d"]
    seen["passed_slots"] = row["passed_slots"]
    turns, seats = turns_of(row["pairs"], cell)
    seen["turns_day"] = turns
    seen["turned_seats"] = seats
    if not cell["admin"]:
        seen["own_14d"], seen["beyond_14d"] = own_computers(row["pairs"], cell)
    here, several, turned, own = np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0)
    for slot in range(ENTRIES):
        sign = row["signs"][slot]
        if sign["seat"] == cell["seat"]:
            own |= _ONE << np.uint64(slot)
        if sign["seat"] == 0 or sign["day"] != day:
            continue
        here |= _ONE << np.uint64(slot)
        if row["people_day"] > row["seats_day"] and _people(row["seats"], sign["seat"]) > 1:
            several |= _ONE << np.uint64(slot)
        if turns > 0 and sign["device"] == cell["device"]:
            turned |= _ONE << np.uint64(slot)
    seen["day_slots"] = here
    seen["several_slots"] = several
    seen["turned_slots"] = turned
    seen["own_slots"] = own

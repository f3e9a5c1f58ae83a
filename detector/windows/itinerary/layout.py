"""The layout of an itinerary: a part of an account's row."""

from typing import Final, NamedTuple

import numpy as np

from detector.windows.compiled import Array

PLACES: Final = 12
"""Places remembered; the one where nobody was for longest makes room."""
DEVICES: Final = 4
"""Devices remembered of a place: a person's computer, phone and tablet, and one more."""
MOVES: Final = 32
"""Moves remembered, the newest ones."""

PLACE: Final = np.dtype(
    [
        ("ms", "i8"),  # last sign of a person; 0 where the place is free
        ("prefix", "u8"),  # of the last sign, as all below
        ("devices", "u4", DEVICES),  # that were here, hashed, the newest first
        ("lat", "f4"),
        ("lon", "f4"),
        ("radius_km", "f4"),
        ("asn", "u4"),
        ("region", "u4"),
        ("version", "u1"),  # of the address: 4 or 6
        ("twin", "u1"),  # number of the place it may be, and 1; 0 where it is in no doubt
        ("again", "u1"),  # 1: somebody came back to the very network that was left
    ],
    align=True,
)
MOVE: Final = np.dtype(
    [
        ("ms", "i8"),  # 0 where there is none
        ("start", "u1"),  # number of the place that was left
        ("end", "u1"),
        ("back", "u1"),  # 1: to a place that was visited before
        ("jump", "u1"),  # 1: sooner than by plane or train
        ("weight", "u1"),  # see detector/windows/itinerary/note.py
        ("hurried", "u1"),  # 1: sooner than a traveller is there from door to door
    ],
    align=True,
)
STOPS: Final = 8
"""Provinces and providers remembered of a day; who is in more of them has made rounds by then."""
TRIP: Final = np.dtype(
    [
        ("day", "i4"),  # days since 1970, in China, of the stops
        ("stop_region", "u4", STOPS),  # of each, in the order of their first signs
        ("stop_asn", "u4", STOPS),
        ("stop_version", "u1", STOPS),  # of the address: 4 or 6
        ("stop_signs", "u1", STOPS),  # of a person, as far as they matter; 0 where there is no stop
        ("round_days", "u1"),  # a bit for each day of the last week with rounds, that day at bit 0
        ("last", "u1", 2),  # number of the place of the last sign and 1, for each IP version; 0 none
        ("next", "u1"),  # place of the next move
        ("apart", "u1"),  # 1: places in doubt are known to be places of their own
    ],
    align=True,
)


class Itinerary(NamedTuple):
    """One row's, or of shape (rows, …) all rows'; numba takes it as it is."""

    trip: Array
    places: Array
    moves: Array

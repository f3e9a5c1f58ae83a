"""The layout of an account's long memory. Days and hours are China's; minutes count from 1970 UTC.

`days` is a bitmap of the last 64 days, the day of the account's newest sign at bit 0. Hands are numbered from
1 to HANDS; 0 is "not known yet": a device that was only ever seen on mobile networks, VPNs or clouds.
"""

from typing import Final, NamedTuple

import numpy as np

from detector.windows.compiled import Array, Record

DEVICES: Final = 10
"""Devices that are remembered; the one with fewest days makes room, of those the one seen longest ago."""
NETWORKS: Final = 4
LINES: Final = 12
HANDS: Final = 8
STINTS: Final = 24
"""Runs of signs of one hand, the newest ones."""
DAY_HOURS: Final = 24

DEVICE: Final = np.dtype(
    [
        ("device", "u8"),  # its hash; where there is none, the client fingerprint's
        ("before", "u8"),  # the one it had before a cookie was cleared; 0 where none was
        ("client", "u8"),  # fingerprint of kind, browser family and system, without versions
        ("prefix", "u8"),  # the network it was last seen in
        ("days", "u8"),
        ("networks", "u4", NETWORKS),  # fixed ones it was in, hashed, the newest first
        ("first", "u4"),  # minute of its first sign
        ("last", "u4"),  # minute of its last sign; 0 where the slot is empty
        ("hand", "u1"),
        ("desktop", "u1"),
        ("known", "u1"),  # 1: `device` is the platform's own fingerprint of it
    ],
    align=True,
)

LINE: Final = np.dtype(
    [
        ("prefix", "u8"),  # the network last seen of it
        ("asn", "u4"),
        ("region", "u4"),
        ("lat", "f4"),
        ("lon", "f4"),
        ("radius_km", "f4"),
        ("first", "u4"),  # minute of its first sign
        ("last", "u4"),  # minute of its last sign; 0 where the slot is empty
        ("hand", "u1"),
        ("anchored", "u1"),
        ("version", "u1"),
    ],
    align=True,
)
"""A line of access: one provider in one metropolis or province, whatever address it deals out today."""

HAND: Final = np.dtype(
    [
        ("days", "u8"),
        ("core", "u8"),  # working days with a sign between 10 and 17 o'clock
        ("first", "u4"),
        ("last", "u4"),  # 0 where there is no such hand
        ("hours", "u1", DAY_HOURS),  # on how many days there was a sign in each hour, halved when one is full
        ("day_hours", "u4"),  # hours of the newest day that are counted already
        ("desktop", "u1"),  # 1: one of its devices is a computer
    ],
    align=True,
)

STINT: Final = np.dtype(
    [
        ("first", "u4"),
        ("last", "u4"),
        ("signs", "u2"),
        ("hand", "u1"),  # 0 where the place is empty
        ("desktop", "u1"),  # 1: its last sign was a computer's
        ("core", "u1"),  # 1: has a sign in working time
    ],
    align=True,
)

HABITS: Final = np.dtype(
    [
        ("days", "u8"),  # of the account
        ("day", "i4"),  # days since 1970 of bit 0 of every bitmap
        ("first", "u4"),  # minute of the first sign of a person
        ("week", "i4"),  # weeks since 1970 in which `pairs` were halved last
        ("pair", "u4"),  # minute of the last interleaving counted
        ("pairs", "u1", (HANDS, HANDS)),  # interleavings of hands, halved every week
        ("renewals", "u1"),  # cookies cleared, as far as it shows
        ("next", "u1"),  # place of the next stint
        ("people", "u1"),
        ("people_sure", "u1"),  # interleavings of the two of them that interleaved least
        ("interleaved", "u1"),  # the most of `pairs`
        ("far_turns", "u1"),  # in two weeks, as of the last stint or day that began
        ("near_turns", "u1"),
        ("strange", "u1"),  # overlaps within a metropolis of computers that never met, halved every week
        ("turns_apart", "f4"),  # by what share the hours of those who take turns differ
        (
            "desks",
            "u1",
            (DEVICES, DEVICES),
        ),  # of a seat: how often computers were at work at once, halved weekly
        ("desk", "u4"),  # minute in which that was counted last
        ("desk_days", "u8"),  # days with several of those
        ("desk_meetings", "u1"),  # today
        ("desk_people", "u1"),  # at least so many, from two on
        ("desk_sure", "u1"),  # the fewest meetings of two of them
    ],
    align=True,
)


class Memory(NamedTuple):
    """The parts of one row's long memory, as the kernels take them."""

    habits: Record
    devices: Array
    lines: Array
    hands: Array
    stints: Array

"""Days, weeks and hours of China, which has one time zone and no summer time (UTC+8)."""

import numpy as np

from detector.windows.compiled import compiled

NOTHING, ONE = np.uint64(0), np.uint64(1)
MOST_DAYS = 63

MINUTE_MS = 60_000
DAY_MS = 86_400_000
HOUR_MS = 3_600_000
CHINA_MS = 8 * HOUR_MS
DAY_MINUTES = 1440
CHINA_MINUTES = 480
WEEK_DAYS = 7
WORKING_DAYS = 5
THURSDAY = 3
"""The first of January 1970, counted from Monday."""
CORE_FROM, CORE_TO = 10, 17
"""Hours of a working day in which nobody is expected to be at home and at work: between the way there and
the way back of all but a few (working time is 8 hours from 8 or 9 o'clock)."""


@compiled
def day_of(time_ms: int) -> int:
    """Return the days since 1970."""
    return (time_ms + CHINA_MS) // DAY_MS


@compiled
def hour_of(time_ms: int) -> int:
    """Return the hour of the day, 0 to 23."""
    return (time_ms + CHINA_MS) % DAY_MS // HOUR_MS


@compiled
def working_time(day: int, hour: int) -> bool:
    """Return whether an hour lies in the middle of a working day, Monday to Friday."""
    return working_day(day) and CORE_FROM <= hour < CORE_TO


@compiled
def working_day(day: int) -> bool:
    """Return whether a day, counted from 1970, is one from Monday to Friday."""
    return (day + THURSDAY) % WEEK_DAYS < WORKING_DAYS


@compiled
def working_days(day: int, newest: int, oldest: int) -> np.uint64:
    """Return the bitmap, `day` at bit 0, of working days, from `oldest` to `newest` days ago."""
    found = NOTHING
    for ago in range(max(newest, 0), min(oldest, MOST_DAYS) + 1):
        if working_day(day - ago):
            found |= ONE << np.uint64(ago)
    return found

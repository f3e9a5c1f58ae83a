"""What is usual in a crowd at this hour of such a day, and how far that spreads, by its own past.

A row keeps the numbers of its last four weeks by hour. A span that ends now (half an hour, an hour, a day)
is held against the same hours of the days before: those of the same weekday, and those of the same kind
(Monday to Friday, or not). Each set that has LEAST_DAYS gives a median and a spread, and the larger of
either counts: a campaign of every Friday evening is usual on Fridays, and a quiet Friday is as usual as any
working day. Where no set has as many, all days are one; where these are too few, the median number of a
whole day stands for any span; on the first day nothing is known. An hour in which nothing happened is a
zero; hours before the row's first cell are none.

The spread is the median deviation from the median, times MAD_SCALE to be a standard deviation's where
numbers are normal (Iglewicz and Hoaglin 1993, How to Detect and Handle Outliers; Leys et al. 2013, Journal
of Experimental Social Psychology 49). Half of the numbers may be anything, as after an attack, before it
breaks. It is never less than a Poisson process of that median has: the square root.

Errs: public holidays and the weekend days worked for them are taken for what they are by the week, because
the State Council announces them for a year at a time, and a replay must not depend on when it is made. On a
holiday more is thought usual than is; on a Saturday that is worked, and on the day after a long holiday,
less is, so that rules must ask for what no number of people makes by itself as well.
"""

from typing import Final

import numpy as np

from detector.windows.compiled import Array, Record, compiled
from detector.windows.crowds.layout import DAYS
from detector.windows.habits.calendar import CHINA_MS, HOUR_MS, WEEK_DAYS, working_day

DAY_HOURS: Final = 24
BASELINE_HOURS: Final = (DAYS + 1) * DAY_HOURS + 1
"""Hours whose numbers a row keeps: a day that ends now touches 25, and so did each of the DAYS before."""
LEAST_DAYS: Final = 3
"""Of three days the median is one that a single odd day cannot move."""
MAD_SCALE: Final = 1.4826
_CHINA_HOURS = CHINA_MS // HOUR_MS


def usual_fields(spans: int) -> list[tuple[str, str, int]]:
    """Return the fields of features that `read_usual` fills, each with a place for each span."""
    return [
        ("usual", "f4", spans),  # the median of like days
        ("spread", "f4", spans),  # likewise; a standard deviation where numbers are normal
        ("like_days", "u1", spans),  # that they rest on; 0: too few
    ]


@compiled
def read_usual(numbers: Array, first_ms: int, now_ms: int, spans_ms: tuple[int, ...], out: Record) -> None:
    """Fill the fields of `usual_fields`: what is usual in the clock hours that each span touches.

    `numbers`: by hour, hour `h` at `h % BASELINE_HOURS`, brought to `now_ms`; a span ends there. On 0 days
    the median is that of whole days, the spread 0; on the first day both are 0.
    """
    sums = _sums(numbers, now_ms // HOUR_MS)
    for span in range(len(spans_ms)):
        median, spread, days = _usual(sums, first_ms, now_ms, spans_ms[span])
        out["usual"][span] = median
        out["spread"][span] = spread
        out["like_days"][span] = days


@compiled
def _sums(numbers: Array, hour: int) -> Array:
    """Return how many there were in the newest 0, 1, 2, ... hours, shape (BASELINE_HOURS + 1,)."""
    sums = np.zeros(BASELINE_HOURS + 1, np.int64)
    for ago in range(BASELINE_HOURS):
        sums[ago + 1] = sums[ago] + int(numbers[(hour - ago) % BASELINE_HOURS])
    return sums


@compiled
def _usual(sums: Array, first_ms: int, now_ms: int, span_ms: int) -> tuple[float, float, int]:
    """Return the median, the spread and the number of days they rest on."""
    hour = now_ms // HOUR_MS
    touched = hour - (now_ms - span_ms) // HOUR_MS + 1
    first = first_ms // HOUR_MS
    today = (hour + _CHINA_HOURS) // DAY_HOURS
    found = np.zeros(DAYS)
    weekday = np.zeros(DAYS)
    kind = np.zeros(DAYS)
    days, weekdays, kinds = 0, 0, 0
    for ago in range(1, DAYS + 1):
        passed = ago * DAY_HOURS
        if hour - passed - touched + 1 < first:
            break
        number = sums[passed + touched] - sums[passed]
        found[days] = number
        days += 1
        if ago % WEEK_DAYS == 0:
            weekday[weekdays] = number
            weekdays += 1
        if working_day(today - ago) == working_day(today):
            kind[kinds] = number
            kinds += 1
    if days < LEAST_DAYS:
        return _day(sums, hour), 0.0, 0
    if max(weekdays, kinds) < LEAST_DAYS:
        median, spread = _robust(found[:days])
        return median, spread, days
    median, spread = 0.0, 0.0
    if weekdays >= LEAST_DAYS:
        median, spread = _robust(weekday[:weekdays])
    if kinds >= LEAST_DAYS:
        other_median, other_spread = _robust(kind[:kinds])
        median, spread = max(median, other_median), max(spread, other_spread)
    return median, spread, max(weekdays, kinds)


@compiled
def _day(sums: Array, hour: int) -> float:
    """Return the median of the days of China before today on which there was anything, the lower of two."""
    found = np.zeros(DAYS)
    days = 0
    begun = (hour + _CHINA_HOURS) % DAY_HOURS + 1
    for ago in range(DAYS):
        newer = begun + ago * DAY_HOURS
        number = sums[newer + DAY_HOURS] - sums[newer]
        if number > 0:
            found[days] = number
            days += 1
    if days == 0:
        return 0.0
    return float(np.sort(found[:days])[(days - 1) // 2])


@compiled
def _robust(numbers: Array) -> tuple[float, float]:
    """Return the median of numbers and their spread."""
    median = _median(numbers)
    return median, max(MAD_SCALE * _median(np.abs(numbers - median)), np.sqrt(max(median, 1.0)))


@compiled
def _median(numbers: Array) -> float:
    ordered = np.sort(numbers)
    middle = len(ordered) // 2
    if len(ordered) % 2 == 1:
        return float(ordered[middle])
    return float(ordered[middle - 1] + ordered[middle]) / 2.0

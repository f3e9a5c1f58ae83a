"""What a crowd's row says is usual: against the whole history, and where that is short."""

from collections.abc import Sequence
from statistics import median
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.windows.crowds.baselines import BASELINE_HOURS, LEAST_DAYS, MAD_SCALE, read_usual, usual_fields
from detector.windows.crowds.layout import DAYS
from detector.windows.crowds.past import advance, count
from detector.windows.habits.calendar import CHINA_MS, DAY_MS, HOUR_MS

MONDAY_MS = 1_780_243_200_000
"""2026-06-01T00:00:00+08:00."""
SPANS_MS = (30 * 60_000, HOUR_MS, DAY_MS)
FIELDS = np.dtype(usual_fields(len(SPANS_MS)), align=True)
HALF_HOUR, HOUR, DAY = range(len(SPANS_MS))
WEEK_HOURS = 7 * 24


def at(day: int, hour: float) -> int:
    """Return a moment, days counted from a Monday."""
    return MONDAY_MS + day * DAY_MS + round(hour * HOUR_MS)


def usual(times_ms: Sequence[int], now_ms: int, first_ms: int | None = None) -> Any:
    """Count what happened at some times, in order, and read what is usual at `now_ms`."""
    numbers = np.zeros(BASELINE_HOURS, np.uint16)
    known = 0
    for time_ms in times_ms:
        advance(numbers, known, time_ms // HOUR_MS)
        known = time_ms // HOUR_MS
        count(numbers, known)
    advance(numbers, known, now_ms // HOUR_MS)
    out = np.zeros(1, FIELDS)
    read_usual(numbers, times_ms[0] if first_ms is None else first_ms, now_ms, SPANS_MS, out[0])
    return out.view(np.recarray)[0]


def robust(numbers: Sequence[int]) -> tuple[float, float]:
    middle = median(numbers)
    spread = MAD_SCALE * median(abs(number - middle) for number in numbers)
    return middle, max(spread, max(middle, 1.0) ** 0.5)


def of_the_whole_history(times_ms: Sequence[int], now_ms: int, span_ms: int) -> tuple[float, float, int]:
    """Return what `usual` must say of a history of three days and more: slowly, by the days' own dates."""
    first = times_ms[0] // HOUR_MS
    newest, oldest = now_ms // HOUR_MS, (now_ms - span_ms) // HOUR_MS
    found: dict[int, int] = {}
    for ago in range(1, DAYS + 1):
        if oldest - 24 * ago >= first:
            hours = range(oldest - 24 * ago, newest - 24 * ago + 1)
            found[ago] = sum(time_ms // HOUR_MS in hours for time_ms in times_ms)

    def works(ago: int) -> bool:
        return bool(
            np.is_busday(np.datetime64(now_ms + CHINA_MS - ago * DAY_MS, "ms").astype("datetime64[D]"))
        )

    sets = (
        [number for ago, number in found.items() if ago % 7 == 0],
        [number for ago, number in found.items() if works(ago) == works(0)],
    )
    sets_that_do = [numbers for numbers in sets if len(numbers) >= LEAST_DAYS] or [list(found.values())]
    said = [robust(numbers) for numbers in sets_that_do]
    return max(said)[0], max(spread for _, spread in said), max(map(len, sets_that_do))


@given(
    hours=st.lists(st.integers(0, 40 * 24 - 1), min_size=1, max_size=150),
    now_hour=st.integers(5 * 24, 45 * 24),
    minute=st.integers(0, 59),
)
def test_four_weeks_by_hour_say_what_the_whole_history_says(
    hours: list[int], now_hour: int, minute: int
) -> None:
    now_ms = MONDAY_MS + now_hour * HOUR_MS + minute * 60_000
    times_ms = [MONDAY_MS, *(MONDAY_MS + hour * HOUR_MS for hour in sorted(hours) if hour <= now_hour)]
    seen = usual(times_ms, now_ms)
    for span, span_ms in enumerate(SPANS_MS):
        expected = of_the_whole_history(times_ms, now_ms, span_ms)
        said = float(seen.usual[span]), float(seen.spread[span]), int(seen.like_days[span])
        assert pytest.approx(expected, rel=1e-6) == said


def every_monday(weeks: int, number: int, hour: float = 9.2) -> list[int]:
    return [at(7 * week, hour) for week in range(weeks) for _ in range(number)]


def test_what_comes_every_monday_at_nine_is_usual_on_mondays_at_nine_alone() -> None:
    times_ms = every_monday(4, number=12)
    assert 12 == usual(times_ms, at(28, 9.5)).usual[HALF_HOUR]
    assert 0 == usual(times_ms, at(28, 3.5)).usual[HALF_HOUR]
    assert 0 == usual(times_ms, at(29, 9.5)).usual[HALF_HOUR]


def test_a_day_off_is_held_against_days_off() -> None:
    times_ms = [at(day, 10.0) for day in range(25) for _ in range(2 if day % 7 > 4 else 20)]
    assert [20, 2] == [usual(times_ms, at(day, 10.9)).usual[HOUR] for day in (25, 26)]


def test_hours_in_which_nothing_happened_count_and_days_before_the_first_do_not() -> None:
    times_ms = [at(0, 1.0), *(at(day, 9.0) for day in (0, 1))]
    assert (1.0, 3) == (usual(times_ms, at(3, 9.5)).usual[HOUR], usual(times_ms, at(3, 9.5)).like_days[HOUR])
    assert (0.5, 4) == (usual(times_ms, at(4, 9.5)).usual[HOUR], usual(times_ms, at(4, 9.5)).like_days[HOUR])


def test_one_attack_moves_neither_the_median_nor_the_spread() -> None:
    calm = [at(day, 9.0) for day in range(12) for _ in range(4)]
    struck = sorted(calm + [at(9, 9.0)] * 500)
    now_ms = at(11, 9.5)
    of_calm, of_struck = usual(calm, now_ms), usual(struck, now_ms)
    assert (of_calm.usual[HOUR], of_calm.spread[HOUR]) == (of_struck.usual[HOUR], of_struck.spread[HOUR])


def test_a_spread_is_never_less_than_chance_makes_it() -> None:
    seen = usual([at(day, 9.0) for day in range(12) for _ in range(9)], at(11, 9.5))
    assert (9.0, 3.0) == (seen.usual[HALF_HOUR], seen.spread[HALF_HOUR])


def test_two_days_give_no_spread_and_a_whole_days_number() -> None:
    times_ms = [at(0, 1.0), *[at(0, 9.0)] * 5, *[at(1, 9.0)] * 8]
    seen = usual(times_ms, at(2, 9.5))
    assert ([6.0] * 3, [0.0] * 3, [0] * 3) == (
        seen.usual.tolist(),
        seen.spread.tolist(),
        seen.like_days.tolist(),
    )


def test_of_the_first_day_nothing_is_known() -> None:
    seen = usual([at(0, 1.0)] * 30, at(0, 23.9))
    assert ([0.0] * 3, [0] * 3) == (seen.usual.tolist(), seen.like_days.tolist())


def test_like_hours_of_all_days_stand_in_on_the_first_saturday() -> None:
    times_ms = [at(0, 1.0), *(at(day, 9.0) for day in range(5) for _ in range(7))]
    seen = usual(times_ms, at(5, 9.5))
    assert (7.0, 5) == (seen.usual[HOUR], seen.like_days[HOUR])


@pytest.mark.parametrize(("minute", "touched"), [(10, 2), (29, 2), (30, 1), (59, 1)])
def test_half_an_hour_is_held_against_the_clock_hours_it_touches(minute: int, touched: int) -> None:
    times_ms = [at(day, hour) for day in range(10) for hour in (8.0, 9.0)]
    times_ms.insert(0, at(0, 0.0))
    seen = usual(times_ms, at(10, 9 + (minute + 0.5) / 60))
    assert touched == seen.usual[HALF_HOUR]


def test_what_is_older_than_four_weeks_is_forgotten() -> None:
    times_ms = every_monday(3, number=12)
    assert 12 == usual(times_ms, at(28, 9.5), first_ms=MONDAY_MS).usual[HOUR]
    assert 0 == usual(times_ms, at(49, 9.5), first_ms=MONDAY_MS).usual[HOUR]

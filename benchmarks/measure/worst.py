"""Where a bar falls short: the few headings that most of it comes from."""

import statistics
from collections import defaultdict
from collections.abc import Iterable
from typing import Final, TypeAlias

from detector.scoring.tally import Row

SHOWN: Final = 5
Counted: TypeAlias = tuple[int, int, str]
"""A part, of a whole, and the heading."""


def wrong(rows: Iterable[Row]) -> tuple[str, ...]:
    """Return the headings with most wrong cases, of how many."""
    return _named(map(wrong_of, rows))


def missed(rows: Iterable[Row]) -> tuple[str, ...]:
    """Return the headings with most missed affairs, of how many."""
    return _named(map(missed_of, rows))


def hit(rows: Iterable[Row]) -> tuple[str, ...]:
    """Return the innocent profiles of which most accounts were accused, of how many."""
    return _named((row.innocents_hit, row.hit.whole, row.name) for row in rows)


def wrong_of(row: Row) -> Counted:
    """Return the wrong cases under a heading."""
    return row.precision.whole - row.precision.part, row.precision.whole, row.name


def missed_of(row: Row) -> Counted:
    """Return the missed affairs under a heading."""
    return row.affairs - row.caught, row.affairs, row.name


def slow(delays: Iterable[tuple[str, int]], limit_ms: int, unit_ms: int, unit: str) -> tuple[str, ...]:
    """Return the headings whose median is longest, of those beyond the limit; `delays` in ms."""
    by_name: dict[str, list[int]] = defaultdict(list)
    for name, delay_ms in delays:
        by_name[name].append(delay_ms)
    medians = ((statistics.median(found), name, len(found)) for name, found in by_name.items())
    longest = sorted((each for each in medians if each[0] > limit_ms), key=lambda each: (-each[0], each[1]))
    return tuple(
        f"{name} {median / unit_ms:.1f} {unit} (of {count})" for median, name, count in longest[:SHOWN]
    )


def most(counted: Iterable[Counted]) -> list[Counted]:
    """Return those of which there is any, the largest part first; of equal ones the largest share."""
    return sorted((each for each in counted if each[0]), key=lambda each: (-each[0], each[1], each[2]))


def _named(counted: Iterable[Counted]) -> tuple[str, ...]:
    return tuple(f"{name} {part} of {whole}" for part, whole, name in most(counted)[:SHOWN])

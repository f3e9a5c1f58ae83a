"""The arithmetic of a score: counts, and the ratios made of them."""

import statistics
from dataclasses import dataclass, field
from typing import TypeAlias

from detector.simulate.labels import Subject

Affair: TypeAlias = tuple[str, str]


@dataclass(slots=True)
class Counts:
    """What is counted under one heading.

    `affairs` with their start, `caught` with the time of the first right alert, both in Unix ms.
    """

    alerts: int = 0
    right: int = 0
    false_alarms: int = 0
    affairs: dict[Affair, int] = field(default_factory=dict)
    caught: dict[Affair, int] = field(default_factory=dict)
    innocents: set[Subject] = field(default_factory=set)
    hit: set[Subject] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a score; a ratio of nothing is None.

    `innocents` are the accounts that must stay quiet, `innocents_hit` the innocent subjects accused at least
    once, `false_alarms` how often that was. `false_alarm_rate` is per 1,000 innocent accounts and week.
    """

    name: str
    alerts: int
    right: int
    affairs: int
    caught: int
    precision: float | None
    recall: float | None
    f1: float | None
    median_delay_ms: float | None
    innocents: int
    innocents_hit: int
    false_alarms: int
    false_alarm_rate: float | None


def total(name: str, counts: Counts, weeks: float, innocents: int | None = None) -> Row:
    """Return the row of one heading; `innocents` is given where the heading itself has none."""
    precision = _ratio(counts.right, counts.alerts)
    recall = _ratio(len(counts.caught), len(counts.affairs))
    exposed = len(counts.innocents) if innocents is None else innocents
    delays = [max(0, time_ms - counts.affairs[affair]) for affair, time_ms in counts.caught.items()]
    return Row(
        name=name,
        alerts=counts.alerts,
        right=counts.right,
        affairs=len(counts.affairs),
        caught=len(counts.caught),
        precision=precision,
        recall=recall,
        f1=_harmonic(precision, recall),
        median_delay_ms=statistics.median(delays) if delays else None,
        innocents=exposed,
        innocents_hit=len(counts.hit),
        false_alarms=counts.false_alarms,
        false_alarm_rate=_ratio(counts.false_alarms * 1000, exposed * weeks),
    )


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _harmonic(precision: float | None, recall: float | None) -> float | None:
    if precision is None or recall is None:
        return None
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

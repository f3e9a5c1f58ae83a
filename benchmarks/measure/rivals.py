"""Other systems' thresholds and the detector, scored alike on the same histories."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.baselines import BASELINES, Baseline
from benchmarks.measure.history import Measured
from detector.scoring.accusations import ACCUSING
from detector.scoring.score import Judged, Level, compare
from detector.scoring.tally import Counts, Row, total


@dataclass(frozen=True, slots=True)
class Rival:
    """One baseline's row in its category, and the detector's row there."""

    baseline: Baseline
    theirs: Row
    ours: Row


def rivals(measured: Sequence[Measured], ours: Level) -> list[Rival]:
    """Score each baseline alone, in the category it speaks of."""
    found = []
    for baseline in BASELINES:
        level = _level([Judged(each.baselines[baseline.name], each.labels) for each in measured])
        found.append(Rival(baseline, _row(level, baseline.category), _row(ours, baseline.category)))
    return found


def together(measured: Sequence[Measured]) -> Row:
    """Score all baselines as if they were one system."""
    everything = [
        Judged([one for found in each.baselines.values() for one in found], each.labels) for each in measured
    ]
    return _level(everything).overall


def _level(histories: Sequence[Judged]) -> Level:
    return compare("warn", histories, lambda alert: alert.action in ACCUSING)


def _row(level: Level, category: str) -> Row:
    """Return a category's row; an empty one where the histories hold none of it and nobody spoke of it."""
    rows = [row for row in level.by_category if row.name == category]
    return rows[0] if rows else total(category, Counts(), {})

"""The arithmetic of a score: counts, and the ratios made of them."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from detector.scoring.confidence import Rate, Share, rate, share
from detector.scoring.labels import Subject

Affair: TypeAlias = tuple[int, str]
"""The history's number, and the incident or the label's number."""
Case: TypeAlias = tuple[int, str]
Person: TypeAlias = tuple[int, Subject]
PER_ACCOUNTS = 1000
_NINE_TENTHS = 8
"""Of the nine cuts that make ten parts, the last one's place."""


@dataclass(slots=True)
class Counts:
    """What is counted under one heading.

    `cases` with whether all their alerts were right so far; `affairs` with their start, `caught` with the
    time of the first right alert, both in Unix ms; `proven` are the affairs that right alerts of this heading
    named; `innocents` with the weeks that each was watched.
    """

    cases: dict[Case, bool] = field(default_factory=dict)
    affairs: dict[Affair, int] = field(default_factory=dict)
    caught: dict[Affair, int] = field(default_factory=dict)
    proven: set[Affair] = field(default_factory=set)
    innocents: dict[Person, float] = field(default_factory=dict)
    hit: set[Person] = field(default_factory=set)
    false_alarms: int = 0


@dataclass(frozen=True, slots=True)
class Delay:
    """From an affair's start to its first right alert, ms; None where nothing was caught."""

    median_ms: float | None
    p90_ms: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a score.

    `precision`: right cases of all; `affair_precision`: affairs named, of these and the wrong cases, so that
    a farm of a hundred accounts weighs as much as one wrong case; `recall`: affairs caught of all; `hit`:
    innocent accounts accused at least once; `false_alarms`: how often that was, per 1,000 innocent accounts
    and week.
    """

    name: str
    precision: Share
    affair_precision: Share
    recall: Share
    f1: float | None
    delay: Delay
    hit: Share
    false_alarms: Rate

    @property
    def affairs(self) -> int:
        """How many affairs there were."""
        return self.recall.whole

    @property
    def caught(self) -> int:
        """How many of them were caught."""
        return self.recall.part

    @property
    def innocents_hit(self) -> int:
        """How many innocents were accused at least once."""
        return self.hit.part


def total(name: str, counts: Counts, innocents: Mapping[Person, float]) -> Row:
    """Return the row of one heading; `innocents`: those who might have been accused under it."""
    right = sum(counts.cases.values())
    wrong = len(counts.cases) - right
    precision = share(right, len(counts.cases))
    recall = share(len(counts.caught), len(counts.affairs))
    return Row(
        name=name,
        precision=precision,
        affair_precision=share(len(counts.proven), len(counts.proven) + wrong),
        recall=recall,
        f1=_harmonic(precision.value, recall.value),
        delay=_delay([max(0, time_ms - counts.affairs[one]) for one, time_ms in counts.caught.items()]),
        hit=share(len(counts.hit & innocents.keys()), len(innocents)),
        false_alarms=rate(counts.false_alarms, sum(innocents.values()), PER_ACCOUNTS),
    )


def _delay(delays_ms: list[int]) -> Delay:
    if not delays_ms:
        return Delay(None, None)
    if len(delays_ms) == 1:
        return Delay(delays_ms[0], delays_ms[0])
    ninth = statistics.quantiles(delays_ms, n=10, method="inclusive")[_NINE_TENTHS]
    return Delay(statistics.median(delays_ms), ninth)


def _harmonic(precision: float | None, recall: float | None) -> float | None:
    if precision is None or recall is None:
        return None
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

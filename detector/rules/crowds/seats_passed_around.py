"""Seats passed around: a few seats go round among more computers than there are seats.

Clause: 9.1(3)(a), an account must not be shared; the preamble on 有米云 365, a seat is for one person.
Source: the clause itself; where desks are shared there are fewer of them than people (DIN EN 16798 and
office planning reckon with 0.6 to 0.9 desks for each), so computers that outnumber the seats at work on them
are their people's own.
Misses: people who keep to one seat among several; seats passed around on one computer (`seats_by_turns`).
Errs: two or three people with a seat each and twice as many computers that all of them use by turns.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, saturate
from detector.rules.crowds.base import Accused


@dataclass(frozen=True, slots=True)
class SeatsPassedAround:
    """Strength grows from `changes` of seats in a week: at work on another computer in the course of a day.

    They go round among computers that several of them use: `times` those seats, and `more`; and they change
    on `share` of the days of each. Fewer computers than `sure_times` the seats are never sure: strength ends
    at `unsure`.
    """

    name: ClassVar[str] = "seats_passed_around"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "seat_sharing"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    kinds: ClassVar[tuple[str, ...]] = ("organisation",)
    accuses: ClassVar[Accused] = "accounts"

    times: float = 1.5
    more: int = 2
    changes: int = 4
    share: float = 0.5
    sure_times: int = 3
    unsure: float = 0.8

    def check(self, seen: Features) -> Strengths:
        """See `CrowdRule.check`."""
        among = np.asarray(seen.among_7d, np.float64)
        restless = (among > 0) & (seen.changes_7d >= self.share * seen.seat_days_7d)
        around = restless & (seen.computers_7d >= self._needed(seen))
        strength = saturate(seen.changes_7d, self.changes)
        most = np.where(seen.computers_7d >= self.sure_times * among, 1.0, self.unsure)
        return np.where(around, np.minimum(strength, most), 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `CrowdRule.reason`."""
        return Reason("shared_computers_7d", float(seen.computers_7d), float(self._needed(seen)))

    def rests_on(self, seen: Features) -> int:
        """See `CrowdRule.rests_on`."""
        return int(seen.passed_slots)

    def _needed(self, seen: Features) -> Strengths:
        among = np.asarray(seen.among_7d, np.float64)
        return np.maximum(self.times * among, among + self.more)

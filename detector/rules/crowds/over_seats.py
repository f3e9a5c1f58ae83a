"""Over seats: more people of an organisation at work at once than it has bought seats for.

Clause: 9.1(3)(a), an account must not be shared; the preamble on 有米云 365, a seat is for one person and is
bought.
Source: the clause itself; the number is that of the organisation's entitlement (`seats`) at the moment. A
person is there from the first to the last sign of a day.
Misses: organisations without such a number; those who are seldom at work at once, as in shifts; people who
share seats without being proven several (`seat_at_once`, `several_people`).
Errs: an organisation whose accounts change hands by closing one and opening another: so days are needed, and
more of them the smaller the excess. Administrators hold no seat.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, saturate
from detector.rules.crowds.base import Accused


@dataclass(frozen=True, slots=True)
class OverSeats:
    """Strength grows from `days` of a week with more people at once than seats, today being one.

    Of people by `far` times the seats and `many` more, one day is enough; by `some` times and 2 more,
    two are.
    An excess below `some` is never sure: strength ends at `unsure`.
    """

    name: ClassVar[str] = "over_seats"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "seat_sharing"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    kinds: ClassVar[tuple[str, ...]] = ("organisation",)
    accuses: ClassVar[Accused] = "crowd"

    days: int = 3
    some: float = 1.2
    far: float = 1.5
    many: int = 3
    unsure: float = 0.8

    def check(self, seen: Features) -> Strengths:
        """See `CrowdRule.check`."""
        ratio, excess = self._excess(seen)
        clearly = (ratio >= self.some) & (excess >= 2)  # noqa: PLR2004 - more than one who replaces another
        needed = np.select([(ratio >= self.far) & (excess >= self.many), clearly], [1, 2], self.days)
        strength = saturate(seen.over_days_7d, needed.astype(np.float64))
        return np.where(excess > 0, np.where(clearly, strength, np.minimum(strength, self.unsure)), 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `CrowdRule.reason`."""
        return Reason("people_at_once", float(seen.at_once_day), float(seen.bought))

    def rests_on(self, seen: Features) -> int:
        """See `CrowdRule.rests_on`."""
        return int(seen.day_slots if seen.seats_day > seen.bought else seen.several_slots)

    @staticmethod
    def _excess(seen: Features) -> tuple[Strengths, Strengths]:
        """Return by how many times, and by how many, people outnumber seats; 0 where nobody said how many."""
        bought = np.asarray(seen.bought, np.float64)
        people = np.where(bought > 0, np.asarray(seen.at_once_day, np.float64), 0.0)
        return people / np.maximum(bought, 1.0), people - bought

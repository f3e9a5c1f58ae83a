"""Rented by shifts: hands in several cities that come back after one another, each at hours of its own.

Clause: 9.1(3)(a), an account must not be sold, lent or rented out; 7.4, it is for its holder alone.
Source: the clause itself; hours are compared by their distance in total variation over parts of 4 hours.
Misses: shifts within one metropolis, which home and office look like as well; shifts of days with like hours
(`taking_turns`).
Errs: as `taking_turns`; hours alone are nobody's fault, a shift worker has one device or line in all of them.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, at_turns, saturate


@dataclass(frozen=True, slots=True)
class RentedByShifts:
    """Strength grows from `far` returns in two weeks after one of another metropolis, as in `taking_turns`.

    At least `apart` of the hours of those who follow each other are not the other's, and they were never seen
    at once.
    """

    name: ClassVar[str] = "rented_by_shifts"
    version: ClassVar[int] = 2
    category: ClassVar[str] = "account_transfer"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = "hand_slots"
    places: ClassVar[bool] = True

    far: int = 6
    apart: float = 0.7

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        shifts = at_turns(seen) & (seen.turns_apart >= self.apart) & (seen.interleaved == 0)
        return np.where(shifts, saturate(seen.far_turns_14d, self.far), 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        return Reason("far_turns_14d", float(seen.far_turns_14d), self.far)

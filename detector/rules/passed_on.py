"""Passed on: a string of users, each with devices and lines of his own, each gone when the next one comes.

Clause: 9.1(3)(a), an account must not be sold, lent or rented out; 7.4, it is for its holder alone.
Source: the clause itself; a hand is what devices and lines make up (detector/windows/habits).
Misses: users who come back (`taking_turns`), or of whom only carriers' networks are seen.
Errs: a traveller who uses the computers of hotels, and neither phone nor laptop, for days each.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, at_work, saturate


@dataclass(frozen=True, slots=True)
class PassedOn:
    """Strength grows from `successions`, in halves: hands that came when all before had gone.

    One of two days and more counts 2 halves, one of a day, which may be a visit, 1.
    """

    name: ClassVar[str] = "passed_on"
    version: ClassVar[int] = 2
    category: ClassVar[str] = "account_transfer"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = "hand_slots"
    places: ClassVar[bool] = True

    successions: int = 6

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        passed = at_work(seen) & (seen.seat == 0)
        return np.where(passed, saturate(seen.successions, self.successions), 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        return Reason("half_successions", float(seen.successions), self.successions)

"""Seat at once: several computers of one network at work on one seat at the same time, day after day.

Clause: 9.1(3)(a), an account must not be shared; the preamble on 有米云 365, a seat is for one person.
Source: OWASP Application Security Verification Standard 4.0.3, 3.3 (concurrent sessions of one account); of
computers at work at once in pairs the largest clique bounds the number of people from below.
Misses: two colleagues who seldom work at the same time; those who take turns at one computer.
Errs: one person with two computers on the desk who works on both all day; so of two, many meetings are
needed.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from detector.rules.base import Features, Reason, Strengths, at_work, saturate
from detector.windows.habits.desks import OFTEN

THREE = 3


@dataclass(frozen=True, slots=True)
class SeatAtOnce:
    """Strength grows from `often` meetings of each two of three computers or more, on `days` of two weeks.

    A meeting is counted once in 5 minutes, when a second computer of the same network was at work between two
    signs of the first one that lie at most 15 minutes apart; every week halves what was counted. Of two
    computers `pair` meetings are needed, and a day more.
    """

    name: ClassVar[str] = "seat_at_once"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "seat_sharing"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = "desk_slots"
    places: ClassVar[bool] = False

    often: int = OFTEN
    pair: int = 24
    days: int = 2

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        shown = at_work(seen) & (seen.seat > 0) & (self.people(seen) > 1)
        return np.where(shown, saturate(seen.desk_sure, self._needed(seen)), 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        name = "meetings_of_two_computers" if seen.desk_people < THREE else "meetings_of_several_computers"
        return Reason(name, float(seen.desk_sure), float(self._needed(seen)))

    def people(self, seen: Features) -> NDArray[Any]:
        """Return how many people are proven at least, 1 where no more are; `seen` may be one plain record."""
        three = seen["desk_people"] >= THREE
        proven = (seen["desk_sure"] >= self._needed(seen)) & (seen["desk_people"] > 1)
        return np.where(
            proven & (seen["desk_days_14d"] >= self.days + np.logical_not(three)), seen["desk_people"], 1
        )

    def _needed(self, seen: Features) -> Strengths:
        return np.where(seen["desk_people"] >= THREE, self.often, self.pair).astype(np.float64)

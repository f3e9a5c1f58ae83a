"""Seat on many computers: day after day, more computers of one network on one seat than one person has there.

Clause: 9.1(3)(a), an account must not be shared; the preamble on 有米云 365, a seat is for one person.
Source: the clause itself; computers on which other seats are at work as well, as on shared desks, are left
out.
Misses: two colleagues, who have no more computers than one person may; those who clear their cookies.
Errs: one person with three computers on the desk, none of them anybody else's.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from detector.rules.base import Features, Reason, Strengths, saturate
from detector.rules.crowds.base import Accused


@dataclass(frozen=True, slots=True)
class SeatOnManyComputers:
    """Strength grows from computers `beyond` two of a day in one network, added up over two weeks.

    A computer counts that was seen on two of the days and on which no other seat was; of a day two at most.
    """

    name: ClassVar[str] = "seat_on_many_computers"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "seat_sharing"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    kinds: ClassVar[tuple[str, ...]] = ("organisation",)
    accuses: ClassVar[Accused] = "accounts"

    beyond: int = 4

    def check(self, seen: Features) -> Strengths:
        """See `CrowdRule.check`."""
        return saturate(seen.beyond_14d, self.beyond)

    def reason(self, seen: Features) -> Reason:
        """See `CrowdRule.reason`."""
        return Reason("computers_beyond_two_a_day_14d", float(seen.beyond_14d), self.beyond)

    def rests_on(self, seen: Features) -> int:
        """See `CrowdRule.rests_on`."""
        return int(seen.own_slots)

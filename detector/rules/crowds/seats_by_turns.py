"""Seats by turns: one computer on which several seats take turns, again and again, and nowhere else.

Clause: 9.1(3)(a), an account must not be shared; the preamble on 有米云 365, a seat is for one person.
Source: the clause itself; whoever uses one seat until its limits are reached, then the next one, comes back
to the first.
Misses: seats used one after the other, each once a day, as those who share a desk by shifts do as well.
Errs: a counter whose only computer several clerks use by turns, who have none of their own: so the policy
weighs this less, and it restricts nobody alone.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, saturate
from detector.rules.crowds.base import Accused


@dataclass(frozen=True, slots=True)
class SeatsByTurns:
    """Strength grows from `turns` of a day: a seat comes back within an hour, after another one was there.

    At least `seats` of those that take turns were at work on no other computer that day.
    """

    name: ClassVar[str] = "seats_by_turns"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "seat_sharing"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    kinds: ClassVar[tuple[str, ...]] = ("organisation",)
    accuses: ClassVar[Accused] = "accounts"

    turns: int = 6
    seats: int = 3

    def check(self, seen: Features) -> Strengths:
        """See `CrowdRule.check`."""
        return np.where(seen.turned_seats >= self.seats, saturate(seen.turns_day, self.turns), 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `CrowdRule.reason`."""
        return Reason("turns_on_one_computer", float(seen.turns_day), self.turns)

    def rests_on(self, seen: Features) -> int:
        """See `CrowdRule.rests_on`."""
        return int(seen.turned_slots)

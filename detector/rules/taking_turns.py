"""Taking turns: hands of one account that never meet, and come back after one another in working time.

Clause: 9.1(3)(a), an account must not be shared; 7.4, it is for its holder alone.
Source: the clause itself; a hand is what one person's devices and lines make up (detector/windows/habits).
Whoever lives in two cities and moves twice a week comes back four times in two weeks.
Misses: sharers of one metropolis who never come back on the same day, as one who works at home by turns does;
those with one provider in one province; those whose hours have little in common (`rented_by_shifts`).
Errs: a user with a computer left in each of two cities, whose phone is never seen in both, and who travels
every other day; one whose home the database puts into another province, if he works there by turns; who
works at home and on the office's computer from afar, by turns all day.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, at_turns, saturate


@dataclass(frozen=True, slots=True)
class TakingTurns:
    """Strength grows from `far` returns of a hand in two weeks after one of another metropolis was at work.

    Or from `near` returns within a day to a line of the same metropolis. Both count between 10 and 17 o'clock
    of working days; far and back in one evening counts as two of `far`. Far returns count here where hours
    are `apart` by less, or hands were ever seen at once. Where they never were, the strength is `alone` at
    most: two people meet by chance some day, one person at two computers does not.
    """

    name: ClassVar[str] = "taking_turns"
    version: ClassVar[int] = 3
    category: ClassVar[str] = "account_sharing"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = "hand_slots"
    places: ClassVar[bool] = True

    far: int = 6
    near: int = 12
    apart: float = 0.7
    alone: float = 0.75

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        shifts = (seen.turns_apart >= self.apart) & (seen.interleaved == 0)
        far = np.where(shifts, 0.0, saturate(seen.far_turns_14d, self.far))
        turns = np.maximum(far, saturate(seen.near_turns_14d, self.near))
        alone = np.where(seen.interleaved > 0, turns, np.minimum(turns, self.alone))
        return np.where(at_turns(seen), alone, 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        if seen.near_turns_14d >= self.near:
            return Reason("near_turns_14d", float(seen.near_turns_14d), self.near)
        return Reason("far_turns_14d", float(seen.far_turns_14d), self.far)

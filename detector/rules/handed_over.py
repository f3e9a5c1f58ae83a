"""Handed over: device, line and city change together, and nothing of the old is seen again.

Clause: 9.1(3)(a), an account must not be sold, lent or given away; 7.4, it is for its holder alone.
Source: the clause itself; a hand is what devices and lines make up (detector/windows/habits): a house move
keeps the devices and a new phone the lines, so both leave it as it is. Who came may have several, as home and
office are: all that were seen since the old ones had gone.
Misses: sales within one metropolis to somebody with like hours or clients; a seller who stays logged in, or
comes once more after the buyer did.
Errs: a user who works a week elsewhere with computers never used at home; one who changes job,
home, computers and phone at once. A seat is handed to a new employee, so this says nothing of seats.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, at_work, saturate


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Strength grows from `new` days of the new hands and `missed` ones that the old would have had.

    Working days count that had a sign; the old had `old` of them, and are missed on days that are over.
    Within a metropolis, `slower` times as many of both are needed, no client may be an old one, and at least
    `apart` of the hours are other ones. Where the password was changed within a day of their coming,
    `renewed` of both are enough. Each of these signs (client, hours, password) makes what reaches the
    threshold louder by `louder`.
    """

    name: ClassVar[str] = "handed_over"
    version: ClassVar[int] = 3
    category: ClassVar[str] = "account_transfer"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = "hand_slots"
    places: ClassVar[bool] = True

    old: int = 3
    new: int = 4
    missed: float = 3.0
    slower: int = 3
    apart: float = 0.5
    renewed: float = 0.75
    louder: float = 0.67

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        gone = at_work(seen) & (seen.seat == 0) & (seen.old_days >= self.old)
        far = seen.moved_far > 0
        other_hours, renewed = seen.hours_apart >= self.apart, seen.password_new > 0
        another = far | ((seen.clients_new > 0) & other_hours)
        needed = np.where(far, 1.0, self.slower) * np.where(renewed, self.renewed, 1.0)
        ratio = np.minimum(seen.new_days / self.new, seen.missed_days / self.missed) / needed
        signs = (seen.clients_new > 0) * 1.0 + other_hours + renewed
        return np.where(
            gone & another & (ratio >= 1.0), saturate(ratio * (1.0 + self.louder * signs), 1.0), 0.0
        )

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        needed = self.new * (1 if seen.moved_far > 0 else self.slower)
        renewed = self.renewed if seen.password_new > 0 else 1.0
        return Reason("new_holder_days", float(seen.new_days), needed * renewed)

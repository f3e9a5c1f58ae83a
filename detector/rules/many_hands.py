"""Many hands: more devices at more places than one person has, with nothing that connects them.

Clause: 9.1(3)(a), an account must not be shared; 7.4, it is for its holder alone.
Source: the clause itself; four devices are a common limit for one person, and these are four places with
devices that share nothing.
Misses: sharers behind carriers' networks; those who have a line or a device in common.
Errs: a user with computers left in four places, whose phone is seen in none of them.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, at_turns, saturate


@dataclass(frozen=True, slots=True)
class ManyHands:
    """Strength grows from `hands`, each seen on two of the last 14 days, or from `once`, seen on one of them.

    Where the account is entitled to as many devices or more, from one more than those.
    """

    name: ClassVar[str] = "many_hands"
    version: ClassVar[int] = 2
    category: ClassVar[str] = "account_sharing"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = "hand_slots"
    places: ClassVar[bool] = True

    hands: int = 4
    once: int = 6

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        agreed = seen.max_devices + 1.0
        twice = saturate(seen.hands_14d, np.maximum(self.hands, agreed))
        once = saturate(seen.hands_once_14d, np.maximum(self.once, agreed))
        return np.where(at_turns(seen), np.maximum(twice, once), 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        agreed = int(seen.max_devices) + 1
        if seen.hands_14d >= max(self.hands, agreed):
            return Reason("hands_14d", float(seen.hands_14d), max(self.hands, agreed))
        return Reason("hands_once_14d", float(seen.hands_once_14d), max(self.once, agreed))

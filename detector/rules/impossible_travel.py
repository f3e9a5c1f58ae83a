"""Impossible travel: one account in two places faster than an airliner, the places' uncertainty taken off.

Clause: 9.1(3)(c), an account must not be used from several cities by turns within a period.
Source: MITRE ATT&CK T1078 (valid accounts), detection by logins from distant places in too short a time;
the speed is an airliner's (detector/windows/places.py),
the least time is a plane's or a train's (detector/windows/journeys.py).
Misses: journeys under 300 km; those of one device, whose network has several exits (`city_rounds` sees
proxies in many cities); places of phones, mobile networks, VPNs and clouds; fewer than `jumps` a day between
the same two places, since a home that its database puts elsewhere makes two every day.
Errs: an address that its database puts into the wrong province; so one jump alone is never a step.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import ALWAYS_OBSERVE, Features, Reason, Strengths, at_work, saturate


@dataclass(frozen=True, slots=True)
class ImpossibleTravel:
    """A first jump is worth a note; strength grows from `jumps` in a day, or from `beside` in a week.

    `beside`: those but for the jumps between the two places that have most of them.
    However many cities were agreed on, nobody is in two of them at once.
    """

    name: ClassVar[str] = "impossible_travel"
    version: ClassVar[int] = 3
    category: ClassVar[str] = "city_switching"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = "jump_slots"
    places: ClassVar[bool] = True

    jumps: int = 5
    beside: int = 2

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        noted = np.where(seen.jumps_24h > 0, ALWAYS_OBSERVE, 0.0)
        daily = saturate(seen.jumps_24h, self.jumps)
        weekly = saturate(seen.city_jumps_7d, self.beside)
        return np.where(at_work(seen), np.maximum(noted, np.maximum(daily, weekly)), 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        if seen.jumps_24h < self.jumps and seen.city_jumps_7d >= self.beside:
            return Reason("impossible_journeys_beside_7d", float(seen.city_jumps_7d), self.beside)
        return Reason("impossible_journeys_24h", float(seen.jumps_24h), self.jumps)

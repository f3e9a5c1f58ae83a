"""Datacenter use: an account used from a cloud provider's or hosting network.

Clause: 9.1(3)(b), no access from cloud providers' addresses.
Source: the clause itself; networks by the providers' own published ranges and by ASN (detector/enrich).
Misses: providers that no list names; residential proxies.
Errs: a cloud desktop or a company's proxy in a cloud; so a stray request is only noted, and an allow entry
of the account excuses the rest.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import ALWAYS_OBSERVE, Features, Reason, Strengths, saturate


@dataclass(frozen=True, slots=True)
class DatacenterUse:
    """A first use is worth a note; strength grows from `events` in a day spread over at least `hours`.

    A program's requests are use too; heartbeats and logouts are none.
    """

    name: ClassVar[str] = "datacenter_use"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "datacenter_access"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = "hosting_slots"
    places: ClassVar[bool] = False

    events: int = 20
    hours: int = 2

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        noted = np.where(seen.hosting_24h > 0, ALWAYS_OBSERVE, 0.0)
        long_enough = seen.hosting_hours_24h >= self.hours
        strength = np.maximum(noted, np.where(long_enough, saturate(seen.hosting_24h, self.events), 0.0))
        return np.where(seen.hosting_use, strength, 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        return Reason("hosting_events_24h", float(seen.hosting_24h), self.events)

"""Datacenter use: an account used from a cloud provider's or hosting network.

Clause: 9.1(3)(b), no access from cloud providers' addresses.
Source: the clause itself; networks by the providers' own published ranges and by ASN (detector/enrich).
Misses: providers that no list names; residential proxies; less than `days` days of a few hours; a stranger's
first day on the account, who may be a thief.
Errs: a cloud desktop or a company's proxy in a cloud; so a stray request is only noted, and an allow entry
of the account, or of its organisation, excuses the rest.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import ALWAYS_OBSERVE, Features, Reason, Strengths, saturate


@dataclass(frozen=True, slots=True)
class DatacenterUse:
    """A first use is worth a note; strength grows from `events` in a day spread over at least `hours`.

    Or from `days` in two weeks with more than stray use (detector/windows/hosting.py). A program's requests
    are use too; heartbeats and logouts are none.
    """

    name: ClassVar[str] = "datacenter_use"
    version: ClassVar[int] = 2
    category: ClassVar[str] = "datacenter_access"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = "hosting_slots"
    places: ClassVar[bool] = False

    events: int = 20
    hours: int = 3
    days: int = 3

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        much = np.where(seen.hosting_hours_24h >= self.hours, saturate(seen.hosting_24h, self.events), 0.0)
        strength = np.maximum(np.maximum(ALWAYS_OBSERVE, much), saturate(seen.hosting_days_14d, self.days))
        return np.where(seen.hosting_use, strength, 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        in_a_day = seen.hosting_24h >= self.events and seen.hosting_hours_24h >= self.hours
        if not in_a_day and seen.hosting_days_14d >= self.days:
            return Reason("hosting_days_14d", float(seen.hosting_days_14d), self.days)
        return Reason("hosting_events_24h", float(seen.hosting_24h), self.events)

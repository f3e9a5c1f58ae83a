"""Datacenter use: an account used from a cloud provider's or hosting network.

Clause: 9.1(3)(b), no access from cloud providers' addresses.
Source: the clause itself; networks by the providers' own published ranges and by ASN (detector/enrich).
Misses: providers that no list names; residential proxies; less than a few hours on `days` days; now and then
among much other use; a stranger's first day on the account, who may be a thief.
Errs: a cloud desktop or a company's proxy in a cloud; so a stray request or visit is only noted, a single day
is worth a warning at most, and an allow entry of the account, or of its organisation, excuses the rest.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import ALWAYS_OBSERVE, Features, Reason, Strengths, saturate


@dataclass(frozen=True, slots=True)
class DatacenterUse:
    """A first use is worth a note; strength grows from `events` in a day spread over at least `hours`.

    Those must be `share_of_day` of a day's requests, and are worth `one_day` at most on the first such day.
    Or from `days` in two weeks with more than stray use (detector/windows/hosting.py), which must be
    `share_of_days` of those on which the account was used. A program's requests are use too; heartbeats and
    logouts are none.
    """

    name: ClassVar[str] = "datacenter_use"
    version: ClassVar[int] = 3
    category: ClassVar[str] = "datacenter_access"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = "hosting_slots"
    places: ClassVar[bool] = False

    events: int = 20
    hours: int = 3
    share_of_day: float = 0.4
    one_day: float = 0.8
    days: int = 3
    share_of_days: float = 0.4

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        often = saturate(seen.hosting_days_14d, self._enough_days(seen))
        strength = np.maximum(np.maximum(ALWAYS_OBSERVE, self._by_day(seen)), often)
        return np.where(seen.hosting_use, strength, 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        enough = self._enough_days(seen)
        if self._by_day(seen) == 0.0 and seen.hosting_days_14d >= enough:
            return Reason("hosting_days_14d", float(seen.hosting_days_14d), round(float(enough), 1))
        return Reason("hosting_events_24h", float(seen.hosting_24h), self.events)

    def _by_day(self, seen: Features) -> Strengths:
        much = seen.hosting_24h >= self.share_of_day * seen.requests_24h
        strength = saturate(seen.hosting_24h, self.events)
        again = seen.hosting_days_14d > 1
        strength = np.where(again, strength, np.minimum(strength, self.one_day))
        return np.where(much & (seen.hosting_hours_24h >= self.hours), strength, 0.0)

    def _enough_days(self, seen: Features) -> Strengths:
        enough: Strengths = np.maximum(self.days, self.share_of_days * seen.used_days_14d)
        return enough

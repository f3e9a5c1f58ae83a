"""Tried from everywhere: strangers fail all over the platform, far more of them than ever and than succeed.

Clause: 9.1(2)(a), no guessing of passwords; 9.1(2)(d), no breaking into accounts.
Source: OWASP Automated Threats OAT-008 (credential stuffing shows in the ratio of failed logins); Splunk's
"Detect Distributed Password Spray Attempts" (a platform's failures against its own past); Iglewicz and
Hoaglin 1993 (3.5 robust deviations above the median are an outlier).
Misses: attacks that are small beside what the platform sees every day; one that goes on for most of the like
days becomes usual, and is left to `accounts_tried` and `tried_by_one_client`.
Errs: a platform whose logins break for everybody; so only an address is accused that tried several names
that do not exist, or two accounts.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, saturate
from detector.rules.crowds.base import Accused
from detector.rules.crowds.usual import SPREADS, shown, well_above
from detector.windows.crowds.logins import SPANS_MS
from detector.windows.habits.calendar import HOUR_MS

_HOUR = SPANS_MS.index(HOUR_MS)


@dataclass(frozen=True, slots=True)
class TriedFromEverywhere:
    """Strength grows from `pairs` of account and address in an hour or two, over `addresses` in half an hour.

    They must be `over` times the strangers' logins that succeeded in that time, and `times` what is usual
    at this hour of such a day, and `spreads` above it.
    """

    name: ClassVar[str] = "tried_from_everywhere"
    version: ClassVar[int] = 2
    category: ClassVar[str] = "credential_attack"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    kinds: ClassVar[tuple[str, ...]] = ("platform",)
    accuses: ClassVar[Accused] = "addresses"

    pairs: int = 40
    addresses: int = 15
    over: int = 3
    times: int = 2
    spreads: float = SPREADS

    def check(self, seen: Features) -> Strengths:
        """See `CrowdRule.check`."""
        unusual = (seen.tried_1h >= self.over * seen.fine_1h) & (seen.tried_1h >= self._usual(seen))
        everywhere = (seen.addresses[..., 0] >= self.addresses) & (seen.failed > 0)
        return np.where(everywhere & unusual, saturate(seen.tried_1h, self.pairs), 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `CrowdRule.reason`."""
        return Reason("pairs_tried_1h", float(seen.tried_1h), shown(self.pairs, self._usual(seen)))

    def rests_on(self, seen: Features) -> int:
        """See `CrowdRule.rests_on`."""
        return int(seen.plain_slots[0])

    def _usual(self, seen: Features) -> Strengths:
        return np.asarray(well_above(seen, self.times, self.spreads)[..., _HOUR])

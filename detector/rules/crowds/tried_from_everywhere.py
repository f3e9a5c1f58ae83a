"""Tried from everywhere: strangers fail all over the platform, far more of them than ever and than succeed.

Clause: 9.1(2)(a), no guessing of passwords; 9.1(2)(d), no breaking into accounts.
Source: OWASP Automated Threats OAT-008 (credential stuffing shows in the ratio of failed logins); Splunk's
"Detect Distributed Password Spray Attempts" (a platform's failures against its own past).
Misses: attacks that are small beside what the platform sees every day.
Errs: a platform whose logins break for everybody; so only an address is accused that tried several names that
do not exist, or two accounts.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, saturate
from detector.rules.crowds.base import Accused


@dataclass(frozen=True, slots=True)
class TriedFromEverywhere:
    """Strength grows from `pairs` of account and address in an hour or two, over `addresses` in half an hour.

    They must be `over` times the strangers' logins that succeeded in that time, and `times` a usual hour's.
    """

    name: ClassVar[str] = "tried_from_everywhere"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "credential_attack"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    kinds: ClassVar[tuple[str, ...]] = ("platform",)
    accuses: ClassVar[Accused] = "addresses"

    pairs: int = 40
    addresses: int = 15
    over: int = 3
    times: int = 10

    def check(self, seen: Features) -> Strengths:
        """See `CrowdRule.check`."""
        usual = self.times * np.asarray(seen.usual_day, np.float64) / 24.0
        unusual = (seen.tried_1h >= self.over * seen.fine_1h) & (seen.tried_1h >= usual)
        everywhere = (seen.addresses[..., 0] >= self.addresses) & (seen.failed > 0)
        return np.where(everywhere & unusual, saturate(seen.tried_1h, self.pairs), 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `CrowdRule.reason`."""
        return Reason("pairs_tried_1h", float(seen.tried_1h), self.pairs)

    def rests_on(self, seen: Features) -> int:
        """See `CrowdRule.rests_on`."""
        return int(seen.plain_slots[0])

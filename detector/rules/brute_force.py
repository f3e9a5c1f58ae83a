"""Brute force: many failed logins at one account from where it is not at home.

Clause: 9.1(2)(a), no guessing of passwords; 9.1(2)(d), no breaking into accounts.
Source: NIST SP 800-63B, 5.2.2 (a limit on failed attempts); MITRE ATT&CK T1110.
Misses: guessing spread thinly over many accounts, which only many accounts together show.
Errs: a holder who forgot the password on a new device in a new place; so ten in ten minutes are needed.
The account is the victim: the finding asks to protect it.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, saturate


@dataclass(frozen=True, slots=True)
class BruteForce:
    """Strength grows from `level` failures in a bucket that loses one a minute, or from `daily` in a day."""

    name: ClassVar[str] = "brute_force"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "credential_attack"
    purpose: ClassVar[Literal["enforce", "protect"]] = "protect"
    slots: ClassVar[str] = "failures"
    places: ClassVar[bool] = False

    level: int = 10
    daily: int = 40

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        fast = saturate(seen.failure_level, self.level)
        slow = saturate(seen.strange_failures_24h, self.daily)
        failing = (seen.failure >= 0) & (seen.account > 0)
        return np.where(failing, np.maximum(fast, slow), 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        if seen.failure_level >= self.level:
            return Reason("failed_logins_burst", round(float(seen.failure_level), 3), self.level)
        return Reason("failed_logins_24h", float(seen.strange_failures_24h), self.daily)

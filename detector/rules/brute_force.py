"""Brute force: many failed logins at one account on devices, networks and lines that it was never seen on.

Clause: 9.1(2)(a), no guessing of passwords; 9.1(2)(d), no breaking into accounts.
Source: NIST SP 800-63B, 5.2.2 (a limit on failed attempts, of 100 at most); MITRE ATT&CK T1110.001.
Misses: guessing spread thinly over many accounts, which only many accounts together show; guessing as even as
a timer's, slower than two a minute; guessing on the account's own device or network.
Errs: a holder who forgot the password on a new device in a new province; so ten in ten minutes are needed. Of
failures by an unknown device on the account's own provider and province, four count as one. What the platform
locked itself never counts. The account is the victim: the finding asks to protect it.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, saturate


@dataclass(frozen=True, slots=True)
class BruteForce:
    """Strength grows from `level` failures in a bucket that loses one a minute.

    Or from `slow` in one that loses one in three hours and takes none that a timer made; from `spread` where
    they came from `networks` at least: nobody forgets his password in so many strange places.
    """

    name: ClassVar[str] = "brute_force"
    version: ClassVar[int] = 3
    category: ClassVar[str] = "credential_attack"
    purpose: ClassVar[Literal["enforce", "protect"]] = "protect"
    slots: ClassVar[str] = "failures"
    places: ClassVar[bool] = False

    level: int = 10
    slow: int = 30
    spread: int = 20
    networks: int = 4

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        failing = (seen.failure >= 0) & (seen.account > 0)
        over = np.maximum(
            saturate(seen.failure_level, self.level), saturate(seen.failure_slow, self._slow(seen))
        )
        return np.where(failing, over, 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        if seen.failure_level >= self.level:
            return Reason("failed_logins_burst", round(float(seen.failure_level), 3), self.level)
        return Reason("failed_logins_slow", round(float(seen.failure_slow), 3), float(self._slow(seen)))

    def _slow(self, seen: Features) -> Strengths:
        return np.where(seen.strange_networks >= self.networks, self.spread, self.slow)

"""Guessed password: a login succeeds where guessing at the account had come from.

Clause: 7.2 and 7.3, an account whose password somebody else has; 9.1(2)(d), no breaking into accounts;
9.1(2)(e), no use of what was taken.
Source: MITRE ATT&CK T1110.001 (a success after many failures shows that guessing has ended); OWASP ASVS
4.0.3, 2.2.1.
Misses: guesses that hit before there were many; a success from a network that guessed nothing.
Errs: a holder who tried ten times on a new device in a new province and then knew the password again.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import ALWAYS_OBSERVE, Features, Reason, Strengths, saturate


@dataclass(frozen=True, slots=True)
class GuessedPassword:
    """Strength grows from `level` failures in the fast bucket or `slow` in the slow one (see `BruteForce`).

    The login must come from a network that had failed, on a device and line that the account did not know.
    One from elsewhere that is as strange is noted. Who had the password changed in between did not guess it.
    """

    name: ClassVar[str] = "guessed_password"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "account_takeover"
    purpose: ClassVar[Literal["enforce", "protect"]] = "protect"
    slots: ClassVar[str] = "failures"
    places: ClassVar[bool] = False

    level: int = 8
    slow: int = 25

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        over = np.maximum(saturate(seen.failure_level, self.level), saturate(seen.failure_slow, self.slow))
        strange = (seen.login > 0) & (seen.account > 0) & (seen.known_by == 0) & (seen.renewed == 0)
        elsewhere = np.where(over > 0.0, ALWAYS_OBSERVE, 0.0)
        return np.where(strange, np.where(seen.attacked_from > 0, over, elsewhere), 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        if seen.failure_level >= self.level:
            return Reason("success_after_failures", round(float(seen.failure_level), 3), self.level)
        return Reason("success_after_slow_failures", round(float(seen.failure_slow), 3), self.slow)

"""Overlapping lines: one account at work on two computers behind two lines of one metropolis.

Clause: 9.1(3)(a), an account must not be shared; 7.4, it is for its holder alone.
Source: OWASP Application Security Verification Standard 4.0.3, 3.3 (concurrent sessions of one account).
Two lines are two providers', or one's, where the computers were never in one network on days of use.
Misses: a computer and a phone, which one person uses together.
Errs: an office with lines of two providers, where one person has a desktop on one and a laptop on the other.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, at_work, saturate


@dataclass(frozen=True, slots=True)
class OverlappingLines:
    """Strength grows from `overlaps` in a day, once in 5 minutes: 6 are half an hour of common work.

    Or from `strange` in about two weeks, of computers that were known for days and never in one network.
    """

    name: ClassVar[str] = "overlapping_lines"
    version: ClassVar[int] = 3
    category: ClassVar[str] = "account_sharing"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = "near_slots"
    places: ClassVar[bool] = True

    overlaps: int = 6
    strange: int = 3

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        near = saturate(seen.near_overlaps_24h, self.overlaps)
        return np.where(at_work(seen), np.maximum(near, saturate(seen.strange_overlaps, self.strange)), 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        if seen.near_overlaps_24h >= self.overlaps:
            return Reason("near_overlaps_24h", float(seen.near_overlaps_24h), self.overlaps)
        return Reason("strange_overlaps", float(seen.strange_overlaps), self.strange)

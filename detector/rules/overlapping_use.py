"""Overlapping use: one account at work in two metropolises at once, by two devices.

Clause: 9.1(3)(a), an account must not be shared; 7.4, it is for its holder alone.
Source: OWASP Application Security Verification Standard 4.0.3, 3.3 (concurrent sessions of one account).
Misses: sharers in one metropolis (`overlapping_lines` sees some of those), sharers behind mobile networks,
VPNs or clouds, whose place says nothing; a computer and a phone that were ever in one network; sharers who
never work within the same quarter of an hour, or who ask for one page only, as a page that was left open does
(detector/windows/polls.py).
Errs: one person who works on a remote desktop in another city while clicking here as well.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, at_work, saturate


@dataclass(frozen=True, slots=True)
class OverlappingUse:
    """Strength grows from `overlaps` in a day.

    One is counted, at most once in 5 minutes, when a second device was at work between two signs of the first
    one that lie at most 15 minutes apart.
    """

    name: ClassVar[str] = "overlapping_use"
    version: ClassVar[int] = 2
    category: ClassVar[str] = "account_sharing"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = "overlap_slots"
    places: ClassVar[bool] = True

    overlaps: int = 3

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        return np.where(at_work(seen), saturate(seen.far_overlaps_24h, self.overlaps), 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        return Reason("far_overlaps_24h", float(seen.far_overlaps_24h), self.overlaps)

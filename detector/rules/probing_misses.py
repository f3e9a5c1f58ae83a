"""Probing by guesses: many different things asked for that are not there or not to be had.

Clause: 9.1(2)(f), no scanning or testing of the service for weaknesses.
Source: CrowdSec's hub, http-probing (ten different paths answered 404, 403 or 400, leaking one in 10 s);
MITRE ATT&CK T1595.003 (wordlist scanning).
Misses: guesses of numbers in one path, which count as one; a service that answers 200 to everything.
Errs: an outage in which many parts of the service answer 403 or 404 to everybody; so four times that are
needed.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import ALWAYS_OBSERVE, Features, Reason, Strengths, crowding, saturate


@dataclass(frozen=True, slots=True)
class ProbingMisses:
    """Strength grows from `paths` different ones but for their digits, at least `share` of the fresh pages.

    They are forgotten after a day without any.
    """

    name: ClassVar[str] = "probing_misses"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "probing"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = ""
    places: ClassVar[bool] = False

    paths: int = 40
    share: float = 0.3

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        mostly = (seen.fresh > 0) & (seen.missed_paths >= self.share * seen.fresh_24h)
        strength = np.where(mostly, saturate(seen.missed_paths, self.paths * crowding(seen)), 0.0)
        return np.where(seen.verified, np.minimum(strength, ALWAYS_OBSERVE), strength)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        return Reason("missed_paths", float(seen.missed_paths), float(self.paths * crowding(seen)))

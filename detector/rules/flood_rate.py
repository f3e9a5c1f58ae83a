"""Flood: the same things asked for again and again, faster than anybody reads.

Clause: 9.1(2)(g), no disturbing of the service; 9.1(2)(i), no attacks on the network.
Source: OWASP Automated Threats OAT-015 (denial of service); the OWASP Core Rule Set's group 912 calls a burst
what asks for 100 things, without static files, in a minute.
Misses: floods below the application; floods of ever other paths, which look like a crawler (`crawl_rate`).
Errs: a page application whose parts reload more than once a second and too unevenly for a timer.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import ALWAYS_OBSERVE, Features, Reason, Strengths, crowding, saturate


@dataclass(frozen=True, slots=True)
class FloodRate:
    """Strength grows from a `level` of a bucket that loses one request a second.

    Only what is asked for again fills it fully; see detector/windows/floods.py. An address with several kinds
    of client is a crowd, judged by its own past: it must ask `crowd` times a minute, `times` what it did in
    the hours before.
    """

    name: ClassVar[str] = "flood_rate"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "flooding"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = ""
    places: ClassVar[bool] = False

    level: int = 120
    crowd: int = 2_000
    times: float = 5.0

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        crowd = crowding(seen) > 1
        alone = saturate(seen.flood_level, self.level)
        strength: Strengths = np.where(crowd, saturate(seen.requests_1m, self._crowds(seen)), alone)
        return np.where(seen.verified, np.minimum(strength, ALWAYS_OBSERVE), strength)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        if crowding(seen) > 1:
            return Reason("requests_1m", float(seen.requests_1m), float(self._crowds(seen)))
        return Reason("flood_level", round(float(seen.flood_level), 1), self.level)

    def _crowds(self, seen: Features) -> Strengths:
        return np.maximum(self.crowd, self.times * np.asarray(seen.usual_1m, np.float64))

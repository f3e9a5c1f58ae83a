"""Crawl in order: the things of a catalogue one after the other by their numbers.

Clause: 9.1(3)(d), no crawlers or scripts; 9.1(2)(k), no bulk collection of data.
Source: OWASP Automated Threats OAT-011 (scraping); CWE-639 and CAPEC-59's kin, enumeration of identifiers;
  people sleep, adults' nights last 7 hours and more (Hirshkowitz et al. 2015, Sleep Health 1).
Misses: crawlers that follow links or shuffle their list; identifiers without order; by day a program that
  waits as long as somebody who works through a list, and takes no more.
Errs: somebody who leafs through hundreds of numbered pages within the hour, in an application that loads no
  pictures; who works through hundreds of tickets in order on a night shift.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import ALWAYS_OBSERVE, Features, Reason, Strengths, saturate

CHINA_MS = 8 * 3_600_000
HOUR_MS = 3_600_000
NIGHT = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class CrawlInOrder:
    """Strength grows from `steps` of one stride in a day, which are at least `share` of the fresh pages.

    Somebody who answers tickets all day takes half as many, a minute and more for each. Who is faster needs
    fewer: `pace` for each second of the mean gap, at least `fast`, where `gaps` tell it. From 1 to 6 o'clock
    in China `nightly` are enough. Assets are at most `assets` of all: who leafs in a browser
    loads the pictures. Many people behind one address do not go in order together, so it needs no more than
    an account.
    """

    name: ClassVar[str] = "crawl_in_order"
    version: ClassVar[int] = 2
    category: ClassVar[str] = "crawler"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = ""
    places: ClassVar[bool] = False

    steps: int = 600
    nightly: int = 300
    fast: int = 100
    gaps: int = 20
    pace: float = 25.0
    share: float = 0.5
    assets: float = 0.05

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        bare = seen.assets_24h <= self.assets * seen.requests_24h
        walks = bare & (seen.stepped > 0) & (seen.steps_24h >= self.share * seen.fresh_24h)
        strength = np.where(walks, saturate(seen.steps_24h, self._needed(seen)), 0.0)
        return np.where(seen.verified, np.minimum(strength, ALWAYS_OBSERVE), strength)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        return Reason("steps_in_order_24h", float(seen.steps_24h), float(self._needed(seen)))

    def _needed(self, seen: Features) -> Strengths:
        night = np.isin((np.asarray(seen.time_ms) + CHINA_MS) // HOUR_MS % 24, NIGHT)
        most = np.where(night, self.nightly, self.steps)
        by_pace = np.maximum(self.fast, np.floor(self.pace * np.asarray(seen.gap_mean_s, np.float64)))
        return np.where(seen.gaps >= self.gaps, np.minimum(most, by_pace), most).astype(np.float64)

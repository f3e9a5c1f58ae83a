"""Crawl without rest: requests in nearly every hour of the day, for ever other paths.

Clause: 9.1(3)(d), no crawlers or scripts; 9.1(2)(k), no bulk collection of data.
Source: people sleep; adults' nights last 7 hours and more (Hirshkowitz et al. 2015, Sleep Health 1).
Misses: crawlers that keep working hours; shared accounts that never rest are called crawlers only where
they read pages without their assets.
Errs: a team on shifts behind one account, an address of a whole office or carrier; those bring assets.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import ALWAYS_OBSERVE, Features, Reason, Strengths, saturate


@dataclass(frozen=True, slots=True)
class CrawlRestless:
    """Strength grows from `requests` in a day of which at least `hours` hours have some.

    Assets are at most `assets` of all requests, and there are `paths` different paths in an hour to two.
    """

    name: ClassVar[str] = "crawl_restless"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "crawler"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = ""
    places: ClassVar[bool] = False

    hours: int = 20
    requests: int = 240
    assets: float = 0.05
    paths: int = 10

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        bare = seen.assets_24h <= self.assets * seen.requests_24h
        restless = (seen.active_hours_24h >= self.hours) & (seen.paths_1h >= self.paths)
        strength = np.where(bare & restless, saturate(seen.requests_24h, self.requests), 0.0)
        return np.where(seen.verified, np.minimum(strength, ALWAYS_OBSERVE), strength)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        return Reason("active_hours_24h", float(seen.active_hours_24h), self.hours)

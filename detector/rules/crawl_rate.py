"""Crawl rate: more different pages in an hour than a reader opens.

Clause: 9.1(3)(d), no crawlers or scripts; 9.1(2)(k), no bulk collection of data.
Source: OWASP Automated Threats OAT-011 (scraping); CrowdSec's hub, http-crawl-non_statics (40 different
paths, leaking one in half a second); half of what people open they have opened before (Tauscher and Greenberg
1997, International Journal of Human-Computer Studies 47: 58 %).
Misses: crawlers slower than a fast reader (`crawl_regularity`, `crawl_restless` see those), catalogues behind
one path and a query.
A browser that comes back with the tabs of yesterday opens a hundred at once; by hand, one every ten seconds
for an hour is more than anybody reads.
Errs: a reader who opens hundreds of tabs and returns to none; a page that loads many parts by itself and not
as assets.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import ALWAYS_OBSERVE, ONE_GREETING, Features, Reason, Strengths, crowding, saturate


@dataclass(frozen=True, slots=True)
class CrawlRate:
    """Strength grows from `paths` fresh ones in an hour to two, with at most `assets` among all requests.

    At least `fresh` of what was chosen must be fresh: not asked for in the hour or two before. Whoever
    returns more needs `many`. Or from a `burst`: a bucket of fresh pages that loses one in two seconds. An
    address with several kinds of client is given that much for each, and no burst. A published crawler whose
    address and agent agree is only noted.
    """

    name: ClassVar[str] = "crawl_rate"
    version: ClassVar[int] = 4
    category: ClassVar[str] = "crawler"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = ""
    places: ClassVar[bool] = False

    paths: int = 360
    fresh: float = 0.9
    many: int = 600
    burst: int = 120
    assets: float = 0.2

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        bare = seen.assets_24h <= self.assets * seen.requests_24h
        crowd = crowding(seen)
        burst = np.where(crowd <= ONE_GREETING, saturate(seen.burst_level, self.burst * crowd), 0.0)
        strength = np.where(bare, np.maximum(burst, saturate(seen.fresh_1h, self._needed(seen))), 0.0)
        return np.where(seen.verified, np.minimum(strength, ALWAYS_OBSERVE), strength)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        if seen.fresh_1h < self._needed(seen):
            level = round(float(seen.burst_level), 1)
            return Reason("burst_level", level, float(self.burst * crowding(seen)))
        return Reason("fresh_paths_1h", float(seen.fresh_1h), float(self._needed(seen)))

    def _needed(self, seen: Features) -> Strengths:
        goes_on = seen.fresh_1h >= self.fresh * seen.chosen_1h
        return np.where(goes_on, self.paths, self.many) * crowding(seen)

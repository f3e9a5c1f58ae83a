"""Crawl regularity: pages asked for at even intervals, each time another one.

Clause: 9.1(3)(d), no crawlers or scripts; 9.1(2)(k), no bulk collection of data.
Source: people's gaps between pages are bursty, they deviate more than their mean (Barabasi 2005, Nature 435);
a timer's with jitter of half its length stays under 0.3.
Misses: crawlers that wait as irregularly as people do.
Errs: a dashboard that reloads many parts by a timer; so a good part of the paths must be different ones.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import ALWAYS_OBSERVE, Features, Reason, Strengths


@dataclass(frozen=True, slots=True)
class CrawlRegularity:
    """Strength grows as the gaps' coefficient of variation falls under `cv`, over at least `gaps` gaps.

    In an hour to two there must be `paths` different paths, which are at least `fresh` of the requests.
    """

    name: ClassVar[str] = "crawl_regularity"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "crawler"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = ""
    places: ClassVar[bool] = False

    cv: float = 0.5
    gaps: int = 60
    paths: int = 30
    fresh: float = 0.5

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        bare = seen.requests_1h - seen.assets_1h
        wide = (seen.paths_1h >= self.paths) & (seen.paths_1h >= self.fresh * bare)
        even = (seen.gaps >= self.gaps) & (seen.gap_cv <= self.cv)
        strength = np.where(even & wide, 1.0 - 0.5 * seen.gap_cv / self.cv, 0.0)
        return np.where(seen.verified, np.minimum(strength, ALWAYS_OBSERVE), strength)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        return Reason("gap_variation", round(float(seen.gap_cv), 4), self.cv)

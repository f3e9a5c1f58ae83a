"""Crawl rate: more different paths in an hour than a reader opens.

Clause: 9.1(3)(d), no crawlers or scripts; 9.1(2)(k), no bulk collection of data.
Source: OWASP Automated Threats OAT-011 (scraping).
Misses: crawlers slower than a fast reader (`crawl_regularity`, `crawl_restless` see those), catalogues behind
one path and a query.
Errs: a reader who opens hundreds of tabs; a page that loads many parts by itself and not as assets.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import ALWAYS_OBSERVE, Features, Reason, Strengths, saturate


@dataclass(frozen=True, slots=True)
class CrawlRate:
    """Strength grows from `paths` different ones in an hour to two, with at most `assets` among all requests.

    A published crawler whose address and agent agree is only noted.
    """

    name: ClassVar[str] = "crawl_rate"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "crawler"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = ""
    places: ClassVar[bool] = False

    paths: int = 240
    assets: float = 0.2

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        bare = seen.assets_24h <= self.assets * seen.requests_24h
        strength = np.where(bare, saturate(seen.paths_1h, self.paths), 0.0)
        return np.where(seen.verified, np.minimum(strength, ALWAYS_OBSERVE), strength)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        return Reason("paths_1h", round(float(seen.paths_1h)), self.paths)

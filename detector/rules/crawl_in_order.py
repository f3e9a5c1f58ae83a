"""Crawl in order: the things of a catalogue one after the other by their numbers.

Clause: 9.1(3)(d), no crawlers or scripts; 9.1(2)(k), no bulk collection of data.
Source: OWASP Automated Threats OAT-011 (scraping); CWE-639 and CAPEC-59's kin, enumeration of identifiers.
Misses: crawlers that follow links or shuffle their list; numbers in the query; identifiers without order.
Errs: somebody who leafs through hundreds of numbered pages in an application that loads no pictures.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import ALWAYS_OBSERVE, Features, Reason, Strengths, saturate


@dataclass(frozen=True, slots=True)
class CrawlInOrder:
    """Strength grows from `steps` of one stride in a day, which are at least `share` of the fresh pages.

    Assets are at most `assets` of all requests: who leafs in a browser loads the pictures. Many people behind
    one address do not go in order together, so it needs no more than an account.
    """

    name: ClassVar[str] = "crawl_in_order"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "crawler"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = ""
    places: ClassVar[bool] = False

    steps: int = 300
    share: float = 0.5
    assets: float = 0.05

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        bare = seen.assets_24h <= self.assets * seen.requests_24h
        walks = bare & (seen.stepped > 0) & (seen.steps_24h >= self.share * seen.fresh_24h)
        strength = np.where(walks, saturate(seen.steps_24h, self.steps), 0.0)
        return np.where(seen.verified, np.minimum(strength, ALWAYS_OBSERVE), strength)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        return Reason("steps_in_order_24h", float(seen.steps_24h), self.steps)

"""Crawl regularity: pages opened at even intervals, each time another one.

Clause: 9.1(3)(d), no crawlers or scripts; 9.1(2)(k), no bulk collection of data.
Source: how long people stay on pages is spread wider than its mean (Weibull shapes under 1: Liu, White and
Dumais 2010, SIGIR, for 98 % of pages; bursts: Barabasi 2005, Nature 435); a timer's gaps with jitter of half
their length deviate by 0.29 of the mean, log-normal ones of sigma 0.45 by 0.47.
Misses: crawlers that wait as irregularly as people do.
Errs: somebody who leafs through a series page by page for hours and takes no break; so the less even the
gaps, the more of them are needed.
However even they are, fewer than a hundred are not enough, though not for chance: n gaps of a hand that
deviates by 0.25 show r times that with a chance of exp(-(n - 1) / 2 * (r^2 - 1 - ln r^2)) at most (Chernoff's
bound for chi-square), nine gaps at 0.01 once in a billion times. But macros, shows of slides and the first
round of a monitor are timers as well, and innocent: they end, or come back to a page, before.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import ALWAYS_OBSERVE, ONE_GREETING, Features, Reason, Strengths, crowding


@dataclass(frozen=True, slots=True)
class CrawlRegularity:
    """Strength grows as the gaps between fresh pages deviate less than `cv` of their mean.

    `gaps` are enough for a program, `rendered` where assets are more than that share, as of somebody whose
    browser steps on for him; `uneven` at a deviation of `timer`, and more by the square of it beyond. A page
    with its parts is one. In an hour to two there must be `paths` fresh pages, at least `fresh` of what was
    chosen. An address with several kinds of client is many people's, whose gaps say nothing.
    """

    name: ClassVar[str] = "crawl_regularity"
    version: ClassVar[int] = 3
    category: ClassVar[str] = "crawler"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = ""
    places: ClassVar[bool] = False

    cv: float = 0.5
    timer: float = 0.25
    gaps: int = 100
    rendered: int = 150
    uneven: int = 60
    assets: float = 0.2
    paths: int = 30
    fresh: float = 0.7

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        wide = (seen.fresh_1h >= self.paths) & (seen.fresh_1h >= self.fresh * seen.chosen_1h)
        plain = seen.assets_24h <= self.assets * seen.requests_24h
        least = np.where(plain, self.gaps, self.rendered)
        by_spread = self.uneven * (np.asarray(seen.gap_cv, np.float64) / self.timer) ** 2
        needed = np.maximum(least, by_spread)
        even = (seen.gaps >= needed) & (seen.gap_cv <= self.cv) & (crowding(seen) <= ONE_GREETING)
        strength = np.where(even & wide & (seen.present > 0), 1.0 - 0.5 * seen.gap_cv / self.cv, 0.0)
        return np.where(seen.verified, np.minimum(strength, ALWAYS_OBSERVE), strength)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        return Reason("gap_variation", round(float(seen.gap_cv), 4), self.cv)

"""Crawl without rest: fresh pages in nearly every hour of the day, or for hours without a break.

Clause: 9.1(3)(d), no crawlers or scripts; 9.1(2)(k), no bulk collection of data.
Source: people sleep, adults' nights last 7 hours and more (Hirshkowitz et al. 2015, Sleep Health 1); at work
they stay with one thing for 12 minutes before something else calls (Mark, Gonzalez and Harris 2005, CHI), and
what they do comes in bursts (Barabasi 2005, Nature 435).
Misses: crawlers that keep working hours and take breaks.
Errs: a team on shifts behind one account, which returns to its pages; an address of a whole office or
carrier, which several kinds of client show.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import ALWAYS_OBSERVE, ONE_GREETING, Features, Reason, Strengths, crowding, saturate


@dataclass(frozen=True, slots=True)
class CrawlRestless:
    """Strength grows from `requests` fresh pages in a day of which at least `hours` hours have several.

    Or from `run_h` hours in which `loads` pages followed each other with no gap of 5 minutes, in no bursts:
    the gaps deviate by at most `cv` of their mean. Either way at least `fresh` of what was chosen in the day
    must be fresh.
    """

    name: ClassVar[str] = "crawl_restless"
    version: ClassVar[int] = 3
    category: ClassVar[str] = "crawler"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = ""
    places: ClassVar[bool] = False

    hours: int = 20
    requests: int = 240
    run_h: float = 3.0
    loads: int = 240
    cv: float = 0.8
    fresh: float = 0.85

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        goes_on = (
            (seen.present > 0)
            & (seen.fresh_24h >= self.fresh * seen.chosen_24h)
            & (crowding(seen) <= ONE_GREETING)
        )
        day = np.where(seen.walked_hours_24h >= self.hours, saturate(seen.fresh_24h, self.requests), 0.0)
        steady = (seen.run_loads >= self.loads) & (seen.gap_cv <= self.cv)
        run = np.where(steady, saturate(seen.run_h, self.run_h), 0.0)
        strength = np.where(goes_on, np.maximum(day, run), 0.0)
        return np.where(seen.verified, np.minimum(strength, ALWAYS_OBSERVE), strength)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        if seen.walked_hours_24h >= self.hours and seen.fresh_24h >= self.requests:
            return Reason("walked_hours_24h", float(seen.walked_hours_24h), self.hours)
        return Reason("run_without_break_h", round(float(seen.run_h), 2), self.run_h)

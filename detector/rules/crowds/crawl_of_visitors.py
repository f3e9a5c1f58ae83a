"""Crawl by visitors of one network: a program that changes its address within a /24 or a /64.

Clause: 9.1(3)(d), no crawlers or scripts; 9.1(2)(k), no bulk collection of data.
Source: OWASP Automated Threats OAT-011 (scraping); RFC 8981 (temporary IPv6 addresses: a /64 is one
  subscriber's); half of what people open others or they have opened before (Tauscher and Greenberg 1997,
  International Journal of Human-Computer Studies 47: 58 %).
Misses: programs that change their client with every address, load pictures and take things in no order;
networks wider than a /24.
Errs: a room of equal computers with an address each, whose users all read different things, on a site that
  logs no pictures.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, saturate
from detector.rules.crowds.base import Accused
from detector.rules.crowds.collecting import in_order, pages, share, visitors
from detector.rules.crowds.likeness import Mask, alike_in_client, count, distinct, slots
from detector.windows.crowds.layout import ENTRIES


@dataclass(frozen=True, slots=True)
class CrawlOfVisitors:
    """Strength grows from `visitors` of a day and `pages` of theirs together, hardly one told twice.

    They are one program where `ordered` of them go by numbers, or `rising` of the numbers told lie above the
    one before, of `pairs` at least, or `scripts` of them are scripts by their own word; or where `alike` of
    twice as many visitors and pages have one client and load nothing beside.
    """

    name: ClassVar[str] = "crawl_of_visitors"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "crawler"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    kinds: ClassVar[tuple[str, ...]] = ("prefix", "address")
    accuses: ClassVar[Accused] = "crowd"

    visitors: int = 8
    pages: int = 60
    different: float = 0.9
    ordered: float = 0.6
    rising: float = 0.95
    pairs: int = 20
    scripts: float = 0.8
    alike: float = 0.9

    def check(self, seen: Features) -> Strengths:
        """See `CrowdRule.check`."""
        chosen = visitors(seen)
        number, read = count(chosen), pages(seen, chosen)
        together = np.minimum(saturate(number, self.visitors), saturate(read, self.pages))
        twice = np.minimum(saturate(number, 2 * self.visitors), saturate(read, 2 * self.pages))
        program = share(in_order(seen), chosen) >= self.ordered
        program |= share(np.asarray(seen.script > 0), chosen) >= self.scripts
        program |= _rises(seen, chosen, self.pairs) >= self.rising
        strength = np.where(program, together, np.where(self._alike(seen, chosen), twice, 0.0))
        return np.where(distinct(chosen, seen.paths) >= self.different * number, strength, 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `CrowdRule.reason`."""
        return Reason("crawling_visitors_of_network", float(count(visitors(seen))), self.visitors)

    def rests_on(self, seen: Features) -> int:
        """See `CrowdRule.rests_on`."""
        return slots(visitors(seen))

    def _alike(self, seen: Features, chosen: Mask) -> Mask:
        alike = alike_in_client(seen) & (seen.bare > 0)
        return np.asarray(share(np.asarray(alike), chosen) >= self.alike)


def _rises(seen: Features, mask: Mask, least: int) -> Strengths:
    """Return what share of the numbers that a mask's entries told lie above the one told before.

    Of one catalogue, each with the one before it; 0 where there are fewer than `least` pairs.
    """
    ages = np.where(mask, seen.age_ms, np.iinfo(np.int64).max)
    order = np.argsort(ages, axis=-1, kind="stable")
    numbers = np.take_along_axis(np.asarray(seen.number, np.int64), order, axis=-1)
    kinds = np.take_along_axis(np.asarray(seen.catalogue), order, axis=-1)
    there = np.arange(ENTRIES) < np.sum(mask, axis=-1)[..., None]
    # The newest comes first; what follows it was told before.
    pairs = there[..., 1:] & (kinds[..., 1:] == kinds[..., :-1]) & (numbers[..., 1:] > 0)
    rising = pairs & (numbers[..., 1:] < numbers[..., :-1])
    total = np.sum(pairs, axis=-1)
    found: Strengths = np.where(total >= least, np.sum(rising, axis=-1) / np.maximum(total, 1), 0.0)
    return found

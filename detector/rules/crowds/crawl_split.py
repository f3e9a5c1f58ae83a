"""Crawl split among accounts: each takes every n-th thing of one catalogue, and together they take them all.

Clause: 9.1(3)(d), no crawlers or scripts; 9.1(2)(k), no bulk collection of data.
Source: OWASP Automated Threats OAT-011 (scraping); how work is divided among n workers: thing number i goes
  to worker i mod n.
Misses: catalogues split by ranges, shuffled or by their names.
Errs: nothing is known; where a platform gives its things every n-th number, all readers have the same rest.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, saturate
from detector.rules.crowds.base import Accused
from detector.rules.crowds.collecting import accounts, in_order, pages
from detector.rules.crowds.likeness import Mask, count, slots


@dataclass(frozen=True, slots=True)
class CrawlSplit:
    """Strength grows from `accounts` that go through a catalogue by the same stride, and `pages` of theirs.

    At least `steps` of each account's pages in the day were steps. Their numbers, divided by the stride, must
    have different rests, as many as `share` of the accounts.
    """

    name: ClassVar[str] = "crawl_split"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "crawler"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    kinds: ClassVar[tuple[str, ...]] = ("catalogue",)
    accuses: ClassVar[Accused] = "accounts"

    accounts: int = 4
    pages: int = 150
    steps: int = 8
    share: float = 0.5

    def check(self, seen: Features) -> Strengths:
        """See `CrowdRule.check`."""
        chosen = self.chosen(seen)
        number = count(chosen)
        together = np.minimum(saturate(number, self.accounts), saturate(pages(seen, chosen), self.pages))
        apart = _rests(seen, chosen) >= self.share * number
        return np.where(apart & (seen.user == 0), together, 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `CrowdRule.reason`."""
        return Reason("accounts_splitting_catalogue", float(count(self.chosen(seen))), self.accounts)

    def rests_on(self, seen: Features) -> int:
        """See `CrowdRule.rests_on`."""
        return slots(self.chosen(seen))

    def chosen(self, seen: Features) -> Mask:
        """Return the accounts of the last day that go in order."""
        return np.asarray(accounts(seen) & in_order(seen) & (seen.steps >= self.steps))


def _rests(seen: Features, mask: Mask) -> Strengths:
    """Return how many different rests the numbers of a mask's entries have, shape (...)."""
    rests = np.where(mask, seen.number % np.maximum(seen.stride, 1), np.iinfo(np.uint32).max)
    ordered = np.sort(rests, axis=-1)
    new = np.diff(ordered, axis=-1, prepend=-1) != 0
    return np.asarray(np.sum(new & (ordered < np.iinfo(np.uint32).max), axis=-1), np.float64)

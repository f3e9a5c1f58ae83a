"""Crawl from one address: accounts of one address, or of one /24, go through catalogues by their numbers.

Clause: 9.1(3)(d), no crawlers or scripts; 9.1(2)(k), no bulk collection of data.
Source: OWASP Automated Threats OAT-011 (scraping); CAPEC-59's kin, enumeration of identifiers.
Misses: rings that take things in no order, or from an address each.
Errs: an office where several people leaf through numbered pages for hours, in an application without
  pictures.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, saturate
from detector.rules.crowds.base import Accused
from detector.rules.crowds.collecting import accounts, even, in_order, pages
from detector.rules.crowds.likeness import Mask, count, kind_is, slots


@dataclass(frozen=True, slots=True)
class CrawlOneAddress:
    """Strength grows from `accounts` that go in order in a day, and `pages` of theirs together.

    Or that are scripts by their client's own word, with even gaps. A /24 must have `neighbours` of them.
    """

    name: ClassVar[str] = "crawl_one_address"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "crawler"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    kinds: ClassVar[tuple[str, ...]] = ("address", "prefix")
    accuses: ClassVar[Accused] = "accounts"

    accounts: int = 4
    neighbours: int = 6
    pages: int = 300

    def check(self, seen: Features) -> Strengths:
        """See `CrowdRule.check`."""
        chosen = self.chosen(seen)
        together = np.minimum(
            saturate(count(chosen), self._needed(seen)), saturate(pages(seen, chosen), self.pages)
        )
        return np.where(seen.user == 0, together, 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `CrowdRule.reason`."""
        number = float(count(self.chosen(seen)))
        return Reason("crawling_accounts_one_address", number, float(self._needed(seen)))

    def rests_on(self, seen: Features) -> int:
        """See `CrowdRule.rests_on`."""
        return slots(self.chosen(seen))

    @staticmethod
    def chosen(seen: Features) -> Mask:
        """Return the accounts of the last day that go in order, or are scripts with even gaps."""
        return np.asarray(accounts(seen) & (in_order(seen) | ((seen.script > 0) & even(seen))))

    def _needed(self, seen: Features) -> Strengths:
        return np.where(kind_is(seen, "prefix"), self.neighbours, self.accounts).astype(np.float64)

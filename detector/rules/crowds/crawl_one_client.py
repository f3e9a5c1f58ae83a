"""Crawl with one client: accounts that share a rare client, or a device, collect together.

Clause: 9.1(3)(d), no crawlers or scripts; 9.1(2)(k), no bulk collection of data.
Source: OWASP Automated Threats OAT-011 (scraping: tools spread over many accounts are told by what their
  fingerprints share); RFC 9110, 10.1.5 (a user agent names its software); linear counting (Whang et al. 1990)
  for how many use it.
Misses: tools that write another agent or TLS handshake for every account; those that pass for a browser that
many use, and take things in no order.
Errs: accounts without a licence whose owners run the same published script, each for himself; those break
the clause one by one.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, saturate
from detector.rules.crowds.base import Accused
from detector.rules.crowds.collecting import accounts, even, in_order, pages
from detector.rules.crowds.likeness import Mask, count, kind_is, slots


@dataclass(frozen=True, slots=True)
class CrawlOneClient:
    """Strength grows from `accounts` that go through a catalogue in a day, and `pages` of theirs together.

    Or that are scripts by their client's own word. They must be `share` of all accounts that use the client
    on two days; one that `many` use is known for order alone. Accounts of one device need not say what they
    are: nobody reads evenly, or in order, with several accounts of one device.
    """

    name: ClassVar[str] = "crawl_one_client"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "crawler"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    kinds: ClassVar[tuple[str, ...]] = ("client", "device")
    accuses: ClassVar[Accused] = "accounts"

    accounts: int = 4
    pages: int = 300
    share: float = 0.5
    many: int = 100

    def check(self, seen: Features) -> Strengths:
        """See `CrowdRule.check`."""
        chosen = self.chosen(seen)
        together = np.minimum(
            saturate(count(chosen), self.accounts), saturate(pages(seen, chosen), self.pages)
        )
        rare = kind_is(seen, "device") | (seen.crawlers >= self.share * seen.users)
        return np.where(rare & (seen.user == 0), together, 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `CrowdRule.reason`."""
        return Reason("crawling_accounts_one_client", float(count(self.chosen(seen))), self.accounts)

    def rests_on(self, seen: Features) -> int:
        """See `CrowdRule.rests_on`."""
        return slots(self.chosen(seen))

    def chosen(self, seen: Features) -> Mask:
        """Return the accounts of the last day that look like programs."""
        device = np.expand_dims(kind_is(seen, "device"), -1)
        few = np.expand_dims(np.asarray(seen.users) < self.many, -1)
        script = (seen.script > 0) & (device | few)
        plain = device & (even(seen) | (seen.bare > 0))
        return np.asarray(accounts(seen) & (in_order(seen) | script | plain))

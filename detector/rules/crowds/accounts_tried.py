"""Accounts tried: one address, or many of one /24, fails to log in to one account after the other.

Clause: 9.1(2)(a), no guessing of passwords; 9.1(2)(d), no breaking into accounts.
Source: Microsoft Sentinel's rules for password spraying (10 accounts, and more that failed than that
succeeded, by one address); OWASP Automated Threats OAT-008 (credential stuffing); MITRE ATT&CK T1110.003,
T1110.004; Iglewicz and Hoaglin 1993 (3.5 robust deviations above the median are an outlier).
Misses: lists spread over so many addresses that each tries few, which `tried_by_one_client` and
`tried_from_everywhere` see; an attacker behind a carrier's address who hides among those who log in there, or
comes where at that hour of such a day as many always fail.
Errs: a stall where strangers try to log in to many accounts on devices that are not theirs, and fail: in
its first weeks, and on a holiday or the day after one. Who logs in on his own device or network, or
succeeds in the end, is no stranger: an office on Monday morning has none.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from detector.rules.base import Features, Reason, Strengths, saturate
from detector.rules.crowds.base import Accused
from detector.rules.crowds.tries import fine, like_days, more_than_usual, tried
from detector.rules.crowds.usual import SPREADS, shown
from detector.windows.crowds.layout import KINDS
from detector.windows.crowds.tally import WINDOWS

_PREFIX = KINDS.index("prefix")
_DAY_HOURS = 24


@dataclass(frozen=True, slots=True)
class AccountsTried:
    """Strength grows from `accounts` in half an hour, a day or a week.

    They must be more than the logins that succeeded in that time and, in half an hour or a day of which the
    past knows `days` like ones, `spreads` above what is usual there at this hour of such a day. Or else they
    are `part` of those and `times` what is usual then: in a day, or in half an hour in which people rest, as
    few log in as in a mean hour of the last day. A /24 must show it from `addresses`, of which none has more
    than half.
    """

    name: ClassVar[str] = "accounts_tried"
    version: ClassVar[int] = 2
    category: ClassVar[str] = "credential_attack"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    kinds: ClassVar[tuple[str, ...]] = ("address", "prefix")
    accuses: ClassVar[Accused] = "crowd"

    accounts: int = 10
    days: int = 3
    times: int = 10
    spreads: float = SPREADS
    part: float = 0.5
    addresses: int = 4

    def check(self, seen: Features) -> Strengths:
        """See `CrowdRule.check`."""
        strengths: Strengths = saturate(self._counted(seen), self.accounts).max(axis=-1)
        return np.where(seen.failed > 0, strengths, 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `CrowdRule.reason`."""
        counted = self._counted(seen)
        window = int(np.argmax(counted))
        threshold = shown(self.accounts, self._needed(seen)[window])
        return Reason(f"accounts_tried_{WINDOWS[window]}", float(counted[window]), threshold)

    def rests_on(self, seen: Features) -> int:
        """See `CrowdRule.rests_on`."""
        return int(seen.tried_slots[int(np.argmax(self._counted(seen)))])

    def _counted(self, seen: Features) -> Strengths:
        """Return the accounts tried by window where they speak of an attack, else 0."""
        number = tried(seen)
        against = number >= self._needed(seen)
        spread = (seen.addresses >= self.addresses) & (2 * np.asarray(seen.most, np.int64) <= number)
        spread |= np.expand_dims(np.asarray(seen.kind != _PREFIX), -1)
        return np.where(against & spread, number, 0.0)

    def _needed(self, seen: Features) -> Strengths:
        """Return how many accounts tried speak of an attack, by window; it may be infinite."""
        number, succeeded = tried(seen), fine(seen)
        known = like_days(seen) >= self.days
        more = np.where(known, more_than_usual(seen, 1, self.spreads), 0.0)
        told = known & self._told(seen) & (number >= self.part * succeeded)
        many = np.where(told, more_than_usual(seen, self.times, self.spreads), np.inf)
        return np.where(number > succeeded, more, many)

    @staticmethod
    def _told(seen: Features) -> NDArray[np.bool_]:
        """Return in which windows a number may speak although more logins succeed."""
        rest = np.asarray(_DAY_HOURS * np.asarray(seen.fine_1h, np.int64) <= seen.fine_24h)
        return np.stack([rest, np.ones_like(rest), np.zeros_like(rest)], axis=-1)

"""Accounts tried: one address, or many of one /24, fails to log in to one account after the other.

Clause: 9.1(2)(a), no guessing of passwords; 9.1(2)(d), no breaking into accounts.
Source: Microsoft Sentinel's rules for password spraying (10 accounts, and more that failed than that
succeeded, by one address); OWASP Automated Threats OAT-008 (credential stuffing); MITRE ATT&CK T1110.003,
T1110.004.
Misses: lists spread over so many addresses that each tries few, which `tried_by_one_client` and
`tried_from_everywhere` see; an attacker behind a carrier's address who hides among those who log in there.
Errs: a stall where strangers try to log in to many accounts on devices that are not theirs, and fail. Who
logs in on his own device or network, or succeeds in the end, is no stranger: an office on Monday morning
has none.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, saturate
from detector.rules.crowds.base import Accused
from detector.rules.crowds.tries import fine, tried
from detector.windows.crowds.layout import KINDS
from detector.windows.crowds.tally import WINDOWS

_PREFIX = KINDS.index("prefix")


@dataclass(frozen=True, slots=True)
class AccountsTried:
    """Strength grows from `accounts` in half an hour, a day or a week.

    They must be more than the logins that succeeded in that time, or else, on an address whose past is known
    for `days`, so many and `times` its usual day's number. A /24 must show it from `addresses`, of which none
    has more than half.
    """

    name: ClassVar[str] = "accounts_tried"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "credential_attack"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    kinds: ClassVar[tuple[str, ...]] = ("address", "prefix")
    accuses: ClassVar[Accused] = "crowd"

    accounts: int = 10
    days: int = 3
    times: int = 10
    addresses: int = 4

    def check(self, seen: Features) -> Strengths:
        """See `CrowdRule.check`."""
        strengths: Strengths = saturate(self._counted(seen), self.accounts).max(axis=-1)
        return np.where(seen.failed > 0, strengths, 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `CrowdRule.reason`."""
        counted = self._counted(seen)
        window = int(np.argmax(counted))
        return Reason(f"accounts_tried_{WINDOWS[window]}", float(counted[window]), self.accounts)

    def rests_on(self, seen: Features) -> int:
        """See `CrowdRule.rests_on`."""
        return int(seen.tried_slots[int(np.argmax(self._counted(seen)))])

    def _counted(self, seen: Features) -> Strengths:
        """Return the accounts tried by window where they speak of an attack, else 0."""
        number = tried(seen)
        usual = np.maximum(np.asarray(seen.usual_day, np.float64), 1.0)
        unusual = (seen.days_known >= self.days) & (number[..., 1] >= self.times * usual)
        against = number > fine(seen)
        against[..., 1] |= unusual
        spread = (seen.addresses >= self.addresses) & (2 * np.asarray(seen.most, np.int64) <= number)
        spread |= np.expand_dims(np.asarray(seen.kind != _PREFIX), -1)
        return np.where(against & spread, number, 0.0)

"""A source of sign-ups: an address, a network or a device that is mostly there to register accounts.

Clause: 9.1(2)(j), no frequent or mass registration.
Source: OWASP Automated Threats OAT-019 (account creation).
Misses: a farm behind an address at which many others register: its accounts are found, the address is not.
Errs: as the rules that find the accounts (`signups_alike`, `signups_one_device`, `signups_by_timer`).
"""

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

import numpy as np

from detector.rules.base import Features, Reason, Strengths
from detector.rules.crowds.base import Accused
from detector.rules.crowds.likeness import count, kind_is, within
from detector.rules.crowds.signups_alike import SignupsAlike
from detector.rules.crowds.signups_by_timer import SignupsByTimer
from detector.rules.crowds.signups_one_device import SignupsOneDevice
from detector.windows.crowds.layout import DAY_MS

OfAccounts: TypeAlias = SignupsAlike | SignupsOneDevice | SignupsByTimer
_ALIKE, _DEVICE, _TIMER = SignupsAlike(), SignupsOneDevice(), SignupsByTimer()


@dataclass(frozen=True, slots=True)
class SignupsSource:
    """Strength is that of the accounts' rules, where these are `share` of a day's sign-ups at the source."""

    name: ClassVar[str] = "signups_source"
    version: ClassVar[int] = 2
    category: ClassVar[str] = "batch_registration"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    kinds: ClassVar[tuple[str, ...]] = ("address", "prefix", "device")
    accuses: ClassVar[Accused] = "crowd"

    share: float = 0.5

    def check(self, seen: Features) -> Strengths:
        """See `CrowdRule.check`."""
        by_rule = [self._strength(seen, rule) for rule in (_ALIKE, _DEVICE, _TIMER)]
        strongest: Strengths = np.maximum.reduce(by_rule)
        return strongest

    def reason(self, seen: Features) -> Reason:
        """See `CrowdRule.reason`."""
        return self._loudest(seen).reason(seen)

    def rests_on(self, seen: Features) -> int:
        """See `CrowdRule.rests_on`."""
        return self._loudest(seen).rests_on(seen)

    def _strength(self, seen: Features, rule: OfAccounts) -> Strengths:
        most = count(rule.chosen(seen)) >= self.share * count(within(seen, DAY_MS))
        return np.where(kind_is(seen, *rule.kinds) & most, rule.check(seen), 0.0)

    def _loudest(self, seen: Features) -> OfAccounts:
        rules: tuple[OfAccounts, ...] = (_ALIKE, _DEVICE, _TIMER)
        return max(rules, key=lambda rule: float(self._strength(seen, rule)))

"""Sign-ups of one device: one telephone or computer that registers account after account.

Clause: 9.1(2)(j), no frequent or mass registration.
Source: OWASP Automated Threats OAT-019 (account creation); a household in China has 2.62 members (Seventh
  National Population Census, 2020).
Misses: farms that give every account a device of its own, or none.
Errs: a tablet at a stand on which passers-by register within minutes; an allow entry may excuse the device.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, saturate
from detector.rules.crowds.base import Accused
from detector.rules.crowds.likeness import Mask, count, distinct, newest, points, slots, within
from detector.windows.crowds.layout import DAY_MS

_WEEK_MS = 7 * DAY_MS


@dataclass(frozen=True, slots=True)
class SignupsOneDevice:
    """Strength grows from `accounts` sign-ups of one device in a week, refused tries counted once each.

    They come from `spread` networks, or half of them share `points` in what they tell, or so many came within
    `quick_ms`. Without any of that, as at a computer that many share, there must be `daily` of them in a day
    or `weekly` in the week.
    """

    name: ClassVar[str] = "signups_one_device"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "batch_registration"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    kinds: ClassVar[tuple[str, ...]] = ("device",)
    accuses: ClassVar[Accused] = "accounts"

    accounts: int = 4
    spread: int = 3
    points: float = 1.4
    quick_ms: int = 5 * 60_000
    daily: int = 8
    weekly: int = 20

    def check(self, seen: Features) -> Strengths:
        """See `CrowdRule.check`."""
        return saturate(count(self.chosen(seen)), self._threshold(seen))

    def reason(self, seen: Features) -> Reason:
        """See `CrowdRule.reason`."""
        return Reason("signups_one_device", float(count(self.chosen(seen))), float(self._threshold(seen)))

    def rests_on(self, seen: Features) -> int:
        """See `CrowdRule.rests_on`."""
        return slots(self.chosen(seen))

    @staticmethod
    def chosen(seen: Features) -> Mask:
        """Return the sign-ups of a week."""
        return within(seen, _WEEK_MS)

    def _threshold(self, seen: Features) -> Strengths:
        lately = self.chosen(seen)
        alike = lately & (points(seen) >= self.points - 1e-9) | newest(seen)
        farmed = distinct(lately, seen.prefixes) >= self.spread
        farmed |= count(alike) >= np.maximum(self.accounts, count(lately) / 2)
        farmed |= count(within(seen, self.quick_ms)) >= self.accounts
        a_day = count(within(seen, DAY_MS)) >= self.daily
        return np.select([farmed, a_day], [self.accounts, self.daily], self.weekly).astype(np.float64)

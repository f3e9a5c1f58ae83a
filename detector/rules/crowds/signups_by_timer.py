"""Sign-ups by a timer: one client that registers account after account at even intervals.

Clause: 9.1(2)(j), no frequent or mass registration.
Source: people come independently of one another, so the gaps between them deviate as much as their mean
  (a Poisson process); a timer's with jitter of half its length stays under 0.3.
Misses: farms that wait as irregularly as people do, or whose clients or devices differ.
Errs: somebody who enters a list of colleagues on one computer in one go, evenly for ten of them.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, saturate
from detector.rules.crowds.base import Accused
from detector.rules.crowds.likeness import Mask, count, newest, shares, slots, within
from detector.windows.crowds.layout import DAY_MS


@dataclass(frozen=True, slots=True)
class SignupsByTimer:
    """Strength grows from `gaps` between one client's sign-ups in a day, even to `cv` of their mean.

    They are of one device or without any: people who come one after the other bring their own.
    """

    name: ClassVar[str] = "signups_by_timer"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "batch_registration"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    kinds: ClassVar[tuple[str, ...]] = ("address",)
    accuses: ClassVar[Accused] = "accounts"

    gaps: int = 10
    cv: float = 0.3

    def check(self, seen: Features) -> Strengths:
        """See `CrowdRule.check`."""
        return saturate(self._gaps(seen), self.gaps)

    def reason(self, seen: Features) -> Reason:
        """See `CrowdRule.reason`."""
        return Reason("even_signups", float(self._gaps(seen)), self.gaps)

    def rests_on(self, seen: Features) -> int:
        """See `CrowdRule.rests_on`."""
        return slots(self.chosen(seen))

    @staticmethod
    def chosen(seen: Features) -> Mask:
        """Return the sign-ups of a day by the newest one's client and device, or lack of one."""
        device = np.max(np.where(newest(seen), seen.devices, 0), axis=-1)
        same: Mask = seen.devices == device[..., None]
        return within(seen, DAY_MS) & shares(seen, "client") & same

    def _gaps(self, seen: Features) -> Strengths:
        """Return how many even gaps there are; 0 where they are not even."""
        chosen = self.chosen(seen)
        ages = np.sort(np.where(chosen, seen.age_ms, np.nan), axis=-1)
        gaps = np.diff(ages, axis=-1)
        number = count(~np.isnan(gaps))
        known = np.where(np.isnan(gaps), 0.0, gaps)
        mean = known.sum(axis=-1) / np.maximum(number, 1)
        square = (known**2).sum(axis=-1) / np.maximum(number, 1)
        spread = np.sqrt(np.maximum(square - mean**2, 0.0))
        even = spread <= self.cv * mean
        return np.where(even & (mean > 0.0), number, 0).astype(np.float64)

"""Sign-ups alike: accounts registered one after the other that have more in common than where they come from.

Clause: 9.1(2)(j), no frequent or mass registration.
Source: OWASP Automated Threats OAT-019 (account creation).
Misses: farms that give every account a device, a client and a name of its own.
Errs: a family's tablet on which each member registers; so four are needed.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, saturate
from detector.windows.crowds.signups import TRAITS

_DEVICE, _STEM = TRAITS.index("device"), TRAITS.index("stem")


@dataclass(frozen=True, slots=True)
class SignupsAlike:
    """Strength grows from `alike` registrations in a week by one device, or in a day by names of one stem."""

    name: ClassVar[str] = "signups_alike"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "batch_registration"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    kinds: ClassVar[tuple[str, ...]] = ("address", "prefix", "device")
    accuses: ClassVar[Literal["crowd", "accounts"]] = "crowd"

    alike: int = 4

    def check(self, seen: Features) -> Strengths:
        """See `CrowdRule.check`."""
        return saturate(self._most(seen), self.alike)

    def reason(self, seen: Features) -> Reason:
        """See `CrowdRule.reason`."""
        return Reason("signups_alike", float(self._most(seen)), self.alike)

    def rests_on(self, seen: Features) -> int:
        """See `CrowdRule.rests_on`."""
        by_device = seen.same_7d[_DEVICE] >= seen.same_24h[_STEM]
        return int(seen.same_slots_7d[_DEVICE if by_device else _STEM])

    @staticmethod
    def _most(seen: Features) -> Strengths:
        most: Strengths = np.maximum(seen.same_7d[..., _DEVICE], seen.same_24h[..., _STEM])
        return most

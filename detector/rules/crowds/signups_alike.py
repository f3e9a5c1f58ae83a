"""Sign-ups alike: accounts that have more in common than where they come from.

Clause: 9.1(2)(j), no frequent or mass registration.
Source: OWASP Automated Threats OAT-019 (account creation); traits by how rarely strangers share them, as in
  record linkage (detector/rules/crowds/likeness.py).
Misses: farms that give every account a device, a client, a telephone block and a name of its own.
Errs: a class whose names are one word and numbers (`rose101` to `rose130`); numbers alone are no name.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, saturate
from detector.rules.crowds.base import Accused
from detector.rules.crowds.likeness import (
    Mask,
    count,
    distinct,
    kind_is,
    newest,
    own_points,
    points,
    shares,
    slots,
    within,
)
from detector.windows.crowds.layout import DAY_MS

_WEEK_MS = 7 * DAY_MS
TOLD: Final = {
    "username_pattern": ("close", "noise", "device", "phone", "client"),
    "username_shape": ("device", "phone", "client"),
    "phone_prefix": ("stem", "noise", "device"),
    "email_domain": ("stem", "noise", "device", "phone"),
    "invite_code": ("stem", "noise", "device", "phone"),
    "client": ("stem", "noise", "phone"),
}
"""What sign-ups from anywhere are held together by, in each kind of group; each is rare in the group."""


@dataclass(frozen=True, slots=True)
class SignupsAlike:
    """Strength grows from `alike` sign-ups, refused tries counted once each.

    At one address or network they are counted over a day, share `points` beyond it, and are at least half of
    what is usual there in a day; in a network they come from `spread` addresses. In a group that a
    registration tells (names, telephone block, mail domain, invitation, client) they are counted over a week,
    share points worth `in_all` with what the group is, are `share` of all its sign-ups and come from `spread`
    networks.
    """

    name: ClassVar[str] = "signups_alike"
    version: ClassVar[int] = 3
    category: ClassVar[str] = "batch_registration"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    kinds: ClassVar[tuple[str, ...]] = ("address", "prefix", *TOLD)
    accuses: ClassVar[Accused] = "accounts"

    alike: int = 5
    points: float = 2.4
    in_all: float = 2.8
    share: float = 0.5
    spread: int = 3

    def check(self, seen: Features) -> Strengths:
        """See `CrowdRule.check`."""
        return saturate(count(self.chosen(seen)), self._threshold(seen))

    def reason(self, seen: Features) -> Reason:
        """See `CrowdRule.reason`."""
        return Reason("signups_alike", float(count(self.chosen(seen))), float(self._threshold(seen)))

    def rests_on(self, seen: Features) -> int:
        """See `CrowdRule.rests_on`."""
        return slots(self.chosen(seen))

    def chosen(self, seen: Features) -> Mask:
        """Return which sign-ups are alike, the newest one among them, or none."""
        here = within(seen, DAY_MS) & (points(seen) >= self.points - 1e-9) | newest(seen)
        spread = distinct(here, seen.addresses) >= self.spread
        chosen: Mask = here & (kind_is(seen, "address") | kind_is(seen, "prefix") & spread)[..., None]
        for kind, traits in TOLD.items():
            of_kind = kind_is(seen, kind)
            if np.any(of_kind):
                chosen = np.where(of_kind[..., None], self._of_group(seen, traits), chosen)
        return chosen

    def _of_group(self, seen: Features, traits: tuple[str, ...]) -> Mask:
        """Return the most sign-ups of a group that share one of the traits, or none."""
        lately = within(seen, _WEEK_MS)
        near = (points(seen) + own_points(seen)[..., None] >= self.in_all - 1e-9) | newest(seen)
        best = np.zeros(np.shape(lately), np.bool_)
        for trait in traits:
            alike = lately & near & shares(seen, trait)
            enough = count(alike) >= self.share * count(lately)
            enough &= distinct(alike, seen.prefixes) >= self.spread
            enough &= count(alike) > count(best)
            best = np.where(enough[..., None], alike, best)
        return best

    def _threshold(self, seen: Features) -> Strengths:
        usual = np.where(kind_is(seen, "address", "prefix"), seen.usual_day / 2, 0)
        return np.maximum(self.alike, usual)

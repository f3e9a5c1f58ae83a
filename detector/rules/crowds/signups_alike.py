"""Sign-ups alike: accounts that have more in common than where they come from.

Clause: 9.1(2)(j), no frequent or mass registration.
Source: OWASP Automated Threats OAT-019 (account creation); traits by how rarely strangers share them, as in
  record linkage (detector/rules/crowds/likeness.py); Iglewicz and Hoaglin 1993 (3.5 robust deviations above
  the median are an outlier).
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
from detector.rules.crowds.usual import SPREADS, shown, well_above
from detector.windows.crowds.layout import DAY_MS
from detector.windows.crowds.signups import SPANS_MS
from detector.windows.habits.calendar import HOUR_MS

_WEEK_MS = 7 * DAY_MS
_HOUR, _DAY = SPANS_MS.index(HOUR_MS), SPANS_MS.index(DAY_MS)
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

    At one address or network they are counted over a day, share `points` beyond it, and are at least half
    of what is usual there on such a day. Or over an hour, if they are `share` of all in it and `spreads`
    above what is usual at this hour of such a day. In a network they come from `spread` addresses. In a
    group that a registration tells (names, telephone block, mail domain, invitation, client) they are
    counted over a week, share points worth `in_all` with what the group is, are `share` of all its sign-ups
    and come from `spread` networks.
    """

    name: ClassVar[str] = "signups_alike"
    version: ClassVar[int] = 4
    category: ClassVar[str] = "batch_registration"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    kinds: ClassVar[tuple[str, ...]] = ("address", "prefix", *TOLD)
    accuses: ClassVar[Accused] = "accounts"

    alike: int = 5
    points: float = 2.4
    in_all: float = 2.8
    share: float = 0.5
    spread: int = 3
    spreads: float = SPREADS

    def check(self, seen: Features) -> Strengths:
        """See `CrowdRule.check`."""
        chosen, threshold = self._judged(seen)
        return saturate(count(chosen), threshold)

    def reason(self, seen: Features) -> Reason:
        """See `CrowdRule.reason`."""
        chosen, threshold = self._judged(seen)
        return Reason("signups_alike", float(count(chosen)), shown(threshold))

    def rests_on(self, seen: Features) -> int:
        """See `CrowdRule.rests_on`."""
        return slots(self.chosen(seen))

    def chosen(self, seen: Features) -> Mask:
        """Return which sign-ups are alike, the newest one among them, or none."""
        return self._judged(seen)[0]

    def _judged(self, seen: Features) -> tuple[Mask, Strengths]:
        """Return which sign-ups are alike, and how many are too many."""
        chosen, threshold = self._here(seen)
        for kind, traits in TOLD.items():
            of_kind = kind_is(seen, kind)
            if np.any(of_kind):
                chosen = np.where(of_kind[..., None], self._of_group(seen, traits), chosen)
        return chosen, threshold

    def _here(self, seen: Features) -> tuple[Mask, Strengths]:
        """Return the same of one address or network: the last hour's where only these are too many."""
        alike = (points(seen) >= self.points - 1e-9) | newest(seen)
        usual = np.where(kind_is(seen, "address", "prefix"), np.asarray(seen.usual)[..., _DAY], 0.0)
        days, hours = np.maximum(self.alike, usual / 2), well_above(seen, 1, self.spreads)[..., _HOUR]
        hours = np.maximum(self.alike, hours)
        day, hour = self._spread(seen, alike, DAY_MS), self._spread(seen, alike, HOUR_MS)
        by_hour = (count(day) < days) & (count(hour) >= hours)
        by_hour &= count(hour) >= self.share * count(within(seen, HOUR_MS))
        return np.where(by_hour[..., None], hour, day), np.where(by_hour, hours, days)

    def _spread(self, seen: Features, alike: Mask, window_ms: int) -> Mask:
        """Return the alike ones of a window at an address, or of enough addresses in a network."""
        here = alike & within(seen, window_ms)
        spread = distinct(here, seen.addresses) >= self.spread
        return np.asarray(here & (kind_is(seen, "address") | kind_is(seen, "prefix") & spread)[..., None])

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

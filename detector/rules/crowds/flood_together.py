"""Flood together: visitors from many addresses ask for the same things again and again, all with one client.

Clause: 9.1(2)(g), no disturbing of the service; 9.1(2)(i), no attacks on the network.
Source: OWASP Automated Threats OAT-015 (denial of service: distributed, so that no one source asks for much);
  MITRE ATT&CK T1498 and T1499 (a botnet's machines run one program, which greets in one way).
Misses: a botnet of real browsers, whose client many people have; one whose machines ask for less than a thing
  in five seconds; visitors without a TLS fingerprint; floods below the application.
Errs: an application of the platform that only few have, and which is built to ask again at random times.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, saturate
from detector.rules.crowds.base import Accused
from detector.rules.crowds.likeness import Mask, alike_in_client, count, newest, slots, within
from detector.windows.crowds.layout import DAY_MS


@dataclass(frozen=True, slots=True)
class FloodTogether:
    """Strength grows from `visitors` who ask again and again within `window_ms`, each from an address.

    They must be `share` of all who came with their client in a day: where a service falters, people with
    every browser knock, and most of those who came before did not. What counts as knocking, see
    detector/windows/floods.py; an address with several kinds of client is a crowd's and does not.
    """

    name: ClassVar[str] = "flood_together"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "flooding"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    kinds: ClassVar[tuple[str, ...]] = ("greeting",)
    accuses: ClassVar[Accused] = "addresses"

    visitors: int = 12
    share: float = 0.8
    window_ms: int = 600_000

    def check(self, seen: Features) -> Strengths:
        """See `CrowdRule.check`."""
        number = count(self._knocking(seen))
        mostly = number >= self.share * count(alike_in_client(seen) & within(seen, DAY_MS))
        just_now = count(newest(seen) & (seen.knock_age_ms == 0)) > 0
        return np.where(mostly & just_now, saturate(number, self.visitors), 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `CrowdRule.reason`."""
        return Reason("visitors_knocking_10m", float(count(self._knocking(seen))), self.visitors)

    def rests_on(self, seen: Features) -> int:
        """See `CrowdRule.rests_on`."""
        return slots(self._knocking(seen))

    def _knocking(self, seen: Features) -> Mask:
        lately = (seen.knock_age_ms >= 0) & (seen.knock_age_ms <= self.window_ms)
        return np.asarray(alike_in_client(seen) & lately & (seen.account == 0))

"""Flood against refusal: who goes on though the service says again and again that it is too much.

Clause: 9.1(2)(g), no disturbing of the service; 9.1(2)(i), no attacks on the network.
Source: RFC 6585, 4 (429 Too Many Requests: the client has sent too many in a given time).
Misses: services that never answer 429; other errors are no sign, an outage gives them to everybody.
Errs: a licensed client whose limit was set too low; it needs an allow entry, or a higher limit.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import ALWAYS_OBSERVE, Features, Reason, Strengths, crowding, saturate


@dataclass(frozen=True, slots=True)
class FloodRefused:
    """Strength grows from `refused` requests in a day, at least `share` of all without assets."""

    name: ClassVar[str] = "flood_refused"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "flooding"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = ""
    places: ClassVar[bool] = False

    refused: int = 20
    share: float = 0.03

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        asked = seen.requests_24h - np.minimum(seen.assets_24h, seen.requests_24h)
        often = seen.refused_24h >= self.share * asked
        strength = np.where(often, saturate(seen.refused_24h, self.refused * crowding(seen)), 0.0)
        return np.where(seen.verified, np.minimum(strength, ALWAYS_OBSERVE), strength)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        return Reason("refused_24h", float(seen.refused_24h), float(self.refused * crowding(seen)))

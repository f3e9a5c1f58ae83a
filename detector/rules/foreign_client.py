"""Foreign client: a plug-in or a third party's client, or one that cannot be what it calls itself.

Clause: 9.1, second (2): no plug-ins and no third-party clients without licence.
Source: the clause itself; RFC 9110, 10.1.5 (a user agent names the software that acts for a user). Which
  clients are the platform's only the platform knows: `DETECTOR_OWN_CLIENTS`. Unset, only plug-ins by name and
  contradictions are told.
Misses: whoever sends the name and the agent of a client of the platform.
Errs: a licensed customer without an allow entry of the client; a client that a new release of the platform
  names otherwise.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import ALWAYS_OBSERVE, Features, Reason, Strengths, saturate
from detector.windows.places import DAY_MS


@dataclass(frozen=True, slots=True)
class ForeignClient:
    """Strength grows from `events` of an account by foreign clients in a day; a first one is worth a note.

    Of events by clients whose name and user agent contradict each other there must be `contrary`. Until an
    account is known for `learning_ms`, strength is `unknown` at most: it may be a thief's tool, and nobody
    knows the holder yet.
    """

    name: ClassVar[str] = "foreign_client"
    version: ClassVar[int] = 2
    category: ClassVar[str] = "unauthorized_client"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = ""
    places: ClassVar[bool] = False

    events: int = 5
    contrary: int = 10
    unknown: float = 0.8
    learning_ms: int = DAY_MS

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        foreign = np.maximum(
            saturate(seen.foreign_24h, self.events), np.where(seen.foreign_24h > 0, ALWAYS_OBSERVE, 0.0)
        )
        strongest = np.maximum(foreign, saturate(seen.contrary_24h, self.contrary))
        known = seen.time_ms - seen.first_ms >= self.learning_ms
        strongest = np.where(known, strongest, np.minimum(strongest, self.unknown))
        return np.where(seen.account > 0, strongest, 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        if seen.foreign_24h / self.events >= seen.contrary_24h / self.contrary:
            return Reason("foreign_client_events_24h", float(seen.foreign_24h), self.events)
        return Reason("contrary_client_events_24h", float(seen.contrary_24h), self.contrary)

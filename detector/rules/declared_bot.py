"""Declared bot: a client that calls itself a crawler and reads page after page.

Clause: 9.1(3)(d), no crawlers or scripts; 9.1(2)(k), no bulk collection of data.
Source: RFC 9110, 10.1.5 (User-Agent): a user agent names itself; RFC 9309, the rules for robots.
Misses: whoever names a browser instead.
Errs: nothing is known that calls itself a crawler and is a person; a published crawler whose address and
agent agree is only noted, the agent alone never excuses.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.enrich import ClientKind
from detector.rules.base import ALWAYS_OBSERVE, Features, Reason, Strengths, saturate


@dataclass(frozen=True, slots=True)
class DeclaredBot:
    """Strength grows from `requests` in a day, of which an hour to two hold at least `paths` different ones.

    From `few` requests in a day on it is noted: a feed reader, which asks for one page again and again, is a
    declared client too, and collects nothing.
    """

    name: ClassVar[str] = "declared_bot"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "crawler"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = ""
    places: ClassVar[bool] = False

    requests: int = 60
    paths: int = 5
    few: int = 10

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        declared = seen.kind == ClientKind.BOT
        noted = np.where(declared & (seen.requests_24h >= self.few), ALWAYS_OBSERVE, 0.0)
        reads_on = declared & (seen.paths_1h >= self.paths)
        strength = np.maximum(noted, np.where(reads_on, saturate(seen.requests_24h, self.requests), 0.0))
        return np.where(seen.verified, np.minimum(strength, ALWAYS_OBSERVE), strength)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        return Reason("declared_bot_requests_24h", float(seen.requests_24h), self.requests)

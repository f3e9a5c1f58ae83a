"""Misuse reported: the holder says that somebody else uses the account.

Clause: 2.7 and 7.3, the holder reports misuse and asks for suspension.
Source: the clauses themselves; NIST SP 800-63B, 6.2 (suspension on a report of loss, theft or compromise).
Misses: misuse that nobody reports; the other rules look for it.
Errs: a report that is mistaken or made to lock somebody out; so the reason says what was seen that speaks for
it, or that nothing was, and an unconfirmed one is weaker.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths


@dataclass(frozen=True, slots=True)
class MisuseReported:
    """Strength is 1 at a report that is confirmed, `alone` at one that is not.

    It is confirmed by a session that moved, by `strange_failures` failed logins in a day, by a device in a
    place where nothing was known, or by a stranger's login at once within a week.
    """

    name: ClassVar[str] = "misuse_reported"
    version: ClassVar[int] = 2
    category: ClassVar[str] = "compromise_report"
    purpose: ClassVar[Literal["enforce", "protect"]] = "protect"
    slots: ClassVar[str] = "stranger_slots"
    places: ClassVar[bool] = False

    strange_failures: int = 5
    alone: float = 0.5

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        attacked = seen.strange_failures_24h >= self.strange_failures
        seen_too = (seen.moves_24h > 0) | attacked | (seen.strangers_24h > 0) | (seen.stranger > 0)
        return np.where((seen.reported > 0) & (seen.account > 0), np.where(seen_too, 1.0, self.alone), 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        if seen.moves_24h > 0:
            return Reason("reported_after_session_moved", float(seen.moves_24h), 1)
        if seen.strange_failures_24h >= self.strange_failures:
            return Reason("reported_after_attack", float(seen.strange_failures_24h), self.strange_failures)
        if seen.strangers_24h > 0:
            return Reason("reported_after_strangers", float(seen.strangers_24h), 1)
        if seen.stranger > 0:
            return Reason("reported_after_stranger", 1.0, 1)
        return Reason("reported_unconfirmed", 1.0, 1)

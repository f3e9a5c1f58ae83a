"""Session moved: a session goes on in another client, on a network that its account was never seen on.

Clause: 7.2 and 7.3, an account that somebody else uses; 9.1(2)(d), no breaking into accounts; 9.1(2)(e), no
use of what was taken.
Source: OWASP Session Management Cheat Sheet (binding the session id to other user properties); MITRE ATT&CK
T1539 and T1550.004 (stolen web session cookies).
Misses: a thief with the holder's browser, version and no device id, or on a network where the account is
known, or hours later in the holder's province.
Errs: a holder who copies his own cookie to another computer elsewhere.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, saturate


@dataclass(frozen=True, slots=True)
class SessionMoved:
    """Strength grows from `moves` in a day: networks on which the session was at work in its new client.

    A client is another one by browser or system, by an older version of the same browser, or by a device id
    in another province within half an hour (detector/windows/sessions.py).
    """

    name: ClassVar[str] = "session_moved"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "account_takeover"
    purpose: ClassVar[Literal["enforce", "protect"]] = "protect"
    slots: ClassVar[str] = "moved_slots"
    places: ClassVar[bool] = False

    moves: int = 1

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        return np.where((seen.moved > 0) & (seen.account > 0), saturate(seen.moves_24h, self.moves), 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        return Reason("session_moves_24h", float(seen.moves_24h), self.moves)

"""Tried by one client: many addresses try accounts with one and the same client.

Clause: 9.1(2)(a), no guessing of passwords; 9.1(2)(d), no breaking into accounts.
Source: OWASP Credential Stuffing Prevention Cheat Sheet (device and connection fingerprints tell a tool
that changes its addresses); MITRE ATT&CK T1110.003, T1110.004; Iglewicz and Hoaglin 1993 (3.5 robust
deviations above the median are an outlier).
Misses: tools that write another user agent and TLS handshake for every address; an address that tried a day
and more before there were enough of them.
Errs: an address behind which two people with a common browser are strangers and fail while an attack with
that browser goes on; so one pair is not enough there.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, saturate
from detector.rules.crowds.base import Accused
from detector.rules.crowds.tries import fine, more_than_usual, tried
from detector.rules.crowds.usual import SPREADS, shown
from detector.windows.crowds.tally import WINDOWS


@dataclass(frozen=True, slots=True)
class TriedByOneClient:
    """Strength grows from `accounts` in half an hour, a day or a week, from `addresses` at least.

    They must be `over` times the strangers' logins with that client that succeeded, and in half an hour or
    a day `times` what is usual with it at this hour of such a day, and `spreads` above it. Each address is
    accused that shows it by two accounts or several names; any that tried where the client is a rare one:
    fewer than one success for `rare` accounts tried.
    """

    name: ClassVar[str] = "tried_by_one_client"
    version: ClassVar[int] = 3
    category: ClassVar[str] = "credential_attack"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    kinds: ClassVar[tuple[str, ...]] = ("client",)
    accuses: ClassVar[Accused] = "addresses"

    accounts: int = 15
    addresses: int = 3
    over: int = 2
    times: int = 5
    spreads: float = SPREADS
    rare: int = 20

    def check(self, seen: Features) -> Strengths:
        """See `CrowdRule.check`."""
        strengths: Strengths = saturate(self._counted(seen), self.accounts).max(axis=-1)
        return np.where(seen.failed > 0, strengths, 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `CrowdRule.reason`."""
        counted = self._counted(seen)
        window = int(np.argmax(counted))
        threshold = shown(self.accounts, more_than_usual(seen, self.times, self.spreads)[window])
        return Reason(f"accounts_tried_by_client_{WINDOWS[window]}", float(counted[window]), threshold)

    def rests_on(self, seen: Features) -> int:
        """See `CrowdRule.rests_on`."""
        counted = self._counted(seen)
        window = int(np.argmax(counted))
        rare = counted[window] >= self.rare * float(seen.fine_7d)
        return int((seen.tried_slots if rare else seen.plain_slots)[window])

    def _counted(self, seen: Features) -> Strengths:
        number = tried(seen)
        unusual = number >= more_than_usual(seen, self.times, self.spreads)
        against = number >= self.over * fine(seen)
        return np.where(against & unusual & (seen.addresses >= self.addresses), number, 0.0)

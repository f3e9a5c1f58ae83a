"""Entered by an attacker: somebody got into an account, as a stranger, from where many others were tried.

Clause: 7.2 and 7.3, an account whose password somebody else has; 9.1(2)(d), no breaking into accounts;
9.1(2)(e), no use of what was taken.
Source: OWASP Automated Threats OAT-008 (credential stuffing: the few that fit are what it is for); MITRE
ATT&CK T1110.004.
Misses: attackers who log in later from elsewhere; accounts that the row has forgotten.
Errs: a new device of an innocent behind the attacker's address; so those who got in must be few.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, saturate
from detector.rules.crowds.base import Accused
from detector.rules.crowds.tries import fine, tried
from detector.windows.crowds.layout import KINDS
from detector.windows.crowds.tally import WINDOWS

_CLIENT = KINDS.index("client")


@dataclass(frozen=True, slots=True)
class EnteredByAttacker:
    """Strength grows from `accounts` tried in vain in half an hour, a day or a week.

    All logins that succeeded there in that time must be fewer than one for `share` accounts tried; of a
    client, those of a week, fewer than one for `rare`. Accounts are named that strangers got into in that
    time, before the threshold was reached or after. What only a week says is worth `slow` at most: in
    a week an address goes to somebody else, and somebody innocent comes with the same client.
    """

    name: ClassVar[str] = "entered_by_attacker"
    version: ClassVar[int] = 2
    category: ClassVar[str] = "account_takeover"
    purpose: ClassVar[Literal["enforce", "protect"]] = "protect"
    kinds: ClassVar[tuple[str, ...]] = ("address", "client")
    accuses: ClassVar[Accused] = "accounts"

    accounts: int = 10
    share: int = 4
    rare: int = 10
    slow: float = 0.8

    def check(self, seen: Features) -> Strengths:
        """See `CrowdRule.check`."""
        strongest: Strengths = self._strengths(seen).max(axis=-1)
        return strongest

    def reason(self, seen: Features) -> Reason:
        """See `CrowdRule.reason`."""
        window = self._window(seen)
        return Reason(
            f"accounts_tried_there_{WINDOWS[window]}", float(self._counted(seen)[window]), self.accounts
        )

    def rests_on(self, seen: Features) -> int:
        """See `CrowdRule.rests_on`."""
        return int(seen.entered_slots[self._window(seen)])

    def _window(self, seen: Features) -> int:
        """Return the window that says most; of equal ones the shortest, in which fewest are innocent."""
        return int(np.argmax(self._strengths(seen)))

    def _strengths(self, seen: Features) -> Strengths:
        """Return how strong each window of `WINDOWS` is."""
        strengths: Strengths = saturate(self._counted(seen), self.accounts)
        strengths[..., 2] = np.minimum(strengths[..., 2], self.slow)
        return strengths

    def _counted(self, seen: Features) -> Strengths:
        number, succeeded = tried(seen), fine(seen)
        few = number >= self.share * succeeded
        by_client = np.expand_dims(np.asarray(seen.kind == _CLIENT), -1)
        few &= ~by_client | (number >= self.rare * succeeded[..., 2:])
        return np.where(few & (np.asarray(seen.entered) > 0), number, 0.0)

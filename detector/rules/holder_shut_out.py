"""Holder shut out: after a stranger's new password logins fail at home, until the holder sets another one.

Clause: 7.2 and 7.3, an account whose password somebody else has; 9.1(2)(d), no breaking into accounts;
9.1(2)(e), no use of what was taken.
Source: MITRE ATT&CK T1531 (account access removal); NIST SP 800-63B, 6.2 (a report of loss or compromise).
Misses: holders who give up, or call the platform, whose report is no event here.
Errs: a holder who set a password on a new device away from home and forgot it within the week; so at least
`failures` are needed, and one more where the stranger came by the holder's own provider in his province.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, saturate
from detector.rules.password_taken import WHOLE


@dataclass(frozen=True, slots=True)
class HolderShutOut:
    """Strength grows from `failures` at home between the stranger's new password and the holder's.

    Within a day after the stranger's last sign: later there is nobody to protect the account from. A report
    of misuse in that time, of a whole stranger or after any stranger's new password, says it all.
    """

    name: ClassVar[str] = "holder_shut_out"
    version: ClassVar[int] = 2
    category: ClassVar[str] = "account_takeover"
    purpose: ClassVar[Literal["enforce", "protect"]] = "protect"
    slots: ClassVar[str] = "intruder_slots"
    places: ClassVar[bool] = False

    failures: int = 2
    reported: float = 0.6

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        renewed = (seen.account > 0) & (seen.stranger > 0) & (seen.stranger_renewed > 0)
        restored = renewed & (seen.restored > 0) & (seen.stranger_lately > 0)
        strengths = np.where(restored, saturate(seen.shut_out, self._threshold(seen)), 0.0)
        return np.where(self._told(seen), np.maximum(strengths, self.reported), strengths)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        if self._told(seen):
            return Reason("reported_after_stranger", 1.0, 1)
        return Reason("failures_after_new_password", float(seen.shut_out), float(self._threshold(seen)))

    def _told(self, seen: Features) -> Strengths:
        whole = (seen.stranger == WHOLE) | ((seen.stranger > 0) & (seen.stranger_renewed > 0))
        reported = (seen.account > 0) & (seen.reported > 0) & (seen.stranger_lately > 0)
        return np.asarray(reported & whole)

    def _threshold(self, seen: Features) -> Strengths:
        return np.where(seen.stranger == WHOLE, self.failures, self.failures + 1)

"""Password taken: a stranger logs in at once, sets a new password, and is nobody the holder could be.

Clause: 7.2 and 7.3, an account whose password somebody else has; 9.1(2)(d), no breaking into accounts;
9.1(2)(e), no use of what was taken.
Source: MITRE ATT&CK T1078 (valid accounts: distant places in too short a time, unusual hours) and T1531
(account access removal: an intruder changes the password); OWASP ASVS 4.0.3, 2.2.3.
Misses: thieves who leave the password as it is (`taken_in_bulk` sees some), or who come by the holder's own
provider in his province (`holder_shut_out` sees those whom the holder throws out), or in his client where
neither shows a device id.
Errs: a holder on a journey with a new computer who renews his password is a stranger, too: so that alone is
a note, and there must be `odds` against him.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import ALWAYS_OBSERVE, Features, Reason, Strengths, saturate

WHOLE = 2
"""A stranger by device, network and line (detector/windows/intrusion.py)."""


@dataclass(frozen=True, slots=True)
class PasswordTaken:
    """Strength grows from `odds` against the stranger's being the holder.

    Two: the holder was at work too far away. One each: a VPN or cloud; the dead of night, when the account
    was never used; more files taken away than the holder ever did on a day, from `files` on and from `many`.
    """

    name: ClassVar[str] = "password_taken"
    version: ClassVar[int] = 2
    category: ClassVar[str] = "account_takeover"
    purpose: ClassVar[Literal["enforce", "protect"]] = "protect"
    slots: ClassVar[str] = "intruder_slots"
    places: ClassVar[bool] = False

    odds: int = 2
    files: int = 8
    many: int = 20

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        taken = (seen.account > 0) & (seen.stranger == WHOLE) & (seen.stranger_renewed > 0)
        strengths = np.maximum(saturate(self._odds(seen), self.odds), ALWAYS_OBSERVE)
        return np.where(taken & (seen.stranger_acts > 0), strengths, 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        return Reason("odds_against_new_password", float(self._odds(seen)), self.odds)

    def _odds(self, seen: Features) -> Strengths:
        more = seen.stranger_files > seen.own_files
        odds = 2.0 * (seen.stranger_far > 0) + (seen.stranger_hidden > 0) + (seen.stranger_odd_hour > 0)
        odds = (
            odds + (more & (seen.stranger_files >= self.files)) + (more & (seen.stranger_files >= self.many))
        )
        return np.asarray(odds, np.float64)

"""Taken in bulk: a stranger logs in at once and takes away far more than the holder ever did.

Clause: 7.2 and 7.3, an account whose password somebody else has; 9.1(2)(d), no breaking into accounts;
9.1(2)(e), no use of what was taken.
Source: MITRE ATT&CK T1530 and T1213 (data taken from accounts that were broken into); the holder's own
days are the measure.
Misses: thieves who take a few files, or who come by the holder's own provider in his province.
Errs: a holder on a journey with a new computer to which he copies everything; so there must be `files` of
them, and `times` the most of any day. Who hides, comes in the dead of night or is too far away needs `few`.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, saturate
from detector.rules.password_taken import WHOLE


@dataclass(frozen=True, slots=True)
class TakenInBulk:
    """Strength grows from `files` (or `few`) that the stranger took away on his first day."""

    name: ClassVar[str] = "taken_in_bulk"
    version: ClassVar[int] = 2
    category: ClassVar[str] = "account_takeover"
    purpose: ClassVar[Literal["enforce", "protect"]] = "protect"
    slots: ClassVar[str] = "intruder_slots"
    places: ClassVar[bool] = False

    files: int = 20
    few: int = 8
    times: int = 3

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        more = seen.stranger_files >= self.times * np.asarray(seen.own_files, np.int64)
        acts = (seen.account > 0) & (seen.stranger == WHOLE) & (seen.stranger_acts > 0)
        return np.where(acts & more, saturate(seen.stranger_files, self._threshold(seen)), 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        return Reason("files_taken_by_stranger", float(seen.stranger_files), float(self._threshold(seen)))

    def _threshold(self, seen: Features) -> Strengths:
        odd = (seen.stranger_far > 0) | (seen.stranger_hidden > 0) | (seen.stranger_odd_hour > 0)
        return np.where(odd, self.few, self.files)

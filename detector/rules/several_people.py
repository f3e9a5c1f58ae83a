"""Several people: hands of one account at work at once, and how many people that takes at least.

Clause: 9.1(3)(a), an account must not be shared; 7.4, it is for its holder alone.
Source: people by places that nothing connects, as in Zhang and Challis 2020, Automatic Identification of
Account Sharing for Video Streaming Services (doi.org/10.1007/978-3-030-55789-8_15); of those at work
at once no two can be one person, so a largest clique of them bounds the number from below.
Misses: sharers who visit each other with a laptop, or have the same provider in one province: what was in
one place is one hand (detector/windows/habits); people of whom only phones or carriers' networks are seen.
Errs: an office with two lines, where one person's two computers keep each to its own; a remote desktop.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, at_turns
from detector.windows.habits.people import AT_ONCE


@dataclass(frozen=True, slots=True)
class SeveralPeople:
    """Strength is how sure the number of `people` is, from `at_once` on; an alert shows it as the weight.

    An interleaving within 15 minutes counts 12 between two metropolises and 4 within one, once in 5 minutes;
    every week halves what was counted. `at_once` of them, between those two who were seen at once least
    often, leaves half of the doubt that they are two, and as many again half of the rest.
    """

    name: ClassVar[str] = "several_people"
    version: ClassVar[int] = 2
    category: ClassVar[str] = "account_sharing"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = "hand_slots"
    places: ClassVar[bool] = True

    people: int = 2
    at_once: int = AT_ONCE

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        several = at_turns(seen) & (seen.people >= self.people)
        sure = 1.0 - 0.5 ** (np.asarray(seen.people_sure, np.float64) / self.at_once)
        return np.where(several & (seen.people_sure >= self.at_once), sure, 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        return Reason("people", float(seen.people), self.people)

"""False greeting: an account's client calls itself a browser, and greets as a program's library does.

Clause: 9.1, second (2): no plug-ins and no third-party clients without licence.
Source: JA3 and JA4 (github.com/salesforce/ja3, github.com/FoxIO-LLC/ja4: the TLS handshake is the library's,
  whatever the user agent says); Durumeric et al. 2017, The Security Impact of HTTPS Interception, NDSS (a
  handshake that does not fit its user agent, which firewalls make as well). Whose handshake one is, those
  say that name themselves.
Misses: libraries built to greet as browsers do; a library that nobody uses under its own name; whoever
comes on its first day only, or as a stranger to the account: a thief's tool is not its holder's.
Errs: a firewall that greets for a whole office with a library that programs elsewhere use under their own
  name.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from detector.rules.base import Features, Reason, Strengths, saturate
from detector.rules.crowds.base import Accused
from detector.rules.crowds.likeness import Mask, count, distinct, slots, within
from detector.windows.crowds.greetings import APP, BROWSER, OTHER, PROGRAM
from detector.windows.crowds.layout import DAY_MS

_WEEK_MS = 7 * DAY_MS


@dataclass(frozen=True, slots=True)
class FalseGreeting:
    """Strength grows from `programs`: networks in which programs by their own word greet so, in a week.

    They must be `share` of all who do, as far as a greeting that is known for `learning_ms` tells. Where
    applications of the platform, or clients of another sort, are as many, they may be built with that
    library, and only browsers are accused.
    """

    name: ClassVar[str] = "false_greeting"
    version: ClassVar[int] = 2
    category: ClassVar[str] = "unauthorized_client"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    kinds: ClassVar[tuple[str, ...]] = ("greeting",)
    accuses: ClassVar[Accused] = "accounts"

    programs: int = 3
    share: float = 0.34
    learning_ms: int = DAY_MS

    def check(self, seen: Features) -> Strengths:
        """See `CrowdRule.check`."""
        programs = self._programs(seen)
        others = count(within(seen, _WEEK_MS) & (seen.called == BROWSER))
        mostly = programs >= self.share * (programs + others)
        known = mostly & (seen.known_ms >= self.learning_ms)
        someone = count(self.chosen(seen)) > 0
        return np.where(known & someone, saturate(programs, self.programs), 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `CrowdRule.reason`."""
        return Reason("programs_greeting_alike_7d", float(self._programs(seen)), self.programs)

    def rests_on(self, seen: Features) -> int:
        """See `CrowdRule.rests_on`."""
        return slots(self.chosen(seen))

    def chosen(self, seen: Features) -> Mask:
        """Return the accounts whose clients are not what they call themselves."""
        lately = within(seen, _WEEK_MS)
        applications = np.maximum(
            count(lately & (seen.called == APP)), count(lately & (seen.called == OTHER))
        )
        built = np.expand_dims(applications >= self._programs(seen), -1)
        false = (seen.called == BROWSER) | ((seen.called == APP) & ~built)
        return np.asarray(lately & (seen.account > 0) & false)

    @staticmethod
    def _programs(seen: Features) -> NDArray[np.int64]:
        return distinct(within(seen, _WEEK_MS) & (seen.called == PROGRAM), seen.prefixes)

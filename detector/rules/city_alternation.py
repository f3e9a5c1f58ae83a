"""City alternation: one account active in two metropolises, back and forth within a day.

Clause: 9.1(3)(c), an account must not be used from several cities by turns within a period.
Source: the clause itself; cities within one metropolis count as one (detector/windows/sightings.py).
Misses: one device that hops among two or three cities sooner than anybody travels, as one does whose firm has
two exits; hoppers on phones, mobile networks, VPNs or clouds, which are no anchor; two lines of one provider
within one province, where the databases disagree with themselves; slower ones, of which `city_rounds` sees
those of three cities.
Errs: a user whose line's addresses the database puts into different provinces by turns.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, at_work, saturate


@dataclass(frozen=True, slots=True)
class CityAlternation:
    """Strength grows from `returns` to a metropolis in a day; a commuter with lunch at home has three.

    Or, where the day has `many` metropolises, from `hops` between them, whatever makes them: an office with
    two exits and a home are three.
    """

    name: ClassVar[str] = "city_alternation"
    version: ClassVar[int] = 4
    category: ClassVar[str] = "city_switching"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = "metro_slots"
    places: ClassVar[bool] = True

    returns: int = 5
    many: int = 4
    hops: int = 5

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        enough = (seen.metros_24h > np.maximum(1, seen.max_cities)) & at_work(seen)
        hops = np.where(seen.metros_24h >= self.many, saturate(seen.hops_24h, self.hops), 0.0)
        return np.where(enough, np.maximum(saturate(seen.returns_24h, self.returns), hops), 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        if seen.returns_24h < self.returns:
            return Reason("metro_hops_24h", float(seen.hops_24h), self.hops)
        return Reason("metro_returns_24h", float(seen.returns_24h), self.returns)

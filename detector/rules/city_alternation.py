"""City alternation: one account active in several metropolises, back and forth.

Clause: 9.1(3)(c), an account must not be used from several cities by turns within a period.
Source: the clause itself; cities within one metropolis count as one (detector/windows/sightings.py).
Misses: hoppers on mobile networks, VPNs or clouds, which are no anchor; two lines of one provider within one
province, where the databases disagree with themselves.
Errs: a user whose line's addresses the database puts into different provinces by turns.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, at_work, saturate


@dataclass(frozen=True, slots=True)
class CityAlternation:
    """Strength grows from `returns` to a metropolis in a day, where there are `metros` of them.

    Where there are only two, `pair_returns` are needed: a commuter returns once. From `many` metropolises a
    day on, nobody need return: a journey has a start, an end and a stop or two between.
    """

    name: ClassVar[str] = "city_alternation"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "city_switching"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = "metro_slots"
    places: ClassVar[bool] = True

    metros: int = 3
    returns: int = 3
    pair_returns: int = 5
    many: int = 4

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        enough = (seen.metros_24h > np.maximum(1, seen.max_cities)) & at_work(seen)
        needed = np.where(seen.metros_24h >= self.metros, self.returns, self.pair_returns)
        moved = np.where(seen.hops_24h >= self.many, saturate(seen.metros_24h, self.many), 0.0)
        return np.where(enough, np.maximum(saturate(seen.returns_24h, needed), moved), 0.0)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        needed = self.returns if seen.metros_24h >= self.metros else self.pair_returns
        if seen.returns_24h < needed:
            return Reason("metros_24h", float(seen.metros_24h), self.many)
        return Reason("metro_returns_24h", float(seen.returns_24h), needed)

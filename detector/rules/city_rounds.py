"""City rounds: one account at work in three places and more by turns, over days.

Clause: 9.1(3)(c), an account must not be used from several cities by turns within a period.
Source: the clause itself; people return to a few places that they visit often (Gonzalez et al. 2008, Nature
453), so what is left beside the commonest two of them is rare. Days of rounds: one device behind several
providers' lines in four provinces in a day, see detector/windows/itinerary/rounds.py.
All over the country: two databases agree on the province of 89 in 100 Chinese addresses. So where a line is
dialled anew twenty times a week, one address in a wrong province follows upon one in another once in five
weeks, and does so five times in one week of some 300,000.
Misses: hoppers between two cities (`city_alternation` sees those with two devices); hoppers on phones,
mobile networks, VPNs or clouds; one device behind ever new addresses of one provider in four cities at most,
of two where it is in less than four provinces a day; one that is in no more of a hurry than a salesman.
Errs: who travels for a living, and goes back and forth among three cities twice a day; a firm whose network
lets its people out in five provinces by turns.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import Features, Reason, Strengths, at_work, saturate
from detector.windows.itinerary.rounds import PROVINCES


@dataclass(frozen=True, slots=True)
class CityRounds:
    """Strength grows from `weekly` moves in 7 days, of which `backs` return, or from `daily` in 24 hours.

    The former need `places_7d` places: home, an office that goes out elsewhere and a VPN are three. A move
    counts 1 half where one device makes it, 2 where another is at work there, 3 where that is sooner than a
    traveller is there from door to door.
    Moves between the commonest two of the places are left out (detector/windows/itinerary), so that neither a
    commuter nor a home that its database puts elsewhere makes any. And from `days` of rounds in 7 on, or from
    `scattered` moves in 7 days, too quick for a traveller, among three places beside the commonest two.
    """

    name: ClassVar[str] = "city_rounds"
    version: ClassVar[int] = 5
    category: ClassVar[str] = "city_switching"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = "city_slots"
    places: ClassVar[bool] = True

    weekly: int = 8
    places_7d: int = 4
    backs: int = 3
    daily: int = 6
    days: int = 2
    scattered: int = 5

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        enough = (seen.city_places_7d > np.maximum(2, seen.max_cities)) & at_work(seen)
        many = (seen.city_backs_7d >= self.backs) & (seen.city_places_7d >= self.places_7d)
        by_week = np.where(many, saturate(seen.city_moves_7d, self.weekly), 0.0)
        by_moves = np.where(enough, np.maximum(by_week, saturate(seen.city_moves_24h, self.daily)), 0.0)
        many_provinces = at_work(seen) & (seen.max_cities < PROVINCES)
        all_over = np.maximum(
            saturate(seen.round_days_7d, self.days), saturate(seen.city_scatter_7d, self.scattered)
        )
        return np.maximum(by_moves, np.where(many_provinces, all_over, 0.0))

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        if seen.city_moves_24h >= self.daily:
            return Reason("half_moves_24h", float(seen.city_moves_24h), self.daily)
        if seen.city_moves_7d >= self.weekly:
            return Reason("half_moves_7d", float(seen.city_moves_7d), self.weekly)
        if seen.round_days_7d >= self.days:
            return Reason("days_of_rounds_7d", float(seen.round_days_7d), self.days)
        return Reason("hurried_moves_elsewhere_7d", float(seen.city_scatter_7d), self.scattered)

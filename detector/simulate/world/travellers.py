"""Travellers: here for some days, then in another city, and nothing on the way."""

from dataclasses import dataclass
from random import Random

from detector.simulate.world.people import Person, Stay
from detector.simulate.world.places import journey_h
from detector.simulate.world.residents import Resident
from detector.simulate.world.visits import Day


@dataclass(frozen=True, slots=True)
class Traveller:
    """Somebody who goes to other cities for a few days: `elsewhere` is the same person there."""

    seed: str
    person: Person | Resident
    elsewhere: tuple[Person | Resident, ...]
    cycle_days: int = 6

    @property
    def busy(self) -> float:
        """See `Person.busy`."""
        return self.person.busy

    def stays(self, day: Day, rng: Random) -> list[Stay]:
        """See `Person.stays`; nothing from departure to arrival."""
        cycle, position = divmod(day.index, self.cycle_days)
        trip = Random(f"{self.seed}/{cycle}")
        away = trip.choice(self.elsewhere)
        leaves_day, leaves_h = trip.randrange(2), trip.uniform(12.0, 15.0)
        returns_day, returns_h = leaves_day + trip.choice((1, 2, 3)), trip.uniform(11.0, 15.0)
        way_h = journey_h(self.person.home.city, away.home.city)
        here, there = self.person.stays(day, rng), away.stays(day, rng)
        if position < leaves_day or position > returns_day:
            return here
        if position == leaves_day:
            return between(here, 0, leaves_h) + between(there, leaves_h + way_h, 24)
        if position == returns_day:
            return between(there, 0, returns_h) + between(here, returns_h + way_h, 24)
        return there


def between(stays: list[Stay], start_h: float, end_h: float) -> list[Stay]:
    """Return what of these stays lies within [start_h, end_h), in local hours."""
    cut = (s._replace(start_h=max(s.start_h, start_h), end_h=min(s.end_h, end_h)) for s in stays)
    return [s for s in cut if s.start_h < s.end_h]

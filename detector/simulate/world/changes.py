"""What changes in a life: from one day on things are otherwise, or every stay is a little different."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from detector.simulate.world.inhabitants import Dweller, Inhabitant
from detector.simulate.world.people import Stay
from detector.simulate.world.visits import Day, Visit


@dataclass(frozen=True, slots=True)
class Changed:
    """Lives like `before` up to day number `day`, then like `after`."""

    before: Dweller
    after: Dweller
    day: int

    @property
    def busy(self) -> float:
        """See `Dweller.busy`."""
        return self.before.busy

    def stays(self, day: Day, rng: Random) -> list[Stay]:
        """See `Dweller.stays`."""
        return (self.before if day.index < self.day else self.after).stays(day, rng)


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Lives like `person`, but `change` makes something else of the day's stays."""

    person: Dweller
    change: Callable[[list[Stay], Day, Random], list[Stay]]

    @property
    def busy(self) -> float:
        """See `Dweller.busy`."""
        return self.person.busy

    def stays(self, day: Day, rng: Random) -> list[Stay]:
        """See `Dweller.stays`."""
        return self.change(self.person.stays(day, rng), day, rng)


def with_visits(who: Inhabitant, change: Callable[[list[Visit], Day, Random], list[Visit]]) -> Inhabitant:
    """Return the same inhabitant; `change` makes something else of the day's visits."""

    def plan(day: Day, rng: Random) -> list[Visit]:
        return change(list(who.plan(day, rng)), day, rng)

    return replace(who, plan=plan)

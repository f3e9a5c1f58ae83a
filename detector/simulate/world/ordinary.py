"""What is ordinary in a whole population, for the innocent and for abusers alike.

People take files along now and then or look at their account's own pages; some contracts are trials, some
name limits.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from detector.simulate.world.asides import AccountPages, Exports
from detector.simulate.world.inhabitants import Birth, Grant, Inhabitant
from detector.simulate.world.sessions import Browse
from detector.simulate.world.visits import Day, Visit

EXPORTING: Final = 0.06
LOOKING_UP: Final = 0.03
"""Shares of visits in which files are taken along, or the account's own pages looked at."""
TRIALS: Final = 0.1
LIMITED: Final = 0.15
"""Shares of contracts."""
LIMITS: Final = {"max_devices": 8, "max_sessions": 12, "max_cities": 10}
"""Above what one person needs."""


@dataclass(frozen=True, slots=True)
class Ordinary:
    """Builds what `build` builds, with ordinary errands and contracts."""

    build: Callable[[Birth], Inhabitant]

    def __call__(self, birth: Birth) -> Inhabitant:
        """Return the inhabitant."""
        who = self.build(birth)
        rng = Random(f"{birth.rng.getrandbits(64)}/contracts")
        terms = ((account.account_id, _terms(rng)) for account in who.accounts if account.org_id is None)
        grants = tuple(Grant(key, value) for key, value in terms if value)

        def plan(day: Day, rng: Random) -> Iterator[Visit]:
            return _with_errands(who.plan(day, rng))

        return replace(who, plan=plan, grants=(*grants, *who.grants))


def _terms(rng: Random) -> dict[str, object]:
    value: dict[str, object] = {"plan": "trial"} if rng.random() < TRIALS else {}
    return value | LIMITS if rng.random() < LIMITED else value


def _with_errands(planned: Iterable[Visit]) -> Iterator[Visit]:
    for visit in planned:
        rng = Random(visit.seed ^ 1)
        chance = rng.random() if isinstance(visit.script, Browse) else 1.0
        if chance < EXPORTING:
            yield replace(visit, script=Exports(visit.script, rng.randrange(1, 5)))
        elif chance < EXPORTING + LOOKING_UP:
            yield replace(visit, script=AccountPages(visit.script, rng.randrange(1, 4)))
        else:
            yield visit

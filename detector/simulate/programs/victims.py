"""Those who are attacked: ordinary people, strangers or colleagues, who go on with their lives."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from detector.simulate.world import households, lines
from detector.simulate.world.inhabitants import Birth, Inhabitant, innocent
from detector.simulate.world.visits import Account, Day, Visit

SELDOM = 0.3  # of how often others use the platform, so that a list of victims costs few events


@dataclass(frozen=True, slots=True)
class Victims:
    """Accounts and the lives of the people behind them, in the same order."""

    lives: tuple[Inhabitant, ...]

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Return whose accounts they are."""
        return tuple(life.accounts[0] for life in self.lives)

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the accounts' ids."""
        return tuple(account.account_id for account in self.accounts)

    def live(self, day: Day, rng: Random) -> Sequence[tuple[Account, list[Visit]]]:
        """Return what each of them does on a day."""
        return [(life.accounts[0], _day(life, day, rng)) for life in self.lives]

    def plan(self, day: Day, rng: Random) -> Iterable[Visit]:
        """Return what they do on a day, one after the other."""
        return (visit for _, visits in self.live(day, rng) for visit in visits)


def strangers(birth: Birth, count: int) -> Victims:
    """Make people who have nothing in common but that they are on the same list."""
    rng, pools = birth.rng, birth.pools
    people = (households.with_one_device(pools, households.some_city(rng), rng) for _ in range(count))
    return Victims(tuple(innocent(birth.account(n), who, busier=SELDOM) for n, who in enumerate(people)))


def colleagues(birth: Birth, count: int) -> Victims:
    """Make the seats of one organisation, behind one office's address."""
    rng, pools = birth.rng, birth.pools
    office, org_id = lines.office_line(pools, households.some_city(rng), rng), birth.name("org")
    return Victims(
        tuple(
            innocent(
                birth.account(number, product="youcloud365", org_id=org_id, role="seat"),
                households.office_worker(pools, office, rng),
                busier=SELDOM,
            )
            for number in range(count)
        )
    )


def _day(life: Inhabitant, day: Day, rng: Random) -> list[Visit]:
    return list(life.plan(day, Random(rng.getrandbits(64))))

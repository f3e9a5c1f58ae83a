"""Who uses the platform: one inhabitant plans each day's visits and knows what is true of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

from detector.simulate.labels import BENIGN, Subject
from detector.simulate.lines import Line
from detector.simulate.people import Habits, Person, visits
from detector.simulate.pools import Pools
from detector.simulate.travellers import Traveller
from detector.simulate.visits import Account, Day, Visit

Plan: TypeAlias = Callable[[Day, Random], Iterable[Visit]]


@dataclass(frozen=True, slots=True)
class Birth:
    """What an inhabitant is made of: number, a generator of its own, pools, the deck it was dealt from."""

    number: int
    rng: Random
    pools: Pools
    deck: int
    deck_rng: Random

    def account(self, **fields: str) -> Account:
        """Return the account that this inhabitant uses."""
        return Account(number=self.number, account_id=f"u{self.number:07d}", **fields)


@dataclass(frozen=True, slots=True)
class Inhabitant:
    """One account, or one visitor without account, and the truth about it.

    `plan` gives a day's visits; the visits marked abusive are what the label's `subject` is accused of.
    `category` is `benign` for innocents. `alternatives` are other right subjects, `also` other right
    categories. `allowed` is an address that the account's entitlement excuses; `quiet` a network that must
    not be accused.
    """

    account: Account | None
    plan: Plan
    subject: Subject
    category: str = BENIGN
    difficulty: str | None = None
    also: tuple[str, ...] = ()
    alternatives: tuple[Subject, ...] = ()
    allowed: str | None = None
    quiet: Subject | None = None


def innocent(
    account: Account,
    person: Person | Traveller,
    *,
    habits: Callable[[Day, Random], Habits] = lambda _day, _rng: Habits(),
    busier: float = 1.0,
    allowed: str | None = None,
    quiet: Line | None = None,
) -> Inhabitant:
    """Make an inhabitant of one account and one human being."""

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        return visits(account, person.stays(day, rng), day, rng, habits(day, rng), busier * person.busy)

    return Inhabitant(
        account=account,
        plan=plan,
        subject=Subject(type="account", id=account.account_id),
        allowed=allowed,
        quiet=Subject(type="network", id=quiet.address(0, Random(0))) if quiet is not None else None,
    )

"""Who uses the platform: one inhabitant plans each day's visits and knows what is true of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final, Protocol, TypeAlias

from detector.scoring.labels import Subject
from detector.simulate.world.people import Habits, Stay, visits
from detector.simulate.world.pools import Pools
from detector.simulate.world.visits import Account, Day, Visit

PRODUCTS: Final = ("youcloud", "inspiration", "ai-create")
PRODUCT_WEIGHTS: Final = (70, 18, 12)
Plan: TypeAlias = Callable[[Day, Random], Iterable[Visit]]


class Dweller(Protocol):
    """Somebody who is somewhere at every hour; see `people.Person`."""

    @property
    def busy(self) -> float:
        """How often the platform is used, 1.0 as often as by others."""
        ...

    def stays(self, day: Day, rng: Random) -> list[Stay]:
        """Say where this person uses the platform on a day."""
        ...


@dataclass(frozen=True, slots=True)
class Birth:
    """What an inhabitant is made of: number, a generator of its own, pools, the deck it was dealt from.

    `difficulty` says how strongly an abuser shows (`blatant`, `clear`, `subtle`; "" for innocents). With
    `plain_ids` an account's id is the inhabitant's number, which is enough where everybody has one account.
    """

    number: int
    rng: Random
    pools: Pools
    deck: int
    deck_rng: Random
    difficulty: str = ""
    plain_ids: bool = True

    def account(self, index: int = 0, **fields: str) -> Account:
        """Return the account number `index` of this inhabitant, for one of the products if none is named."""
        if not self.plain_ids and "product" not in fields:
            fields["product"] = Random(f"product/{self.number}").choices(PRODUCTS, PRODUCT_WEIGHTS)[0]
        return Account(number=self.number, account_id=self.name("u", index), **fields)

    def name(self, kind: str, index: int = 0) -> str:
        """Return an id of this inhabitant's own: `kind` and twelve digits that say nothing."""
        if self.plain_ids:
            return f"{kind}{self.number:07d}" + (f"-{index}" if index else "")
        return f"{kind}{Random(f'{kind}/{self.number}/{index}').randrange(10**12):012d}"


@dataclass(frozen=True, slots=True)
class Charge:
    """What `subject` is accused of, in the visits whose `affair` is one of `affairs`.

    It becomes one label, from the first of these visits to the end of the last. `alternatives` are other
    right subjects, `also` other right categories; charges with the same `incident` are one affair.
    """

    subject: Subject
    category: str
    difficulty: str | None = None
    also: tuple[str, ...] = ()
    alternatives: tuple[Subject, ...] = ()
    incident: str | None = None
    affairs: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True)
class Grant:
    """What the entitlement under `key` (an account's id, or `org:<org_id>`) says from day number `day` on."""

    key: str
    value: Mapping[str, object]
    day: float = 0.0


@dataclass(frozen=True, slots=True)
class Inhabitant:
    """Somebody, or something, with all its accounts (none for a visitor), and the truth about it.

    `plan` gives a day's visits. Whoever among the accounts is in no charge is innocent, as is everybody in
    `quiet` (networks and organisations that must not be accused). `grants` go into the entitlements.
    """

    accounts: tuple[Account, ...]
    plan: Plan
    charges: tuple[Charge, ...] = ()
    quiet: tuple[Subject, ...] = ()
    grants: tuple[Grant, ...] = field(default=())

    @property
    def counts_for(self) -> int:
        """How many accounts this one counts for: a visitor, who has none, for one."""
        return max(1, len(self.accounts))


def account_subject(account: Account) -> Subject:
    """Return an account as the subject of a label."""
    return Subject(type="account", id=account.account_id)


def innocent(
    account: Account,
    person: Dweller,
    *,
    habits: Callable[[Day, Random], Habits] = lambda _day, _rng: Habits(),
    busier: float = 1.0,
    quiet: tuple[Subject, ...] = (),
    grants: tuple[Grant, ...] = (),
) -> Inhabitant:
    """Make an inhabitant of one account and one human being."""

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        return visits(account, person.stays(day, rng), day, rng, habits(day, rng), busier * person.busy)

    return Inhabitant(accounts=(account,), plan=plan, quiet=quiet, grants=grants)

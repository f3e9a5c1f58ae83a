"""Seats of an organisation: one used by several, more people than seats, a few seats passed around."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

from detector.scoring.labels import Subject
from detector.simulate.people.organisations import network, seat, side_by_side
from detector.simulate.people.sharers import keen, shared
from detector.simulate.world import households, lines, settling
from detector.simulate.world.inhabitants import (
    Birth,
    Charge,
    Grant,
    Inhabitant,
    Plan,
    account_subject,
    innocent,
)
from detector.simulate.world.people import Habits, Stay, visits
from detector.simulate.world.residents import Resident
from detector.simulate.world.strength import chosen, counted, drawn
from detector.simulate.world.visits import Account, Day, Visit


def shared_seat(birth: Birth) -> Inhabitant:
    """Make an honest organisation but for one seat that several of its people use.

    Blatant ones sit in several cities, clear ones in one office and at home, subtle ones are two at one
    address.
    """
    rng, org = birth.rng, birth.name("org")
    office = lines.office_line(birth.pools, households.some_city(rng), rng)
    number = counted(birth, blatant=(4, 6), clear=(3, 4), subtle=(2, 2.4))
    others = [settling.colleague(birth.pools, office, rng) for _ in range(rng.randrange(3, 10))]
    honest = [innocent(seat(birth, n + 1, org), person) for n, person in enumerate(others)]
    branches = [office, *(lines.office_line(birth.pools, households.far_city(rng, office.city), rng),) * 2]
    places = chosen(birth, blatant=branches, clear=[office], subtle=[office])
    people = [keen(birth, settling.colleague(birth.pools, rng.choice(places), rng)) for _ in range(number)]
    whole = Subject(type="org", id=org)
    seated = shared(
        birth,
        seat(birth, 0, org),
        people,
        category="seat_sharing",
        also=("account_sharing",),
        alternatives=(whole,),
    )
    return replace(
        seated,
        accounts=(*seated.accounts, *(one.accounts[0] for one in honest)),
        plan=side_by_side([seated, *honest]),
        quiet=(network(office),),
        grants=(Grant(f"org:{org}", {"seats": 1 + len(others)}),),
    )


def over_seats(birth: Birth) -> Inhabitant:
    """Make an organisation of more people at work at once than it has bought seats for.

    Some let two or three log in on one seat, others opened more accounts than they pay for.
    """
    rng, org = birth.rng, birth.name("org")
    office = lines.office_line(birth.pools, households.some_city(rng), rng)
    seats = rng.randrange(4, 13)
    excess = drawn(birth, blatant=(2.0, 3.0), clear=(1.5, 1.9), subtle=(1.25, 1.4))
    number = max(seats + 2, round(seats * excess))
    people = [busy(birth, settling.colleague(birth.pools, office, rng)) for _ in range(number)]
    opened = seats if rng.random() < 0.6 else number  # noqa: PLR2004 - share who log in on one another's seats
    accounts = [seat(birth, n, org) for n in range(opened)]

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        for n, person in enumerate(people):
            own = Random(f"{rng.getrandbits(64)}/{n}")
            habits = Habits(median_minutes=24.0, affair=0)
            yield from visits(accounts[n % opened], person.stays(day, own), day, own, habits, person.busy)

    return _accused(birth, org, accounts, plan=plan, seats=seats)


def busy(birth: Birth, person: Resident) -> Resident:
    """Return an employee who has work to do on the platform, as those have for whom seats run short."""
    return replace(
        person, presence=birth.rng.uniform(0.85, 0.98), busy=birth.rng.uniform(1.3, 2.4), weekend=0.1
    )


def seat_hoppers(birth: Birth) -> Inhabitant:
    """Make an organisation whose few seats are passed around many employees, one after the other.

    Whoever needs a seat takes one that is free, uses it for an hour or so and leaves it: never two at once.
    Blatant ones are a dozen people on two or three seats, subtle ones four who change twice a day.
    """
    rng, org = birth.rng, birth.name("org")
    office = lines.office_line(birth.pools, households.some_city(rng), rng)
    number = counted(birth, blatant=(9, 16), clear=(6, 8), subtle=(4, 5))
    seats = rng.choice((2, 2, 3))
    hours = drawn(birth, blatant=(0.7, 1.2), clear=(1.5, 2.5), subtle=(3.0, 4.5))
    people = [settling.colleague(birth.pools, office, rng) for _ in range(number)]
    accounts = [seat(birth, n, org) for n in range(seats)]

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        if day.off:
            return
        for account in accounts:
            yield from _rounds(account, people, day, rng, hours)

    return _accused(birth, org, accounts, plan=plan, seats=seats)


def _rounds(
    account: Account, people: Sequence[Resident], day: Day, rng: Random, hours: float
) -> Iterable[Visit]:
    """Plan one seat's day: a person, a pause, the next person."""
    hour = 8.8 + rng.random()
    while hour < 18.5:  # noqa: PLR2004 - the office's evening
        person = rng.choice(people)
        end_h = min(hour + hours * rng.uniform(0.6, 1.4), 19.0)
        stay = Stay(
            hour, end_h, person.work, person.at_work, 2.0 * (end_h - hour) / hours + 1, person.work.city
        )
        yield from visits(account, [stay], day, rng, Habits(median_minutes=14.0, affair=0))
        hour = end_h + rng.uniform(0.05, 0.3)


def _accused(
    birth: Birth,
    org: str,
    accounts: Sequence[Account],
    *,
    plan: Plan,
    seats: int,
) -> Inhabitant:
    """Make an organisation that is accused as a whole, its seats being right as well."""
    charge = Charge(
        Subject(type="org", id=org),
        "seat_sharing",
        birth.difficulty,
        also=("account_sharing",),
        alternatives=tuple(account_subject(account) for account in accounts),
    )
    grant = Grant(f"org:{org}", {"seats": seats})
    return Inhabitant(accounts=tuple(accounts), plan=plan, charges=(charge,), grants=(grant,))

"""One personal account, several people: pairs, groups, and those who take turns and never meet."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

from detector.scoring.labels import Subject
from detector.simulate.world import households, settling
from detector.simulate.world.inhabitants import Birth, Charge, Inhabitant, account_subject
from detector.simulate.world.people import Habits, visits
from detector.simulate.world.residents import Resident
from detector.simulate.world.strength import chosen, counted, drawn
from detector.simulate.world.travellers import between
from detector.simulate.world.visits import Account, Day, Visit

# Those who share or rent an account do so because they use it much.
HEAVY = Habits(median_minutes=15.0)
BESIDE = replace(HEAVY, affair=0)
NOON_H = 12.5


def pair_one_city(birth: Birth) -> Inhabitant:
    """Make two people in one city, behind lines of their own; the weaker, the seldomer the second comes."""
    city = households.some_city(birth.rng)
    people = [settling.anybody(birth.pools, city, birth.rng) for _ in range(2)]
    return shared(birth, birth.account(), [people[0], keen(birth, people[1])])


def pair_two_cities(birth: Birth) -> Inhabitant:
    """Make two people far apart; the weaker, the seldomer the second comes."""
    city = households.some_city(birth.rng)
    first = settling.anybody(birth.pools, city, birth.rng)
    second = settling.anybody(birth.pools, households.far_city(birth.rng, city), birth.rng)
    return shared(birth, birth.account(), [first, keen(birth, second)])


def group(birth: Birth) -> Inhabitant:
    """Make a group of three to eight people in one to three cities: colleagues, students, a chat group."""
    rng = birth.rng
    size = counted(birth, blatant=(6, 8), clear=(4, 5), subtle=(3, 3.4))
    first = households.some_city(rng)
    cities = [first, *(households.far_city(rng, first) for _ in range(rng.randrange(3)))]
    people = [keen(birth, settling.anybody(birth.pools, rng.choice(cities), rng)) for _ in range(size)]
    return shared(birth, birth.account(), people, also=("account_transfer",))


def keen(birth: Birth, person: Resident) -> Resident:
    """Return somebody who uses a foreign account as much as the difficulty has it."""
    return replace(
        person,
        presence=min(0.98, drawn(birth, blatant=(0.85, 0.98), clear=(0.6, 0.85), subtle=(0.25, 0.5))),
        weekend=drawn(birth, blatant=(0.4, 0.9), clear=(0.2, 0.5), subtle=(0.05, 0.2)),
        busy=drawn(birth, blatant=(1.3, 2.4), clear=(0.9, 1.5), subtle=(0.5, 0.9)),
    )


def shared(
    birth: Birth,
    account: Account,
    people: Sequence[Resident],
    *,
    category: str = "account_sharing",
    also: tuple[str, ...] = (),
    alternatives: tuple[Subject, ...] = (),
) -> Inhabitant:
    """Make one account of several people; the label is about what those beside the first do."""

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        for number, person in enumerate(people):
            own = Random(f"{rng.getrandbits(64)}/{number}")
            habits = BESIDE if number else HEAVY
            yield from visits(account, person.stays(day, own), day, own, habits, person.busy)

    charge = Charge(
        account_subject(account), category, birth.difficulty, also + _hops(people), alternatives=alternatives
    )
    return Inhabitant(accounts=(account,), plan=plan, charges=(charge,))


def _hops(people: Sequence[Resident]) -> tuple[str, ...]:
    """People of several provinces look like one who switches cities, and that is right as well."""
    regions = {line.city.region for person in people for line in (person.home, person.work)}
    return ("city_switching",) if len(regions) > 1 else ()


def turn_takers(birth: Birth) -> Inhabitant:
    """Make two or three people who agree when each may use the account: by evenings of a day, or by days.

    Blatant ones change over at noon over three cities, clear ones over two, subtle ones live in one city and
    keep the account for days at a time.
    """
    rng, account = birth.rng, birth.account()
    number = chosen(birth, blatant=3, clear=2, subtle=2)
    first = households.some_city(rng)
    there = [first, households.far_city(rng, first), households.far_city(rng, first)][:number]
    cities = chosen(birth, blatant=there, clear=there, subtle=[first] * number)
    people = [keen(birth, settling.anybody(birth.pools, city, rng)) for city in cities]
    people = [replace(person, presence=0.95) for person in people]
    days = chosen(birth, blatant=0, clear=rng.randrange(2), subtle=rng.randrange(1, 4))

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        own = [Random(f"{rng.getrandbits(64)}/{n}") for n in range(number)]
        for turn, person in enumerate(people):
            habits = BESIDE if turn else HEAVY
            stays = person.stays(day, own[turn])
            if days:
                mine = stays if day.index // days % number == turn else []
            else:
                mornings, evenings = between(stays, 0.0, NOON_H), between(stays, NOON_H + 0.4, 24.0)
                mine = mornings if day.index * 2 % number == turn else []
                mine += evenings if (day.index * 2 + 1) % number == turn else []
            yield from visits(account, mine, day, own[turn], habits, person.busy)

    also = ("account_transfer", *_hops(people))
    charge = Charge(account_subject(account), "account_sharing", birth.difficulty, also)
    return Inhabitant(accounts=(account,), plan=plan, charges=(charge,))

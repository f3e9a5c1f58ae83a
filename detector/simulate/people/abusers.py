"""People who share, hop or hide: how each kind is made. They work in sessions as people do who do that."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

from detector.simulate.world import households, lines
from detector.simulate.world.inhabitants import Birth, Charge, Inhabitant, account_subject, innocent
from detector.simulate.world.people import Habits, Person, Stay, visits
from detector.simulate.world.visits import Day, Visit

# Those who share or rent an account do so because they use it much.
HEAVY = Habits(median_minutes=16.0)
ABUSIVE = replace(HEAVY, affair=0)
SHARERS_BUSY = 1.6


def pair_one_city(birth: Birth) -> Inhabitant:
    """Make two friends in one city, each with a laptop: nothing but the overlap shows it."""
    city = households.some_city(birth.rng)
    people = [households.with_one_device(birth.pools, city, birth.rng) for _ in range(2)]
    return _shared(birth, people, "subtle", also=())


def pair_two_cities(birth: Birth) -> Inhabitant:
    """Make two people far apart, both at work during the day."""
    city = households.some_city(birth.rng)
    cities = (city, households.far_city(birth.rng, city))
    people = [households.with_one_device(birth.pools, city, birth.rng) for city in cities]
    return _shared(birth, people, "clear", also=("city_switching",))


def group(birth: Birth) -> Inhabitant:
    """Make three to six people in one to three cities, some with a phone as well."""
    rng = birth.rng
    first = households.some_city(rng)
    cities = [first, *(households.far_city(rng, first) for _ in range(2))][: rng.randrange(1, 4)]
    makers = (households.with_one_device, households.with_devices)
    people = [rng.choice(makers)(birth.pools, rng.choice(cities), rng) for _ in range(rng.randrange(3, 7))]
    return _shared(birth, people, "blatant", also=("city_switching", "account_transfer"))


def datacenter_user(birth: Birth) -> Inhabitant:
    """Make somebody who works like anybody, but mostly on a machine in a cloud provider's network."""
    person = households.cloud_desktop_user(birth.pools, birth.rng)
    if birth.rng.random() < 0.4:  # noqa: PLR2004 - share of those who go home to an ordinary line
        person = replace(person, home=lines.home_line(birth.pools, person.work.city, birth.rng))
    account = birth.account()
    regular = innocent(account, person, busier=1.5)

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        return [
            replace(v, affair=0 if v.ip == person.work.address(day.index, rng) else None)
            for v in regular.plan(day, rng)
        ]

    charge = Charge(account_subject(account), "datacenter_access", "clear")
    return replace(regular, plan=plan, charges=(charge,))


def city_hopper(birth: Birth) -> Inhabitant:
    """Make one laptop behind other people's home lines, a few far cities by turns in a day."""
    rng, pools, account = birth.rng, birth.pools, birth.account()
    person = households.with_one_device(pools, households.some_city(rng), rng)
    number = rng.randrange(3, 6)
    cities = [person.home.city]
    while len(cities) < number:
        city = households.some_city(rng)
        if all(city.region != other.region for other in cities):
            cities.append(city)
    exits = [lines.proxy_line(pools, city, rng) for city in cities]

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        hours = [9.3 + 1.6 * n + rng.uniform(0.0, 0.6) for n in range(rng.randrange(5, 9))]
        turns = [rng.randrange(len(exits)) + n for n in range(len(hours))]
        stays = [
            Stay(
                hour, hour + 0.9, exits[turn % len(exits)], person.at_work, 4.0, exits[turn % len(exits)].city
            )
            for hour, turn in zip(hours, turns, strict=True)
        ]
        return visits(account, stays, day, rng, ABUSIVE)

    charge = Charge(account_subject(account), "city_switching", "clear", also=("account_sharing",))
    return Inhabitant(accounts=(account,), plan=plan, charges=(charge,))


def _shared(birth: Birth, people: Sequence[Person], difficulty: str, also: tuple[str, ...]) -> Inhabitant:
    """Make one account of several people; the label is about what those beside the first do."""
    account = birth.account()

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        for number, person in enumerate(people):
            own = Random(f"{rng.getrandbits(64)}/{number}")
            habits = ABUSIVE if number else HEAVY
            yield from visits(account, person.stays(day, own), day, own, habits, SHARERS_BUSY * person.busy)

    charge = Charge(account_subject(account), "account_sharing", difficulty, also=also)
    return Inhabitant(accounts=(account,), plan=plan, charges=(charge,))

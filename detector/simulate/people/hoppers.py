"""Accounts in several cities: by proxies, by people who pass a login on, by impossible journeys."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

from detector.simulate.world import devices, households, lines, settling
from detector.simulate.world.devices import Device
from detector.simulate.world.inhabitants import Birth, Charge, Inhabitant, account_subject
from detector.simulate.world.lines import Line
from detector.simulate.world.people import Habits, Stay, visits
from detector.simulate.world.places import CITIES, City, distance_km
from detector.simulate.world.strength import chosen, counted, drawn
from detector.simulate.world.visits import Day, Visit

HOPPING = Habits(median_minutes=13.0, affair=0)


def metropolises(rng: Random, first: City, number: int) -> list[City]:
    """Draw cities of different provinces, `first` among them."""
    cities = [first]
    while len(cities) < number:
        city = households.some_city(rng)
        if all(city.region != other.region for other in cities):
            cities.append(city)
    return cities


def city_hopper(birth: Birth) -> Inhabitant:
    """Make one account in several metropolises by turns, over other people's home lines or by couriers.

    By proxies it is one laptop; couriers pass the login on and have a device each. Blatant ones change six
    or more times a day, clear ones three or so, subtle ones once a day or every other day.
    """
    rng, account = birth.rng, birth.account()
    number = counted(birth, blatant=(4, 6), clear=(3, 4), subtle=(3, 3.4))
    cities = metropolises(rng, households.some_city(rng), number)
    by_proxy = rng.random() < 0.5  # noqa: PLR2004 - as often the one as the other
    laptop = devices.browser(rng)
    used: list[Device] = [laptop if by_proxy else devices.browser(rng) for _ in cities]
    exits = [
        lines.proxy_line(birth.pools, city, rng)
        if by_proxy
        else settling.with_laptop(birth.pools, city, rng).home
        for city in cities
    ]
    turns_a_day = drawn(birth, blatant=(6, 9), clear=(2.6, 4), subtle=(0.6, 1.1))
    presence = rng.uniform(0.75, 0.98)

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        if rng.random() >= presence:
            return ()
        turns = max(1, round(turns_a_day * rng.uniform(0.8, 1.2)))
        first = int(day.index * max(1.0, turns_a_day)) if turns_a_day >= 1 else int(day.index * turns_a_day)
        return visits(account, _turns(rng, exits, used, first, turns), day, rng, HOPPING)

    also = ("account_sharing", "account_transfer")
    charge = Charge(account_subject(account), "city_switching", birth.difficulty, also)
    return Inhabitant(accounts=(account,), plan=plan, charges=(charge,))


def _turns(rng: Random, exits: Sequence[Line], used: Sequence[Device], first: int, turns: int) -> list[Stay]:
    """Spread a day's turns over waking hours, each in another city than the one before."""
    span_h = 13.0 / turns
    return [
        Stay(
            9.0 + n * span_h + rng.uniform(0.0, 0.25) * span_h,
            9.0 + (n + 0.9) * span_h,
            exits[(first + n) % len(exits)],
            used[(first + n) % len(exits)],
            3.0 if turns > 2 else 4.0,  # noqa: PLR2004 - who stays longer comes more often
            exits[(first + n) % len(exits)].city,
        )
        for n in range(turns)
    ]


def impossible_traveller(birth: Birth) -> Inhabitant:
    """Make one device that shows up in cities which nobody reaches in the time between, by rented home lines.

    Otherwise it works from its own line. Blatant ones are elsewhere every hour, clear ones twice or so a day,
    subtle ones once in two or three days and not so far away.
    """
    rng, account = birth.rng, birth.account()
    person = settling.with_laptop(birth.pools, households.some_city(rng), rng)
    person = replace(
        person, presence=0.95, busy=drawn(birth, blatant=(1.8, 2.6), clear=(1.1, 1.6), subtle=(0.8, 1.2))
    )
    places = _elsewhere(birth, person.home.city)
    exits = [lines.proxy_line(birth.pools, city, rng) for city in places]
    share = drawn(birth, blatant=(0.5, 0.8), clear=(0.2, 0.35), subtle=(0.05, 0.1))

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        for visit in visits(account, person.stays(day, rng), day, rng, Habits(), person.busy):
            if rng.random() >= share:
                yield visit
                continue
            exit_ = rng.choice(exits)
            yield replace(visit, ip=exit_.address(day.index, rng), city=exit_.city, affair=0)

    charge = Charge(account_subject(account), "city_switching", birth.difficulty, ("account_sharing",))
    return Inhabitant(accounts=(account,), plan=plan, charges=(charge,))


def _elsewhere(birth: Birth, home: City) -> list[City]:
    """Return cities of other provinces: for subtle ones the two nearest that are over 250 km away."""
    others = [city for city in CITIES if city.region != home.region]
    if birth.difficulty != "subtle":
        return birth.rng.sample(others, chosen(birth, blatant=6, clear=3, subtle=2))
    far = [city for city in others if distance_km(home.latitude, home.longitude, city) > 250]  # noqa: PLR2004 - no neighbours
    return sorted(far, key=lambda c: distance_km(home.latitude, home.longitude, c))[:2]

"""Building people: which lines and devices somebody gets."""

from dataclasses import replace
from random import Random

from detector.simulate.world import devices, lines
from detector.simulate.world.lines import Line
from detector.simulate.world.people import Person
from detector.simulate.world.places import CITIES, CITY, COMMUTES, City
from detector.simulate.world.pools import Pools
from detector.simulate.world.travellers import Traveller


def some_city(rng: Random) -> City:
    """Draw a city, likelier the more users live there."""
    return rng.choices(CITIES, [city.weight for city in CITIES])[0]


def far_city(rng: Random, city: City) -> City:
    """Draw a city in another province."""
    others = [other for other in CITIES if other.region != city.region]
    return rng.choices(others, [other.weight for other in others])[0]


def with_one_device(pools: Pools, city: City, rng: Random) -> Person:
    """Make somebody with a laptop, carried between home and office."""
    laptop = devices.desktop(rng)
    return Person(
        home=lines.home_line(pools, city, rng),
        work=lines.office_line(pools, city, rng),
        mobile=lines.phone_line(pools, city, rng),
        at_home=laptop,
        at_work=laptop,
        phone=None,
        shift_h=_shift(rng),
        busy=rng.uniform(0.6, 1.5),
    )


def with_devices(pools: Pools, city: City, rng: Random) -> Person:
    """Make somebody with a laptop at home, a desktop in the office, a phone everywhere."""
    person = with_one_device(pools, city, rng)
    return replace(person, at_work=devices.desktop(rng), phone=devices.phone(rng))


def with_phone_only(pools: Pools, city: City, rng: Random) -> Person:
    """Make somebody whose phone never joins a wireless network: all addresses are the carrier's gateways."""
    phone, mobile = devices.phone(rng), lines.phone_line(pools, city, rng)
    person = with_one_device(pools, city, rng)
    return replace(person, home=mobile, work=mobile, mobile=mobile, at_home=phone, at_work=phone)


def commuter(pools: Pools, rng: Random) -> Person:
    """Make somebody who lives in one city and works in its neighbour."""
    home, work = rng.choice(COMMUTES)
    person = with_devices(pools, CITY[home], rng)
    return replace(person, work=lines.office_line(pools, CITY[work], rng))


def traveller(pools: Pools, rng: Random) -> Traveller:
    """Make somebody who travels with laptop and phone; the phone keeps its home province's gateways."""
    person = replace(with_one_device(pools, some_city(rng), rng), phone=devices.phone(rng))
    there = [_guest(pools, person, far_city(rng, person.home.city), rng) for _ in range(3)]
    return Traveller(seed=f"{rng.getrandbits(64):016x}", person=person, elsewhere=tuple(there))


def office_worker(pools: Pools, office: Line, rng: Random) -> Person:
    """Make somebody with a laptop at home and a desktop behind the address that all colleagues share."""
    person = with_one_device(pools, office.city, rng)
    return replace(person, work=office, at_work=devices.desktop(rng))


def cloud_desktop_user(pools: Pools, rng: Random) -> Person:
    """Make somebody who does everything on a machine rented from a cloud provider."""
    cloud = lines.cloud_line(pools, rng)
    return replace(with_one_device(pools, cloud.city, rng), home=cloud, work=cloud)


def _guest(pools: Pools, person: Person, city: City, rng: Random) -> Person:
    """Return the same person, away: a hotel's and a customer's line."""
    return replace(
        person,
        home=lines.office_line(pools, city, rng),
        work=lines.office_line(pools, city, rng),
        mobile=replace(person.mobile, city=city),
    )


def _shift(rng: Random) -> float:
    return max(-1.0, min(1.0, rng.gauss(0, 0.5)))

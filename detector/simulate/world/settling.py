"""Settling residents: which lines, devices and habits somebody of a whole population gets."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import TypeAlias

from detector.simulate.world import access, devices, households, lines
from detector.simulate.world.lines import Line
from detector.simulate.world.places import City
from detector.simulate.world.pools import Pools
from detector.simulate.world.residents import Resident

Settle: TypeAlias = Callable[[Pools, City, Random], Resident]


def with_laptop(pools: Pools, city: City, rng: Random) -> Resident:
    """Settle somebody with one laptop, carried between home and office."""
    laptop = devices.browser(rng)
    return Resident(
        home=access.broadband(pools, city, rng),
        work=lines.office_line(pools, city, rng),
        mobile=access.mobile(pools, city, rng),
        at_home=laptop,
        at_work=laptop,
        shift_h=max(-1.5, min(2.0, rng.gauss(0.2, 0.6))),
        busy=min(2.5, rng.lognormvariate(-0.15, 0.45)),
        presence=rng.betavariate(5, 1.5),
        weekend=rng.betavariate(1.5, 4),
        overtime=rng.betavariate(1, 4),
        from_home=rng.betavariate(1, 9),
        updates=rng.random() < 0.7,  # noqa: PLR2004 - the rest are held back by their administrators
    )


def with_laptop_and_phone(pools: Pools, city: City, rng: Random) -> Resident:
    """Settle somebody with a laptop and a phone."""
    return replace(with_laptop(pools, city, rng), phone=devices.phone(rng))


def with_all(pools: Pools, city: City, rng: Random) -> Resident:
    """Settle somebody with a computer at home, another in the office, and a phone."""
    return replace(with_laptop_and_phone(pools, city, rng), at_work=devices.browser(rng))


def with_two_computers(pools: Pools, city: City, rng: Random) -> Resident:
    """Settle somebody with a computer at home and another in the office."""
    return replace(with_laptop(pools, city, rng), at_work=devices.browser(rng))


def with_phone(pools: Pools, city: City, rng: Random) -> Resident:
    """Settle somebody whose phone never joins a wireless network."""
    own = access.mobile(pools, city, rng)
    phone = devices.phone(rng)
    return replace(
        with_laptop(pools, city, rng), home=own, work=own, mobile=own, at_home=phone, at_work=phone
    )


def anybody(pools: Pools, city: City, rng: Random) -> Resident:
    """Settle somebody, as people are equipped."""
    settle: Settle = rng.choices(
        (with_laptop, with_laptop_and_phone, with_two_computers, with_all), (35, 20, 15, 30)
    )[0]
    return settle(pools, city, rng)


def somewhere(pools: Pools, rng: Random) -> Resident:
    """Settle anybody in some city."""
    return anybody(pools, households.some_city(rng), rng)


def colleague(pools: Pools, office: Line, rng: Random) -> Resident:
    """Settle somebody with an office desktop behind the address that all colleagues share."""
    settle: Settle = rng.choices((with_two_computers, with_all, with_laptop), (30, 40, 30))[0]
    return replace(settle(pools, office.city, rng), work=office)


def away(pools: Pools, resident: Resident, city: City, rng: Random) -> Resident:
    """Return the same person on a journey: hotel, customer, the phone with its own carrier."""
    portable = resident.at_home
    return replace(
        resident,
        home=lines.office_line(pools, city, rng),
        work=lines.office_line(pools, city, rng),
        mobile=replace(resident.mobile, city=city),
        at_work=portable,
        from_home=0.1,
    )


def steady(resident: Resident) -> Resident:
    """Return the same person, on machines whose browser stays as it is."""
    return replace(resident, updates=False)

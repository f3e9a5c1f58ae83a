"""Innocent with odd browsers: cookies cleared, a new phone, a version on, no device id, tabs in bulk."""

from dataclasses import replace
from random import Random

from detector.simulate.people.everyday import personal
from detector.simulate.world import devices, households, settling
from detector.simulate.world.asides import Exports, Skim, Tabs
from detector.simulate.world.changes import Changed, Otherwise, with_visits
from detector.simulate.world.inhabitants import Birth, Inhabitant
from detector.simulate.world.people import Stay
from detector.simulate.world.visits import Day, Visit


def cookie_clearer(birth: Birth) -> Inhabitant:
    """Make somebody whose browsers forget their device id every day or few; address and agent stay."""
    every_days = birth.rng.choice((1, 1, 2, 4, 7))

    def forgotten(stays: list[Stay], day: Day, _rng: Random) -> list[Stay]:
        return [s._replace(device=_renamed(s.device, day.index // every_days)) for s in stays]

    return personal(birth, Otherwise(settling.somewhere(birth.pools, birth.rng), forgotten))


def _renamed(device: devices.Device, turn: int) -> devices.Device:
    """Return a browser with another device id; apps keep theirs."""
    if device.client != "web":
        return device
    return replace(device, device_id=f"{Random(f'{device.device_id}/{turn}').getrandbits(96):024x}")


def new_phone(birth: Birth) -> Inhabitant:
    """Make somebody who gets a new phone, often of another make, or a new laptop."""
    rng = birth.rng
    person, day = settling.with_all(birth.pools, households.some_city(rng), rng), rng.randrange(2, 15)
    after = replace(person, phone=replace(devices.phone(rng), since_day=day))
    if rng.random() < 0.3:  # noqa: PLR2004 - share of new laptops
        after = replace(person, at_home=devices.browser(rng))
    return personal(birth, Changed(person, after, day))


def updated_browser(birth: Birth) -> Inhabitant:
    """Make somebody whose browser moves on some versions in the midst of a day, after long postponing."""
    rng = birth.rng
    person, steps = settling.somewhere(birth.pools, rng), rng.randrange(1, 8)
    since = rng.randrange(1, 12) + rng.uniform(0.4, 0.7)

    def moved_on(visits: list[Visit], day: Day, _rng: Random) -> list[Visit]:
        changes_ms = day.at_ms(24 * (since - day.index))
        return [
            replace(v, device=devices.updated(v.device, steps)) if v.start_ms >= changes_ms else v
            for v in visits
        ]

    return with_visits(personal(birth, settling.steady(person)), moved_on)


def missing_ids(birth: Birth) -> Inhabitant:
    """Make somebody whose blocker keeps the platform from telling the device, always or often."""
    person = settling.somewhere(birth.pools, birth.rng)
    share = 1.0 if birth.rng.random() < 0.5 else birth.rng.uniform(0.3, 0.9)  # noqa: PLR2004 - every other always

    def hidden(visits: list[Visit], _day: Day, rng: Random) -> list[Visit]:
        return [
            replace(v, device=replace(v.device, device_id=None))
            if v.device.client == "web" and rng.random() < share
            else v
            for v in visits
        ]

    return with_visits(personal(birth, person), hidden)


def power_user(birth: Birth) -> Inhabitant:
    """Make somebody who reads hundreds of pages a day, opens results by the dozen and exports reports."""
    person = settling.somewhere(birth.pools, birth.rng)
    busy = replace(person, busy=birth.rng.uniform(1.8, 3.5), presence=0.97, overtime=0.5)
    bunches, skims = birth.rng.randrange(1, 4), birth.rng.uniform(0.1, 0.5)

    def much(visits: list[Visit], _day: Day, rng: Random) -> list[Visit]:
        return [replace(v, script=_much(v, bunches, rng, skims)) for v in visits]

    return with_visits(personal(birth, busy), much)


def _much(visit: Visit, bunches: int, rng: Random, skims: float) -> Exports | Tabs | Skim:
    tabs = Tabs(visit.script, rng.randrange(bunches + 1))
    if rng.random() < skims:
        return Skim(tabs, median_s=rng.uniform(8.0, 20.0))
    return Exports(tabs, rng.randrange(3))


def assisted(birth: Birth) -> Inhabitant:
    """Make somebody whose screen reader or macro steps through pages within seconds, for minutes on end."""
    person = settling.with_laptop(birth.pools, households.some_city(birth.rng), birth.rng)
    median_s, share = birth.rng.uniform(2.5, 7.0), birth.rng.uniform(0.2, 0.7)

    def stepped(visits: list[Visit], _day: Day, rng: Random) -> list[Visit]:
        return [replace(v, script=Skim(v.script, median_s)) if rng.random() < share else v for v in visits]

    return with_visits(personal(birth, person), stepped)

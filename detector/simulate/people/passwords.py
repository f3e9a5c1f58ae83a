"""Innocent with passwords: reset after forgetting, changed at home or on a journey with a new laptop."""

from dataclasses import replace
from random import Random

from detector.simulate.people.everyday import personal
from detector.simulate.world import devices, households, settling
from detector.simulate.world.asides import AccountPages, Aside, Exports
from detector.simulate.world.changes import Changed, Otherwise, with_visits
from detector.simulate.world.inhabitants import Birth, Inhabitant, innocent
from detector.simulate.world.people import Habits
from detector.simulate.world.residents import surely
from detector.simulate.world.visits import Day, Visit


def password_reset(birth: Birth) -> Inhabitant:
    """Make somebody who comes back after some days, has forgotten the password and resets it at home."""
    rng = birth.rng
    person, day = settling.somewhere(birth.pools, rng), rng.randrange(3, 15)
    at_home = replace(person, from_home=1.0)
    tries = rng.randrange(3, 12)
    account = birth.account()
    usual = innocent(account, person)

    def plan(today: Day, rng: Random) -> list[Visit]:
        if day - 3 < today.index < day:
            return []
        if today.index == day:
            return surely(account, at_home, today, rng, Habits(failures=tries, new_password=True))
        return list(usual.plan(today, rng))

    return replace(usual, plan=plan)


def password_change(birth: Birth) -> Inhabitant:
    """Make somebody who sets a new password in the midst of a visit, for a manager's sake or by rotation."""
    rng = birth.rng
    person, every_days = settling.somewhere(birth.pools, rng), rng.choice((7, 14, 30))
    phase = rng.randrange(every_days)

    def renewed(visits: list[Visit], day: Day, rng: Random) -> list[Visit]:
        if (day.index + phase) % every_days or not visits:
            return visits
        place = rng.randrange(len(visits))
        looked_up = AccountPages(visits[place].script, rng.randrange(1, 4))
        changed = replace(visits[place], script=Aside(looked_up, "password_change", rng.uniform(0.2, 0.8)))
        return [*visits[:place], changed, *visits[place + 1 :]]

    return with_visits(personal(birth, person), renewed)


def new_laptop_away(birth: Birth) -> Inhabitant:
    """Make somebody who leaves with a new laptop, logs in from a hotel, and soon sets a new password there.

    The telephone comes along, the computers at home and in the office stay; some files are needed on the way.
    """
    rng = birth.rng
    person, leaves = settling.with_all(birth.pools, households.some_city(rng), rng), rng.randrange(2, 10)
    there = settling.away(birth.pools, person, households.far_city(rng, person.home.city), rng)
    laptop = devices.browser(rng)
    away = replace(there, at_home=laptop, at_work=laptop, presence=1.0, weekend=0.8, from_home=0.5)
    on_the_way = Otherwise(person, lambda _stays, _day, _rng: [])
    back = Changed(on_the_way, replace(person, at_home=laptop), leaves + 5)
    whole = Changed(person, Changed(on_the_way, Changed(away, back, leaves + 4), leaves + 1), leaves)
    files = rng.randrange(4)

    def renewed(visits: list[Visit], day: Day, rng: Random) -> list[Visit]:
        new = [place for place, visit in enumerate(visits) if visit.device.device_id == laptop.device_id]
        if day.index != leaves + 1 or not new:
            return visits
        first = visits[new[0]]
        script = Aside(
            Exports(AccountPages(first.script, 2), files), "password_change", rng.uniform(0.05, 0.6)
        )
        return [*visits[: new[0]], replace(first, script=script), *visits[new[0] + 1 :]]

    return with_visits(personal(birth, whole), renewed)

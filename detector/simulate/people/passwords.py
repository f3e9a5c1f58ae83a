"""Innocent with passwords: reset after forgetting, changed at home because a manager or a policy says so."""

from dataclasses import replace
from random import Random

from detector.simulate.people.everyday import personal
from detector.simulate.world import settling
from detector.simulate.world.asides import AccountPages, Aside
from detector.simulate.world.changes import with_visits
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

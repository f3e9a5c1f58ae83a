"""Clients without a licence: plug-ins, false apps, false browsers, which people use beside the real."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random

from detector.simulate.programs import programs
from detector.simulate.programs.crawling import Harvest, Walk
from detector.simulate.programs.hideouts import Spot, networks
from detector.simulate.programs.pace import Pace
from detector.simulate.programs.runs import run, stretch
from detector.simulate.world import households, lines, site
from detector.simulate.world.devices import Device, phone
from detector.simulate.world.inhabitants import Birth, Charge, Inhabitant, account_subject, innocent
from detector.simulate.world.registrations import LETTERS, WORDS
from detector.simulate.world.strength import chosen, counted, drawn
from detector.simulate.world.visits import Day, Visit


def plugin_client(birth: Birth) -> Inhabitant:
    """Make somebody whose browser has a plug-in that fetches on its own, under a name of its own.

    Hundreds of calls a day when blatant; when subtle ten to thirty, on some days.
    """
    name = f"plugin:{birth.rng.choice(WORDS)}-{''.join(birth.rng.choices(LETTERS, k=5))}"
    return _pretending(birth, lambda own: replace(own, client=name))


def false_app(birth: Birth) -> Inhabitant:
    """Make somebody with a program that calls itself the platform's app but is none, by its agent or its TLS.

    It leaves its library's agent when blatant; when subtle only the TLS is not the app's.
    """
    other, real = programs.library(birth.rng), phone(birth.rng)
    while real.client == "android" and other.user_agent.startswith("okhttp"):
        other = programs.library(birth.rng)
    copied = birth.rng.random() < chosen(birth, blatant=0.1, clear=0.5, subtle=0.95)
    agent = real.user_agent if copied else other.user_agent
    false = Device(None, real.client, agent, other.tls_fingerprint)
    return _pretending(birth, lambda _own: false)


def false_browser(birth: Birth) -> Inhabitant:
    """Make somebody with a third-party client that writes a browser's agent over its library's TLS.

    Hundreds of calls a day when blatant; when subtle ten to thirty, at a person's pace.
    """
    masked = programs.masked(birth.rng)
    return _pretending(birth, lambda _own: masked)


def _pretending(birth: Birth, of: Callable[[Device], Device]) -> Inhabitant:
    """Make somebody who lives as others do, and has a second client at home made `of` the own browser."""
    rng, account = birth.rng, birth.account()
    person = households.with_one_device(birth.pools, households.some_city(rng), rng)
    home = replace(person.home, lease_days=lines.FOREVER_DAYS, blocks6=())
    person = replace(person, home=home)
    life, client = innocent(account, person), of(person.at_home)
    spot = Spot(home.city, home.address(0, rng))
    calls = counted(birth, blatant=(200, 700), clear=(50, 160), subtle=(10, 30))
    pace = Pace(
        drawn(birth, blatant=(1_500, 5_000), clear=(5_000, 20_000), subtle=(20_000, 60_000)), spread=0.9
    )
    often, starts = chosen(birth, blatant=1.0, clear=0.85, subtle=0.65), rng.randrange(3)

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        yield from life.plan(day, Random(rng.getrandbits(64)))
        if day.index >= starts and rng.random() < often:
            limit = round(calls * rng.uniform(0.6, 1.4))
            hour = rng.uniform(18.5, 20.5) if not day.weekend else rng.uniform(9.0, 19.0)
            span = stretch(day, hour, limit * pace.gap_ms * 1.6 / 60_000)
            walk = Walk(rng.randrange(site.THINGS), both=True, listed=9)
            yield run(client, spot, span, Harvest(walk, pace, login=True, limit=limit), rng, account=account)

    charge = Charge(
        account_subject(account),
        "unauthorized_client",
        birth.difficulty,
        also=("crawler",),
        alternatives=(*networks(spot), *programs.of_device(client)),
    )
    return Inhabitant(accounts=(account,), plan=plan, charges=(charge,))

"""The innocent, easy and hard: how each kind is made."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from detector.scoring.labels import Subject
from detector.simulate.world import households, lines
from detector.simulate.world.inhabitants import Birth, Grant, Inhabitant, innocent
from detector.simulate.world.people import Habits
from detector.simulate.world.tools import Refresh
from detector.simulate.world.visits import Day, Visit

OFFICES_A_DECK = 2
LATEST_TAB_H = 14.0


def one_device(birth: Birth) -> Inhabitant:
    """Make somebody with a laptop at home and at work."""
    person = households.with_one_device(birth.pools, households.some_city(birth.rng), birth.rng)
    return innocent(birth.account(product=_product(birth.rng)), person)


def several_devices(birth: Birth) -> Inhabitant:
    """Make somebody with laptop, office desktop and phone, at times two of them at once."""
    person = households.with_devices(birth.pools, households.some_city(birth.rng), birth.rng)
    return innocent(birth.account(product=_product(birth.rng)), person)


def commuter(birth: Birth) -> Inhabitant:
    """Make somebody who uses two neighbouring cities every working day, and a phone on the way."""
    return innocent(birth.account(), households.commuter(birth.pools, birth.rng))


def traveller(birth: Birth) -> Inhabitant:
    """Make somebody who is in far cities for days at a time, at the speed of trains and aeroplanes."""
    return innocent(birth.account(), households.traveller(birth.pools, birth.rng))


def carrier_phone(birth: Birth) -> Inhabitant:
    """Make somebody with a phone whose gateways, always others, the databases place in other cities."""
    person = households.with_phone_only(birth.pools, households.some_city(birth.rng), birth.rng)
    return innocent(birth.account(), person)


def office(birth: Birth) -> Inhabitant:
    """Make one of many seats of one organisation behind one address."""
    number = birth.number % OFFICES_A_DECK
    line = [
        lines.office_line(birth.pools, households.some_city(birth.deck_rng), birth.deck_rng)
        for _ in range(OFFICES_A_DECK)
    ][number]
    account = birth.account(product="youcloud365", org_id=f"org{birth.deck:05d}-{number}", role="seat")
    return innocent(
        account,
        households.office_worker(birth.pools, line, birth.rng),
        quiet=(Subject(type="network", id=line.address(0, Random(0))),),
    )


def forgetter(birth: Birth) -> Inhabitant:
    """Make somebody who forgets the password every few days, tries some, and often sets a new one."""

    def habits(day: Day, rng: Random) -> Habits:
        if day.index > 0 and rng.random() > 0.3:  # noqa: PLR2004 - share of days with a forgotten password
            return Habits()
        return Habits(failures=rng.randrange(3, 8), new_password=rng.random() < 0.5)  # noqa: PLR2004 - every other

    person = households.with_one_device(birth.pools, households.some_city(birth.rng), birth.rng)
    return innocent(birth.account(), person, habits=habits, busier=1.5)


def newcomer(birth: Birth) -> Inhabitant:
    """Make somebody who registers on one of the first days, and has no habits yet."""
    joins = birth.rng.randrange(2)
    person = households.with_one_device(birth.pools, households.some_city(birth.rng), birth.rng)
    regular = innocent(
        birth.account(), person, habits=lambda day, _rng: Habits(registers=day.index == joins), busier=2.0
    )

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        return () if day.index < joins else regular.plan(day, rng)

    return replace(regular, plan=plan)


def open_dashboard(birth: Birth) -> Inhabitant:
    """Make somebody who leaves a page open that asks for news every minute, as regular as a program."""
    person = households.with_one_device(birth.pools, households.some_city(birth.rng), birth.rng)
    regular = innocent(birth.account(), person, busier=2.0)

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        browsed = list(regular.plan(day, rng))
        if browsed and browsed[0].end_ms < day.at_ms(LATEST_TAB_H) and not day.weekend:
            opened = browsed[0]
            closes_ms = day.at_ms(17.0 + rng.random())
            tab = Refresh()
            browsed.append(
                replace(opened, start_ms=opened.end_ms, end_ms=closes_ms, script=tab, seed=opened.seed ^ 1)
            )
        return browsed

    return replace(regular, plan=plan)


def allowed_cloud_desktop(birth: Birth) -> Inhabitant:
    """Make somebody who works on a cloud desktop whose address the account's entitlement allows."""
    person = households.cloud_desktop_user(birth.pools, birth.rng)
    account, address = birth.account(), person.work.address(0, Random(0))
    entry = {"kind": "ip", "value": address, "reason": "cloud desktop", "author": "support"}
    allow = [entry | {"for": ["datacenter_access"]}]
    return innocent(account, person, grants=(Grant(account.account_id, {"allow": allow}),))


def _product(rng: Random) -> str:
    return rng.choices(("youcloud", "inspiration", "ai-create"), (70, 18, 12))[0]

"""Innocent organisations: many seats behind one address, an administrator, a seat handed on."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from random import Random
from typing import TypeAlias

from detector.scoring.labels import Subject
from detector.simulate.world import devices, households, lines, settling
from detector.simulate.world.changes import Changed
from detector.simulate.world.inhabitants import Birth, Dweller, Grant, Inhabitant, innocent
from detector.simulate.world.lines import Line
from detector.simulate.world.people import Stay
from detector.simulate.world.residents import Resident
from detector.simulate.world.visits import Account, Day, Visit

Settle: TypeAlias = Callable[[Random], Dweller]


def organisation(
    birth: Birth,
    size: int,
    settle: Settle,
    *,
    quiet: tuple[Line, ...] = (),
    spare: int = 0,
) -> Inhabitant:
    """Make an organisation of `size` seats, one person each, and `spare` seats that nobody has yet."""
    people = [settle(birth.rng) for _ in range(size)]
    return of_people(birth, people, quiet=quiet, spare=spare)


def of_people(
    birth: Birth, people: Sequence[Dweller], *, quiet: tuple[Line, ...] = (), spare: int = 0
) -> Inhabitant:
    """Make an organisation of these people, one seat each; the first may be its administrator."""
    org = birth.name("org")
    seats = [seat(birth, n, org) for n in range(len(people))]
    lives = [innocent(account, person) for account, person in zip(seats, people, strict=True)]
    return Inhabitant(
        accounts=tuple(seats),
        plan=side_by_side(lives),
        quiet=(Subject(type="org", id=org), *map(network, quiet)),
        grants=(Grant(f"org:{org}", {"seats": len(seats) + spare}),),
    )


def seat(birth: Birth, index: int, org: str, role: str = "seat") -> Account:
    """Return one of an organisation's accounts."""
    return birth.account(index, product="youcloud365", org_id=org, role=role)


def network(line: Line) -> Subject:
    """Return a lasting line's address as the subject of a label."""
    return Subject(type="network", id=line.address(0, Random(0)))


def side_by_side(lives: Sequence[Inhabitant]) -> Callable[[Day, Random], Iterable[Visit]]:
    """Return a plan of everybody's days, each drawn apart from the others'."""

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        for number, life in enumerate(lives):
            yield from life.plan(day, Random(f"{rng.getrandbits(64)}/{number}"))

    return plan


def office(birth: Birth) -> Inhabitant:
    """Make an organisation whose colleagues share one address at work."""
    line = lines.office_line(birth.pools, households.some_city(birth.rng), birth.rng)
    return organisation(
        birth,
        birth.rng.randrange(6, 31),
        lambda rng: settling.colleague(birth.pools, line, rng),
        quiet=(line,),
        spare=birth.rng.randrange(6),
    )


def organisation_admin(birth: Birth) -> Inhabitant:
    """Make a small organisation whose administrator works in several places at once.

    A desktop and a meeting room's screen in the office, a laptop and a phone wherever the administrator is.
    """
    rng = birth.rng
    line = lines.office_line(birth.pools, households.some_city(rng), rng)
    people: list[Dweller] = [settling.colleague(birth.pools, line, rng) for _ in range(rng.randrange(3, 9))]
    firm = of_people(birth, people, quiet=(line,))
    admin = seat(birth, 0, firm.accounts[0].org_id or "", role="admin")
    restless = _Restless(settling.with_all(birth.pools, line.city, rng), line, devices.browser(rng))
    others = [innocent(a, p) for a, p in zip(firm.accounts[1:], people[1:], strict=True)]
    return replace(
        firm,
        accounts=(admin, *firm.accounts[1:]),
        plan=side_by_side([innocent(admin, restless), *others]),
    )


class _Restless:
    """An administrator: at the own desk, at the screen of the meeting room, and at home in the evening."""

    def __init__(self, person: Resident, office: Line, screen: devices.Device) -> None:
        self.person = replace(person, work=office, presence=0.97, weekend=0.5, overtime=0.4)
        self.office, self.screen = office, screen
        self.busy = 1.5 * person.busy

    def stays(self, day: Day, rng: Random) -> list[Stay]:
        """See `Dweller.stays`."""
        stays = self.person.stays(day, rng)
        if not stays or day.off or rng.random() < 0.5:  # noqa: PLR2004 - meetings every other day
            return stays
        start_h = rng.uniform(9.5, 16.5)
        return [*stays, Stay(start_h, start_h + 1.5, self.office, self.screen, 1.2, self.office.city)]


def seat_handed_over(birth: Birth) -> Inhabitant:
    """Make an organisation where one leaves and a new employee, with other devices, gets the seat.

    The entitlement names the new holder on the day, some days late, or never.
    """
    rng = birth.rng
    line = lines.office_line(birth.pools, households.some_city(rng), rng)
    people: list[Dweller] = [settling.colleague(birth.pools, line, rng) for _ in range(rng.randrange(3, 9))]
    day = rng.randrange(3, 15)
    people[0] = Changed(people[0], settling.colleague(birth.pools, line, rng), day)
    firm = of_people(birth, people, quiet=(line,))
    told = rng.choice((day - 0.1, day - 0.1, day + 3.4, None))
    key, old, new = firm.accounts[0].account_id, birth.name("h", 0), birth.name("h", 1)
    holders = [Grant(key, {"holder": old})] + (
        [Grant(key, {"holder": new}, told)] if told is not None else []
    )
    return replace(firm, grants=(*firm.grants, *holders))

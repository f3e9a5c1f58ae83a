"""Innocent at home: accounts on one line, a move, a line dialled anew or misplaced, IPv6 beside IPv4."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from detector.simulate.people.everyday import personal
from detector.simulate.world import access, devices, households, lines, settling
from detector.simulate.world.changes import Changed
from detector.simulate.world.inhabitants import Birth, Inhabitant, innocent
from detector.simulate.world.people import Stay
from detector.simulate.world.visits import Day, Visit


def family_line(birth: Birth) -> Inhabitant:
    """Make two to four people with an account each on one line; two of them also use the same tablet."""
    rng = birth.rng
    city = households.some_city(rng)
    line, tablet = access.broadband(birth.pools, city, rng), devices.browser(rng)
    family = [
        innocent(birth.account(n), replace(settling.anybody(birth.pools, city, rng), home=line))
        for n in range(rng.randrange(2, 5))
    ]
    lives = [
        innocent(one.accounts[0], _Evenings(line, tablet)) if n < 2 else None  # noqa: PLR2004 - the two of them
        for n, one in enumerate(family)
    ]

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        turn = rng.randrange(2)
        for number, (one, life) in enumerate(zip(family, lives, strict=True)):
            own = Random(f"{day.index}/{rng.getrandbits(64)}")
            yield from one.plan(day, own)
            if life is not None and number == turn:
                yield from life.plan(day, own)

    return Inhabitant(accounts=tuple(one.accounts[0] for one in family), plan=plan)


class _Evenings:
    """The evenings that somebody spends with the tablet."""

    busy = 1.0

    def __init__(self, line: lines.Line, tablet: devices.Device) -> None:
        self.line, self.tablet = line, tablet

    def stays(self, _day: Day, rng: Random) -> list[Stay]:
        """See `Dweller.stays`."""
        start_h = rng.uniform(19.5, 21.5)
        return [Stay(start_h, start_h + 1.2, self.line, self.tablet, 0.7, self.line.city)]


def house_move(birth: Birth) -> Inhabitant:
    """Make somebody who moves house with all devices, within the city or to another one, and stays."""
    rng = birth.rng
    person = settling.somewhere(birth.pools, rng)
    far = rng.random() < 0.4  # noqa: PLR2004 - share who change the city, and with it the office
    city = households.far_city(rng, person.home.city) if far else person.home.city
    moved = replace(person, home=access.broadband(birth.pools, city, rng))
    if far:
        moved = replace(
            moved,
            work=lines.office_line(birth.pools, city, rng),
            mobile=replace(person.mobile, city=city),  # the number, and so the gateways, are kept
        )
    return personal(birth, Changed(person, moved, rng.randrange(3, 15)))


def redialled_line(birth: Birth) -> Inhabitant:
    """Make somebody whose line at home gets another address several times a day."""
    person = settling.somewhere(birth.pools, birth.rng)
    line = access.redialled(birth.pools, person.home.city, birth.rng)
    return personal(birth, replace(person, home=line, from_home=0.5, weekend=0.7))


def dual_stack(birth: Birth) -> Inhabitant:
    """Make somebody at home on IPv4 and IPv6, which the databases place in different cities."""
    rng = birth.rng
    person = settling.somewhere(birth.pools, rng)
    blocks = [b for carrier in sorted(birth.pools.broadband6) for b in birth.pools.broadband6[carrier]]
    home = replace(person.home, blocks6=(rng.choice(blocks),) if blocks else (), visits6=0.5)
    return personal(birth, replace(person, home=home, from_home=0.4, weekend=0.6))


def misplaced_home(birth: Birth) -> Inhabitant:
    """Make somebody whose home the database puts into another province, and the office where it is."""
    rng = birth.rng
    person = settling.somewhere(birth.pools, rng)
    line = access.misplaced(birth.pools, person.home.city, rng)
    return personal(birth, replace(person, home=line, from_home=0.2, weekend=0.5))

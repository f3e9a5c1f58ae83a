"""The innocent as most are: their devices, a commute, journeys, a forgotten password, odd hours."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random

from detector.simulate.world import households, lines, settling
from detector.simulate.world.changes import Changed, Otherwise, with_visits
from detector.simulate.world.devices import Device
from detector.simulate.world.inhabitants import Birth, Dweller, Inhabitant, innocent
from detector.simulate.world.people import Habits, Stay
from detector.simulate.world.places import CITY, COMMUTES
from detector.simulate.world.residents import Resident, surely
from detector.simulate.world.tools import Refresh
from detector.simulate.world.travellers import Traveller
from detector.simulate.world.visits import Day, Visit

LATEST_TAB_H = 15.0
NIGHT_H = 22.0


def personal(birth: Birth, person: Dweller) -> Inhabitant:
    """Make the holder of a personal account."""
    return innocent(birth.account(), person)


def one_device(birth: Birth) -> Inhabitant:
    """Make somebody with one laptop, at home and at work."""
    return personal(birth, settling.with_laptop(birth.pools, households.some_city(birth.rng), birth.rng))


def several_devices(birth: Birth) -> Inhabitant:
    """Make somebody with computers at home and in the office and a phone, at times two of them at once."""
    return personal(birth, settling.with_all(birth.pools, households.some_city(birth.rng), birth.rng))


def commuter(birth: Birth) -> Inhabitant:
    """Make somebody who lives in one city and works in its neighbour."""
    home, work = birth.rng.choice(COMMUTES)
    person = settling.anybody(birth.pools, CITY[home], birth.rng)
    office = lines.office_line(birth.pools, CITY[work], birth.rng)
    return personal(birth, replace(person, work=office, presence=max(person.presence, 0.7)))


def traveller(birth: Birth) -> Inhabitant:
    """Make somebody who is in far cities for days at a time, by train or aeroplane."""
    return personal(birth, journeys(birth, birth.rng.randrange(5, 16)))


def journeys(birth: Birth, cycle_days: int) -> Traveller:
    """Make a traveller who leaves every `cycle_days` days."""
    rng = birth.rng
    person = settling.with_laptop_and_phone(birth.pools, households.some_city(rng), rng)
    there = [
        settling.away(birth.pools, person, households.far_city(rng, person.home.city), rng) for _ in range(3)
    ]
    return Traveller(f"{rng.getrandbits(64):016x}", person, tuple(there), cycle_days)


def holiday_traveller(birth: Birth) -> Inhabitant:
    """Make somebody who spends one week with parents in another province, and works little there."""
    rng = birth.rng
    person = settling.with_laptop_and_phone(birth.pools, households.some_city(rng), rng)
    there = settling.away(birth.pools, person, households.far_city(rng, person.home.city), rng)
    idle = replace(there, presence=0.5, from_home=1.0, busy=0.6 * person.busy)
    leaves = rng.randrange(1, 12)
    on_the_way = Otherwise(person, lambda _stays, _day, _rng: [])
    back = Changed(on_the_way, person, leaves + 9)
    away = Changed(Changed(on_the_way, idle, leaves + 1), back, leaves + 8)
    return personal(birth, Changed(person, away, leaves))


def carrier_phone(birth: Birth) -> Inhabitant:
    """Make somebody with a phone only, whose gateways the databases place in other cities."""
    return personal(birth, settling.with_phone(birth.pools, households.some_city(birth.rng), birth.rng))


def forgetter(birth: Birth) -> Inhabitant:
    """Make somebody who forgets the password every week or so, tries some, and often sets a new one."""
    share = birth.rng.uniform(0.15, 0.4)

    def habits(_day: Day, rng: Random) -> Habits:
        if rng.random() > share:
            return Habits()
        return Habits(failures=rng.randrange(2, 9), new_password=rng.random() < 0.5)  # noqa: PLR2004 - every other

    person = settling.somewhere(birth.pools, birth.rng)
    return innocent(birth.account(), person, habits=habits)


def newcomer(birth: Birth) -> Inhabitant:
    """Make somebody who registers within the first fortnight, and has no habits yet."""
    joins = birth.rng.randrange(14)
    person, account = settling.somewhere(birth.pools, birth.rng), birth.account()
    settled = innocent(account, replace(person, presence=birth.rng.betavariate(3, 3), weekend=0.2))

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        if day.index > joins:
            return settled.plan(day, rng)
        if day.index < joins:
            return ()
        return surely(account, person, day, rng, Habits(registers=True))

    return replace(settled, plan=plan)


def open_dashboard(birth: Birth) -> Inhabitant:
    """Make somebody who leaves a page open in the office that asks for news while its owner is at home."""
    rng = birth.rng
    person = settling.with_all(birth.pools, households.some_city(rng), rng)
    person = replace(person, busy=max(person.busy, 1.1), from_home=0.0, overtime=0.1)
    over_night, gap_ms = rng.random() < 0.6, rng.choice((15_000, 30_000, 60_000, 300_000))  # noqa: PLR2004 - mostly

    def open_tab(planned: list[Visit], day: Day, rng: Random) -> list[Visit]:
        at_desk = [v for v in planned if v.device.device_id == person.at_work.device_id]
        if not at_desk or at_desk[-1].start_ms < day.at_ms(LATEST_TAB_H):
            return planned
        last = at_desk[-1]
        hours = rng.uniform(3.0, 14.0) if over_night else rng.uniform(0.5, 3.0)
        tab = replace(
            last,
            start_ms=last.end_ms,
            end_ms=last.end_ms + int(hours * 3_600_000),
            script=Refresh(gap_ms=gap_ms),
            seed=last.seed ^ 1,
        )
        return [*planned, tab]

    return with_visits(personal(birth, person), open_tab)


@dataclass(frozen=True, slots=True)
class Shifts:
    """Early, late and night shifts of eight hours: `weeks` after one another, then two days off in eight."""

    person: Resident
    weeks: tuple[float, ...]
    phase: int

    @property
    def busy(self) -> float:
        """See `Dweller.busy`."""
        return self.person.busy

    def stays(self, day: Day, rng: Random) -> list[Stay]:
        """See `Dweller.stays`."""
        number = day.index + self.phase
        if number % 8 >= 6:  # noqa: PLR2004 - six days of work, two off
            return self.person.stays(day, rng) if rng.random() < self.person.weekend else []
        start_h = self.weeks[number // 8 % len(self.weeks)] + rng.gauss(0, 0.15)
        person, city = self.person, self.person.work.city
        stays = [
            Stay(start_h + 0.3, start_h + 3.8, person.work, person.at_work, 1.5, city),
            Stay(start_h + 4.5, start_h + 7.8, person.work, person.at_work, 1.4, city),
        ]
        if start_h >= NIGHT_H:
            return stays
        return [*stays, Stay(start_h + 9.0, start_h + 11.0, person.home, _own(person), 0.4, person.home.city)]


def _own(person: Resident) -> Device:
    return person.at_home if person.phone is None else person.phone


def shift_worker(birth: Birth) -> Inhabitant:
    """Make somebody who works nights, or early, late and night shifts by turns."""
    rng = birth.rng
    person = settling.with_all(birth.pools, households.some_city(rng), rng)
    weeks = rng.choice(((22.0,), (6.0, 14.0, 22.0), (8.0, 20.0)))
    return personal(birth, Shifts(person, weeks, rng.randrange(24)))

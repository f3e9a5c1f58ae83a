"""Residents: people of a whole population, with their weeks: days without use, overtime, work from home."""

from dataclasses import dataclass, replace
from random import Random

from detector.simulate.world import devices
from detector.simulate.world.devices import Device
from detector.simulate.world.lines import Line
from detector.simulate.world.people import Habits, Stay, visits
from detector.simulate.world.visits import Account, Day, Visit

RELEASE_DAYS = 28  # Chromium, Edge and Firefox bring a version every four weeks (chromiumdash.appspot.com)


@dataclass(frozen=True, slots=True)
class Resident:
    """One human being's lines, devices and way of working; see `people.Person`.

    `presence` and `weekend` are the shares of working days and of days off with any use; `overtime` and
    `from_home` are shares of working days. `updates`: browser and app move on with their releases.
    """

    home: Line
    work: Line
    mobile: Line
    at_home: Device
    at_work: Device
    phone: Device | None = None
    shift_h: float = 0.0
    busy: float = 1.0
    presence: float = 0.9
    weekend: float = 0.35
    overtime: float = 0.2
    from_home: float = 0.05
    updates: bool = True

    def stays(self, day: Day, rng: Random) -> list[Stay]:
        """See `Person.stays`; none on a day without use."""
        if rng.random() >= (self.weekend if day.off else self.presence):
            return []
        if day.off:
            stays = self._free()
        elif rng.random() < self.from_home:
            stays = self._from_home()
        else:
            stays = self._office(rng)
        shift = self.shift_h + rng.gauss(0, 0.25)
        moved = (self._as_of(day, s, shift) for s in stays if s.visits > 0)
        return sorted(moved, key=lambda s: s.start_h)

    def _as_of(self, day: Day, stay: Stay, shift: float) -> Stay:
        device = stay.device
        if self.updates:
            steps = (day.index + release_phase(device)) // RELEASE_DAYS
            device = devices.updated(device, steps)
        return stay._replace(start_h=stay.start_h + shift, end_h=stay.end_h + shift, device=device)

    def _office(self, rng: Random) -> list[Stay]:
        late = rng.random() < self.overtime
        desk, city = self.at_work, self.work.city
        stays = [
            Stay(8.8, 12.0, self.work, desk, 1.4, city),
            Stay(13.3, 18.3, self.work, desk, 1.8, city),
            Stay(18.8, 20.9, self.work, desk, 0.8 if late else 0.0, city),
            Stay(19.6, 22.6, self.home, self.at_home, 0.0 if late else 0.4, self.home.city),
        ]
        if self.phone is None:
            return stays
        # At the desk the phone is in the office's wireless network or stays with its carrier.
        wireless = self.work if rng.random() < 0.5 else self.mobile  # noqa: PLR2004 - as often the one as the other
        return [
            *stays,
            Stay(7.7, 8.7, self.mobile, self.phone, 0.3, self.home.city),
            Stay(9.2, 18.0, wireless, self.phone, 0.6, city),
            Stay(12.0, 13.2, self.mobile, self.phone, 0.2, city),
            Stay(21.2, 23.0, self.home, self.phone, 0.3, self.home.city),
        ]

    def _from_home(self) -> list[Stay]:
        city = self.home.city
        stays = [
            Stay(9.2, 12.2, self.home, self.at_home, 1.3, city),
            Stay(13.5, 18.5, self.home, self.at_home, 1.7, city),
        ]
        return stays if self.phone is None else [*stays, Stay(18.8, 22.8, self.home, self.phone, 0.5, city)]

    def _free(self) -> list[Stay]:
        city = self.home.city
        stays = [
            Stay(9.5, 13.5, self.home, self.at_home, 0.6, city),
            Stay(17.5, 22.5, self.home, self.at_home, 0.7, city),
        ]
        return stays if self.phone is None else [*stays, Stay(13.8, 17.2, self.mobile, self.phone, 0.5, city)]


def surely(
    account: Account, person: Resident, day: Day, rng: Random, habits: Habits | None = None
) -> list[Visit]:
    """Plan a day on which this person comes for certain, be it for once in the evening."""
    habits = Habits() if habits is None else habits
    present = replace(person, presence=1.0, weekend=1.0)
    planned = list(visits(account, present.stays(day, rng), day, rng, habits, person.busy))
    if any(visit.device.client == "web" for visit in planned) or person.at_home.client != "web":
        return planned
    evening = Stay(19.5, 22.5, person.home, person.at_home, 100.0, person.home.city)
    return [*planned, *list(visits(account, [evening], day, rng, habits))[:1]]


def release_phase(device: Device) -> int:
    """Return how many days before the history's start this device last moved on a version."""
    return int(device.device_id[:6], 16) % RELEASE_DAYS if device.device_id is not None else 0

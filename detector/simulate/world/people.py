"""People: where they are at what hour of the day, and the visits that come of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from detector.simulate.world.devices import Device
from detector.simulate.world.lines import Line
from detector.simulate.world.places import City
from detector.simulate.world.sessions import Browse
from detector.simulate.world.visits import Account, Day, Visit

SESSION_DAYS = 14
NEW_DAYS = 3  # in which a new app logs in every day: some are spent without it


class Stay(NamedTuple):
    """From `start_h` to `end_h` (local hours) at one line with one device; `visits` are to be expected."""

    start_h: float
    end_h: float
    line: Line
    device: Device
    visits: float
    city: City


@dataclass(frozen=True, slots=True)
class Person:
    """One human being's lines and devices; `shift_h` is how much later than others the day goes.

    `busy` scales how often the platform is used.
    """

    home: Line
    work: Line
    mobile: Line
    at_home: Device
    at_work: Device
    phone: Device | None
    shift_h: float
    busy: float = 1.0

    def stays(self, day: Day, rng: Random) -> list[Stay]:
        """Say where this person uses the platform on a day, by the hours of China's office life."""
        shift = self.shift_h + rng.gauss(0, 0.2)
        stays = self._weekend() if day.off else self._workday(rng)
        moved = (s._replace(start_h=s.start_h + shift, end_h=s.end_h + shift) for s in stays)
        return sorted(moved, key=lambda s: s.start_h)

    def _workday(self, rng: Random) -> list[Stay]:
        evening = 0.9 if rng.random() < 0.5 else 0.1  # noqa: PLR2004 - every other evening
        stays = [
            Stay(8.8, 12.0, self.work, self.at_work, 1.4, self.work.city),
            Stay(13.3, 18.3, self.work, self.at_work, 1.8, self.work.city),
            Stay(19.6, 22.6, self.home, self.at_home, evening, self.home.city),
        ]
        if self.phone is None:
            return stays
        # At the desk the phone is in the office's wireless network or stays with its carrier.
        desk = self.work if rng.random() < 0.5 else self.mobile  # noqa: PLR2004 - as often the one as the other
        here, mobile = self.work.city, self.mobile
        return [
            *stays,
            Stay(7.7, 8.7, mobile, self.phone, 0.3, self.home.city),
            Stay(9.2, 11.9, desk, self.phone, 0.3, here),
            Stay(12.0, 13.2, mobile, self.phone, 0.3, here),
            Stay(13.4, 18.0, desk, self.phone, 0.4, here),
            Stay(18.6, 19.4, mobile, self.phone, 0.4, self.home.city),
        ]

    def _weekend(self) -> list[Stay]:
        city = self.home.city
        stays = [
            Stay(9.5, 13.5, self.home, self.at_home, 0.5, city),
            Stay(17.5, 22.5, self.home, self.at_home, 0.6, city),
        ]
        if self.phone is not None:
            stays.append(Stay(14.0, 17.0, self.mobile, self.phone, 0.4, city))
        return stays


@dataclass(frozen=True, slots=True)
class Habits:
    """What a person's visits are like beside their hours."""

    median_minutes: float = 11.0
    affair: int | None = None
    failures: int = 0
    new_password: bool = False
    registers: bool = False


def visits(
    account: Account, stays: list[Stay], day: Day, rng: Random, habits: Habits, busy: float = 1.0
) -> Iterator[Visit]:
    """Plan visits one after the other within each stay, none beyond its end.

    The first visit of a browser's day logs in, an app's only every two weeks; trouble with the password and
    registration belong to the first visit of all.
    """
    opened: dict[str | None, str] = {}
    first = True
    for stay in stays:
        hour, gap_h = stay.start_h, (stay.end_h - stay.start_h) / max(stay.visits * busy, 0.01)
        hour += rng.expovariate(1 / gap_h)
        while hour < stay.end_h - 0.02:
            minutes = habits.median_minutes * rng.lognormvariate(0, 0.7)
            end_h = min(hour + minutes / 60, stay.end_h)
            trouble = habits if first else Habits()
            session, login = _session(stay.device, day, opened, rng)
            login = login or trouble.failures > 0 or trouble.registers
            yield Visit(
                account=account,
                device=stay.device,
                city=stay.city,
                ip=stay.line.address(day.index + hour / 24, rng, stay.device.device_id or ""),
                session_id=session,
                start_ms=day.at_ms(hour),
                end_ms=day.at_ms(end_h),
                script=Browse(
                    login=login,
                    logout=_leaves(stay.device, opened, rng),
                    failures=trouble.failures,
                    new_password=trouble.new_password,
                    registers=trouble.registers,
                ),
                seed=rng.getrandbits(64),
                affair=habits.affair,
            )
            first = False
            hour = end_h + 0.03 + rng.expovariate(1 / gap_h)


def _session(device: Device, day: Day, opened: dict[str | None, str], rng: Random) -> tuple[str, bool]:
    """Return the session to use and whether it must be opened by a login."""
    known = opened.get(device.device_id)
    if known is not None:
        return known, False
    if device.lasting_session:
        age = day.index + sum(map(ord, device.device_id or ""))
        new = device.since_day is not None and 0 <= day.index - device.since_day < NEW_DAYS
        session = f"{Random(f'{device.device_id}/{age // SESSION_DAYS}').getrandbits(64):016x}"
        opened[device.device_id] = session
        return session, new or age % SESSION_DAYS == 0
    session = opened[device.device_id] = f"{rng.getrandbits(64):016x}"
    return session, True


def _leaves(device: Device, opened: dict[str | None, str], rng: Random) -> bool:
    """Draw whether the visit ends with a logout, after which the next one has to log in."""
    if device.lasting_session or rng.random() > 0.2:  # noqa: PLR2004 - share of visits that end with a logout
        return False
    del opened[device.device_id]
    return True

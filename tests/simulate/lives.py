"""Inhabitants of one profile, and their visits and events over days, for the tests of profiles."""

from collections.abc import Callable, Iterator
from random import Random

from detector.simulate.world.inhabitants import Birth, Inhabitant
from detector.simulate.world.pools import Pools
from detector.simulate.world.visits import DAY_MS, Day, Event, Visit

MONDAY_MS = 1_780_243_200_000  # 2026-06-01T00:00:00+08:00

Build = Callable[[Birth], Inhabitant]


def born(build: Build, pools: Pools, difficulty: str = "", number: int = 0) -> Inhabitant:
    """One inhabitant of a profile; another number, another inhabitant."""
    return build(
        Birth(
            number=number,
            rng=Random(f"birth/{number}"),
            pools=pools,
            deck=0,
            deck_rng=Random("deck"),
            difficulty=difficulty,
            plain_ids=False,
        )
    )


def some(build: Build, pools: Pools, difficulty: str = "", count: int = 8) -> list[Inhabitant]:
    """Several inhabitants of a profile."""
    return [born(build, pools, difficulty, number) for number in range(count)]


def days(count: int, first: int = 0) -> Iterator[Day]:
    """Days from number `first` on; the history began on a Monday."""
    for index in range(first, first + count):
        yield Day(index=index, start_ms=MONDAY_MS + index * DAY_MS)


def visits(who: Inhabitant, count: int = 14, first: int = 0) -> list[Visit]:
    """What is planned on some days, in order of time."""
    planned = (visit for day in days(count, first) for visit in who.plan(day, Random(f"day/{day.index}")))
    return sorted(planned, key=lambda visit: visit.start_ms)


def events(who: Inhabitant, count: int = 14, first: int = 0) -> list[Event]:
    """What happens on some days, in order of event time."""
    dated = sorted(dated for visit in visits(who, count, first) for dated in visit.events())
    return [event for _, _, event in dated]


def abuse(planned: list[Visit]) -> list[Visit]:
    """The visits that a charge is about."""
    return [visit for visit in planned if visit.affair is not None]


def day_of(visit: Visit) -> int:
    """The number of a visit's day."""
    return (visit.start_ms - MONDAY_MS) // DAY_MS


def accounts(planned: list[Visit]) -> set[str]:
    """The accounts that are used."""
    return {visit.account.account_id for visit in planned if visit.account is not None}

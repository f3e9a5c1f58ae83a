"""Crawlers with an account: fast ones, slow ones, sleepless ones, driven browsers."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TypeAlias

from detector.scoring.labels import Subject
from detector.simulate.programs import programs
from detector.simulate.programs.crawling import PAGE_FORMS, Harvest, Rendered, Walk
from detector.simulate.programs.hideouts import Spot, den, networks
from detector.simulate.programs.pace import Pace
from detector.simulate.programs.runs import hourly, new_session, run, stretch
from detector.simulate.world import households, lines, site
from detector.simulate.world.devices import Device
from detector.simulate.world.inhabitants import Birth, Charge, Inhabitant, account_subject, innocent
from detector.simulate.world.strength import chosen, counted, drawn
from detector.simulate.world.visits import Account, Day, Visit

Work: TypeAlias = tuple[tuple[int, int], Harvest | Rendered]
"""A stretch [start, end) in Unix ms, and what is done in it."""
Shift: TypeAlias = Callable[[Day, Random], Iterable[Work]]
FAST_MS = 600.0
FAST_SHARE_OF_DAYS = 0.85


def fast_crawler(birth: Birth) -> Inhabitant:
    """Make a crawler that takes hundreds or thousands of things in bursts.

    Two requests a second and more when blatant; when subtle a page every few seconds, with rests, by day.
    """
    gap_ms = drawn(birth, blatant=(250, 800), clear=(900, 2_500), subtle=(2_500, 6_000))
    bursts = chosen(birth, blatant=(2, 5), clear=(1, 4), subtle=(1, 3))
    first, by_day = birth.rng.randrange(site.THINGS), chosen(birth, blatant=0.2, clear=0.5, subtle=0.9)
    rests = chosen(birth, blatant=0.0, clear=0.01, subtle=0.05)
    pace = Pace(gap_ms, spread=chosen(birth, blatant=0.35, clear=0.5, subtle=0.8))
    size = counted(birth, blatant=(1_200, 4_000), clear=(400, 1_200), subtle=(120, 400))

    def shift(day: Day, rng: Random) -> Iterable[Work]:
        if rng.random() > FAST_SHARE_OF_DAYS:
            return
        for number in range(rng.randrange(*bursts)):
            hours = (8.5, 21.0) if rng.random() < by_day else (0.0, 23.0)
            things = round(size * rng.uniform(0.6, 1.4))
            minutes = things * (1.3 * gap_ms / 60_000 + 1.2 * rests)
            walk = Walk(first + day.index * 20_000 + number * 5_000)
            script = Harvest(walk, pace, login=True, limit=things, rest_share=rests, rest_ms=60_000.0)
            yield stretch(day, rng.uniform(*hours), minutes), script

    return _crawler(birth, programs.tool(birth), shift, also=("flooding",) if gap_ms < FAST_MS else ())


def slow_crawler(birth: Birth) -> Inhabitant:
    """Make a crawler that takes a page now and then, as regular as a clock, day and night.

    Every few seconds when blatant; when subtle every minute or two, and not at night.
    """
    gap_ms = drawn(birth, blatant=(5_000, 15_000), clear=(18_000, 50_000), subtle=(60_000, 160_000))
    pace = Pace(gap_ms, spread=chosen(birth, blatant=0.03, clear=0.1, subtle=0.2))
    begins_h, hours = chosen(
        birth, blatant=(0.0, 24), clear=(0.0, 24), subtle=(birth.rng.uniform(6.5, 8.5), 15)
    )
    return _steady(birth, pace, begins_h, hours, programs.tool(birth))


def sleepless_crawler(birth: Birth) -> Inhabitant:
    """Make a crawler that never sleeps and hides its beat: every gap is drawn anew.

    A page in ten seconds when blatant; when subtle one in a minute or two.
    """
    gap_ms = drawn(birth, blatant=(6_000, 12_000), clear=(15_000, 40_000), subtle=(45_000, 130_000))
    return _steady(birth, Pace(gap_ms, jitter=True), 0.0, 24, programs.tool(birth))


def headless_browser(birth: Birth) -> Inhabitant:
    """Make a browser that a program drives through the catalogue: it loads assets and data as browsers do.

    Hours of a page every two to five seconds when blatant; when subtle three to six hours of a page in half a
    minute, by day.
    """
    gap_ms = drawn(birth, blatant=(2_000, 5_000), clear=(6_000, 15_000), subtle=(15_000, 40_000))
    hours = drawn(birth, blatant=(1.5, 4), clear=(2, 5), subtle=(3, 6))
    pace = Pace(gap_ms, spread=chosen(birth, blatant=0.2, clear=0.35, subtle=0.5))
    hidden = birth.rng.random() < chosen(birth, blatant=0.3, clear=0.65, subtle=0.95)
    first, begins_h = birth.rng.randrange(site.THINGS), birth.rng.uniform(7.5, 24 - hours - 1)

    def shift(day: Day, rng: Random) -> Iterable[Work]:
        for number, span in enumerate(hourly(stretch(day, begins_h + rng.uniform(0, 1), hours * 60))):
            walk = Walk(first + day.index * 9_000 + number * 1_000, forms=PAGE_FORMS, gone=0.01)
            yield span, Rendered(walk, pace, login=number == 0)

    return _crawler(birth, programs.driven_browser(birth.rng, hidden=hidden), shift)


@dataclass(frozen=True, slots=True)
class _Owner:
    """The account's owner, who at times also uses it, and lends the home line to the program."""

    life: Inhabitant | None
    spot: Spot


def _steady(birth: Birth, pace: Pace, begins_h: float, hours: float, tool: Device) -> Inhabitant:
    first = birth.rng.randrange(site.THINGS)

    def shift(day: Day, _rng: Random) -> Iterable[Work]:
        for number, span in enumerate(hourly(stretch(day, begins_h, hours * 60))):
            walk = Walk(first + day.index * 18_000 + number * 720)
            yield span, Harvest(walk, pace, login=number == 0)

    return _crawler(birth, tool, shift)


def _crawler(birth: Birth, tool: Device, shift: Shift, also: Sequence[str] = ()) -> Inhabitant:
    """Make one account and its program; in some cases the owner uses the account as well."""
    account = birth.account()
    owner = _owner(birth, account)
    starts = birth.rng.randrange(3)

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        if owner.life is not None:
            yield from owner.life.plan(day, Random(rng.getrandbits(64)))
        if day.index >= starts:
            session = ""
            for span, script in shift(day, rng):
                session = new_session(rng) if script.login else session
                yield run(tool, owner.spot, span, script, rng, account=account, session_id=session)

    return Inhabitant(
        accounts=(account,), plan=plan, charges=(_charge(birth, account_subject(account), tool, owner, also),)
    )


def _owner(birth: Birth, account: Account) -> _Owner:
    rng = birth.rng
    if rng.random() > chosen(birth, blatant=0.1, clear=0.35, subtle=0.6):
        return _Owner(None, den(birth))
    person = households.with_one_device(birth.pools, households.some_city(rng), rng)
    home = replace(person.home, lease_days=lines.FOREVER_DAYS, blocks6=())
    life = innocent(account, replace(person, home=home))
    return _Owner(life, Spot(home.city, home.address(0, rng)))


def _charge(birth: Birth, subject: Subject, tool: Device, owner: _Owner, also: Sequence[str]) -> Charge:
    return Charge(
        subject,
        "crawler",
        birth.difficulty,
        also=(*also, *also_right(owner.spot, tool)),
        alternatives=networks(owner.spot),
    )


def also_right(spot: Spot, tool: Device) -> tuple[str, ...]:
    """Return what else may be said of a program: it runs in a cloud, it is no client of the platform."""
    return (
        *(["datacenter_access"] if spot.cloud else []),
        *(["unauthorized_client"] if programs.contradicts(tool) else []),
    )

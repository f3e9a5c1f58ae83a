"""Bots by their own word, without an account: a search engine's name, forged; a crawler that nobody asked."""

from collections.abc import Iterable
from random import Random

from detector.simulate.programs import programs
from detector.simulate.programs.crawlers import also_right
from detector.simulate.programs.crawling import PAGE_FORMS, Harvest, Walk
from detector.simulate.programs.hideouts import at_home, networks, rented
from detector.simulate.programs.pace import Pace
from detector.simulate.programs.runs import run, stretch
from detector.simulate.world import site
from detector.simulate.world.devices import Device
from detector.simulate.world.inhabitants import Birth, Charge, Inhabitant
from detector.simulate.world.strength import counted, drawn
from detector.simulate.world.visits import Day, Visit

RENTED_SHARE = 0.75


def forged_search_bot(birth: Birth) -> Inhabitant:
    """Make a crawler that calls itself a search engine's, from an address that is not that engine's.

    Some requests a second when blatant; when subtle a page a minute, a few hundred a day.
    """
    gap_ms = drawn(birth, blatant=(300, 1_500), clear=(2_000, 9_000), subtle=(20_000, 70_000))
    pages = counted(birth, blatant=(1_500, 4_000), clear=(500, 1_500), subtle=(150, 450))
    return _bot(birth, programs.bot(birth.rng, programs.FORGED_BOTS), gap_ms, pages)


def declared_bot(birth: Birth) -> Inhabitant:
    """Make a crawler that says whose it is, by a name that nothing proves, and asks for no robots.txt.

    Some requests a second when blatant; when subtle a page every minute or two, some hundred a day.
    """
    gap_ms = drawn(birth, blatant=(400, 2_000), clear=(3_000, 12_000), subtle=(30_000, 110_000))
    pages = counted(birth, blatant=(1_200, 3_000), clear=(400, 1_200), subtle=(120, 350))
    return _bot(birth, programs.bot(birth.rng, programs.CLAIMED_BOTS), gap_ms, pages)


def _bot(birth: Birth, tool: Device, gap_ms: float, pages: int) -> Inhabitant:
    rng = birth.rng
    spot = (rented if rng.random() < RENTED_SHARE else at_home)(birth.pools, rng)
    first, pace, starts = (
        rng.randrange(site.THINGS),
        Pace(gap_ms, spread=rng.uniform(0.1, 0.6)),
        rng.randrange(3),
    )

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        if day.index < starts:
            return
        for number in range(rng.randrange(1, 4)):
            limit = round(pages * rng.uniform(0.2, 0.6))
            walk = Walk(first + day.index * 12_000 + number * 4_000, forms=PAGE_FORMS)
            span = stretch(day, rng.uniform(0, 20), limit * gap_ms * 1.2 / 60_000)
            yield run(tool, spot, span, Harvest(walk, pace, limit=limit), rng)

    # The address is the subject: whose program it is, nobody knows.
    network, *others = networks(spot)
    charge = Charge(
        network, "crawler", birth.difficulty, also=also_right(spot, tool), alternatives=tuple(others)
    )
    return Inhabitant(accounts=(), plan=plan, charges=(charge,))

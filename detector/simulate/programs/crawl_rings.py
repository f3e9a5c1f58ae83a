"""Crawls that many do together: accounts that split a catalogue, addresses that ask a little each."""

from collections.abc import Iterable, Sequence
from itertools import cycle, islice
from random import Random

from detector.scoring.labels import Subject
from detector.simulate.programs import hideouts, programs
from detector.simulate.programs.crawlers import also_right
from detector.simulate.programs.crawling import PAGE_FORMS, Harvest, Walk
from detector.simulate.programs.hideouts import Spot, networks
from detector.simulate.programs.pace import Pace
from detector.simulate.programs.runs import run, stretch
from detector.simulate.world import site
from detector.simulate.world.inhabitants import Birth, Charge, Inhabitant, account_subject
from detector.simulate.world.strength import chosen, counted, drawn
from detector.simulate.world.visits import Day, Visit

V6_SHARE = 0.25


def distributed_crawl(birth: Birth) -> Inhabitant:
    """Make accounts whose one program splits a catalogue among them; each takes what a busy person would.

    Thirty to a hundred accounts behind a few rented machines when blatant; when subtle five to fourteen, each
    behind a home line of its own, by day.
    """
    rng, tool = birth.rng, programs.tool(birth)
    size = counted(birth, blatant=(30, 100), clear=(12, 30), subtle=(5, 14))
    things = counted(birth, blatant=(80, 220), clear=(60, 180), subtle=(60, 200))
    pace = Pace(
        drawn(birth, blatant=(1_500, 5_000), clear=(5_000, 14_000), subtle=(12_000, 40_000)), spread=0.5
    )
    window = chosen(birth, blatant=(0.0, 20.0), clear=(6.0, 20.0), subtle=(8.5, 18.0))
    accounts = [birth.account(number) for number in range(size)]
    spots = list(islice(cycle(_spots_of_ring(birth, size)), size))
    first, starts = rng.randrange(site.THINGS), rng.randrange(3)

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        for number, account in enumerate(accounts):
            if day.index < starts or rng.random() > 0.9:  # noqa: PLR2004 - days on which one does not work
                continue
            walk = Walk(first + number + size * things * day.index, step=size)
            limit = round(things * rng.uniform(0.7, 1.3))
            span = stretch(day, rng.uniform(*window), limit * pace.gap_ms * 1.3 / 60_000)
            script = Harvest(walk, pace, login=True, limit=limit)
            yield run(tool, spots[number], span, script, rng, account=account, affair=number)

    incident = birth.name("crawl-")
    charges = [
        Charge(
            account_subject(account),
            "crawler",
            birth.difficulty,
            also=also_right(spot, tool),
            alternatives=(*networks(spot), *programs.of_device(tool)),
            incident=incident,
            affairs=(number,),
        )
        for number, (account, spot) in enumerate(zip(accounts, spots, strict=True))
    ]
    return Inhabitant(accounts=tuple(accounts), plan=plan, charges=tuple(charges))


def anonymous_crawl(birth: Birth) -> Inhabitant:
    """Make visitors of one network, a /24 or a household's /64, that read the public pages a little each.

    Dozens of requests from each of up to two hundred addresses when blatant; when subtle five to fifteen from
    each of some dozens.
    """
    rng = birth.rng
    count = counted(birth, blatant=(80, 200), clear=(40, 120), subtle=(20, 60))
    each = counted(birth, blatant=(30, 80), clear=(12, 35), subtle=(5, 15))
    pace = Pace(drawn(birth, blatant=(800, 3_000), clear=(3_000, 9_000), subtle=(9_000, 30_000)), spread=0.6)
    hours = chosen(birth, blatant=(0.0, 6.0), clear=(0.0, 14.0), subtle=(7.0, 22.0))
    spots = _spots_of_crowd(birth, count)
    tools = [programs.tool(birth) for _ in range(chosen(birth, blatant=1, clear=3, subtle=6))]
    first, starts, begins_h = rng.randrange(site.THINGS), rng.randrange(3), rng.uniform(0, 23 - hours[1])

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        if day.index < starts:
            return
        for number, spot in enumerate(spots):
            walk = Walk(first + (day.index * len(spots) + number) * each, forms=PAGE_FORMS)
            limit = round(each * rng.uniform(0.5, 1.5))
            span = stretch(day, begins_h + rng.uniform(*hours), limit * pace.gap_ms * 1.4 / 60_000)
            yield run(rng.choice(tools), spot, span, Harvest(walk, pace, limit=limit), rng)

    ids = networks(*spots)
    whole = Subject(type="network", id=hideouts.prefix(spots[0].ip))
    charge = Charge(
        whole,
        "crawler",
        birth.difficulty,
        also=also_right(spots[0], tools[0]),
        alternatives=tuple(one for one in ids if one != whole),
    )
    return Inhabitant(accounts=(), plan=plan, charges=(charge,))


def _spots_of_ring(birth: Birth, size: int) -> Sequence[Spot]:
    rng, pools = birth.rng, birth.pools
    if birth.difficulty == "blatant":
        return [hideouts.rented(pools, rng) for _ in range(rng.randrange(1, 4))]
    return hideouts.proxies(pools, rng, chosen(birth, blatant=1, clear=max(2, size // 4), subtle=size))


def _spots_of_crowd(birth: Birth, count: int) -> tuple[Spot, ...]:
    rng, pools = birth.rng, birth.pools
    spots = hideouts.one_64(pools, rng, count) if rng.random() < V6_SHARE else ()
    return spots or hideouts.neighbours(hideouts.den(birth), count, rng)

"""Floods: one address, a small botnet, or accounts that all run the same script."""

from collections.abc import Iterable
from random import Random

from detector.simulate.programs import hideouts, programs
from detector.simulate.programs.crawlers import also_right
from detector.simulate.programs.flooding import COSTLY, Flood
from detector.simulate.programs.hideouts import networks
from detector.simulate.programs.runs import run, stretch
from detector.simulate.world import site
from detector.simulate.world.inhabitants import Birth, Charge, Inhabitant, account_subject
from detector.simulate.world.strength import chosen, counted, drawn
from detector.simulate.world.visits import Day, Visit


def flooder(birth: Birth) -> Inhabitant:
    """Make a flood without an account, from one address, a few dozen or hundreds at once.

    Thousands of requests a minute when blatant; when subtle a few hundred, for ten minutes or longer.
    """
    rng = birth.rng
    a_minute = drawn(birth, blatant=(2_000, 5_000), clear=(800, 1_800), subtle=(300, 650))
    minutes = drawn(birth, blatant=(2, 5), clear=(4, 9), subtle=(8, 18))
    sources = rng.choice((1, 1, rng.randrange(5, 40), rng.randrange(80, 250)))
    spots = (hideouts.den(birth),) if sources == 1 else hideouts.proxies(birth.pools, rng, sources)
    tool, target = programs.tool(birth), _target(rng)
    starts, times = rng.randrange(4), chosen(birth, blatant=2, clear=2, subtle=3)

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        if day.index in (starts, starts + 3):
            for number in range(times if day.index == starts else 1):
                span = stretch(day, 8.0 * number + rng.uniform(0.0, 7.0), minutes * rng.uniform(0.6, 1.4))
                yield run(
                    tool, spots[0], span, Flood(a_minute, target, tuple(spot.ip for spot in spots)), rng
                )

    network, *others = networks(*spots)
    charge = Charge(
        network,
        "flooding",
        birth.difficulty,
        also=("crawler", *also_right(spots[0], tool)),
        alternatives=(*others, *programs.of_device(tool)),
    )
    return Inhabitant(accounts=(), plan=plan, charges=(charge,))


def shared_script_flood(birth: Birth) -> Inhabitant:
    """Make accounts that run one script which refreshes costly pages, all in the same minutes.

    Ten to thirty accounts at hundreds a minute each when blatant; when subtle four to eight at about sixty.
    """
    rng = birth.rng
    size = counted(birth, blatant=(10, 30), clear=(6, 15), subtle=(4, 8))
    a_minute = drawn(birth, blatant=(150, 350), clear=(90, 160), subtle=(55, 95))
    minutes = drawn(birth, blatant=(4, 8), clear=(5, 12), subtle=(10, 25))
    accounts = [birth.account(number) for number in range(size)]
    spots, tool, target = (
        hideouts.proxies(birth.pools, rng, size, cloud_share=0.3),
        programs.tool(birth),
        _target(rng),
    )
    starts = rng.randrange(3)

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        if day.index < starts or (day.index - starts) % 2:
            return
        hour = rng.uniform(8.0, 22.0)
        for number, (account, spot) in enumerate(zip(accounts, spots, strict=True)):
            span = stretch(day, hour + rng.uniform(0.0, 0.03), minutes * rng.uniform(0.8, 1.2))
            script = Flood(a_minute * rng.uniform(0.8, 1.2), target, (spot.ip,))
            yield run(tool, spot, span, script, rng, account=account, affair=number)

    incident = birth.name("flood-")
    charges = (
        Charge(
            account_subject(account),
            "flooding",
            birth.difficulty,
            also=("crawler", *also_right(spot, tool)),
            alternatives=(*networks(spot), *programs.of_device(tool)),
            incident=incident,
            affairs=(number,),
        )
        for number, (account, spot) in enumerate(zip(accounts, spots, strict=True))
    )
    return Inhabitant(accounts=tuple(accounts), plan=plan, charges=tuple(charges))


def _target(rng: Random) -> tuple[str, ...]:
    """Draw what is flooded: one costly path, or two with things that no cache holds."""
    things = tuple(f"/api/v2/reports/{rng.randrange(site.THINGS)}" for _ in range(8))
    return rng.choice(((rng.choice(COSTLY),), COSTLY[:3], things))

"""Forgers of addresses: programs that send an X-Forwarded-For along to be taken for somebody else."""

from collections.abc import Iterable
from random import Random

from detector.simulate.programs import programs
from detector.simulate.programs.crawlers import also_right
from detector.simulate.programs.crawling import Harvest, Walk
from detector.simulate.programs.forwarding import Forged, Forwarded
from detector.simulate.programs.hideouts import den, networks
from detector.simulate.programs.pace import Pace
from detector.simulate.programs.runs import run, stretch
from detector.simulate.world import site
from detector.simulate.world.inhabitants import Birth, Charge, Inhabitant, account_subject
from detector.simulate.world.strength import chosen, counted, drawn
from detector.simulate.world.visits import Day, Visit

KNOWN_SHARE = 0.6


def ip_spoofer(birth: Birth) -> Inhabitant:
    """Make a program whose forwarded addresses contradict each other and the address it comes from.

    Another made-up address with every request, loopback among them, when blatant; another one every five to
    twenty requests when clear; when subtle long chains that look like a proxy's, kept for a while.
    """
    rng, spot, tool = birth.rng, den(birth), programs.tool(birth)
    requests = counted(birth, blatant=(200, 600), clear=(80, 250), subtle=(30, 90))
    pace = Pace(
        drawn(birth, blatant=(700, 3_000), clear=(3_000, 10_000), subtle=(10_000, 30_000)), spread=0.6
    )
    kept = chosen(birth, blatant=1, clear=rng.randrange(5, 20), subtle=rng.randrange(8, 30))
    inside, length = chosen(birth, blatant=(0.4, 1), clear=(0.2, 1), subtle=(0.0, 2))
    account = birth.account() if rng.random() < KNOWN_SHARE else None
    first, starts = rng.randrange(site.THINGS), rng.randrange(4)

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        if day.index < starts:
            return
        for number in range(rng.randrange(1, 4)):
            chain = Forged(f"{rng.getrandbits(64):016x}", kept, inside, length)
            walk = Walk(first + day.index * 3_000 + number * 1_000)
            script = Forwarded(Harvest(walk, pace, account is not None, limit=requests), chain)
            span = stretch(day, rng.uniform(0.0, 19.0), requests * pace.gap_ms * 1.25 / 60_000)
            yield run(tool, spot, span, script, rng, account=account)

    network, *others = networks(spot)
    charge = Charge(
        network if account is None else account_subject(account),
        "ip_spoofing",
        birth.difficulty,
        also=("crawler", *also_right(spot, tool)),
        alternatives=tuple(others) if account is None else (network, *others),
    )
    return Inhabitant(accounts=() if account is None else (account,), plan=plan, charges=(charge,))

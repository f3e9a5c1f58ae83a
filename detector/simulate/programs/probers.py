"""Scanners that look for weaknesses: loud ones, patient ones."""

from collections.abc import Iterable
from random import Random

from detector.simulate.programs import programs
from detector.simulate.programs.crawlers import also_right
from detector.simulate.programs.hideouts import den, networks
from detector.simulate.programs.pace import Pace
from detector.simulate.programs.probing import Scan
from detector.simulate.programs.programs import SCANNERS
from detector.simulate.programs.runs import run, stretch
from detector.simulate.world.inhabitants import Birth, Charge, Inhabitant, account_subject
from detector.simulate.world.strength import chosen, counted, drawn
from detector.simulate.world.visits import Day, Visit

KNOWN_SHARE = 0.25


def prober(birth: Birth) -> Inhabitant:
    """Make a scanner that asks for forgotten files, other people's software and injections, mostly in vain.

    Hundreds of paths at several a second when blatant; when subtle one in some minutes, a dozen or two a day,
    with ordinary pages in between. One in four logs in first.
    """
    rng, spot = birth.rng, den(birth)
    loud = birth.difficulty == "blatant" and rng.random() < 0.5  # noqa: PLR2004 - every other one says so
    tool = programs.bot(rng, SCANNERS) if loud else programs.tool(birth)
    requests = counted(birth, blatant=(250, 1_500), clear=(60, 200), subtle=(14, 40))
    pace = Pace(drawn(birth, blatant=(60, 400), clear=(700, 4_000), subtle=(100_000, 500_000)), spread=0.6)
    hidden = chosen(birth, blatant=0.0, clear=0.1, subtle=0.3)
    account = birth.account() if rng.random() < KNOWN_SHARE else None
    starts, days = rng.randrange(4), chosen(birth, blatant=2, clear=3, subtle=6)

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        if starts <= day.index < starts + days:
            minutes = requests * pace.gap_ms * 1.25 / 60_000
            span = stretch(day, rng.uniform(0.0, max(0.1, 23.0 - minutes / 60)), minutes)
            yield run(tool, spot, span, Scan(requests, pace, hidden), rng, account=account)

    network, *others = networks(spot)
    charge = Charge(
        network if account is None else account_subject(account),
        "probing",
        birth.difficulty,
        also=("crawler", *also_right(spot, tool)),
        alternatives=tuple(others) if account is None else (network, *others),
    )
    return Inhabitant(accounts=() if account is None else (account,), plan=plan, charges=(charge,))

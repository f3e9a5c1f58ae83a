"""How a farm works: it opens its accounts, is refused at times, and uses some of them later."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from detector.simulate.programs import programs
from detector.simulate.programs.crawlers import also_right
from detector.simulate.programs.crawling import Harvest, Walk
from detector.simulate.programs.forms_of_farms import Forms
from detector.simulate.programs.hideouts import Spot, networks
from detector.simulate.programs.pace import Pace
from detector.simulate.programs.runs import run
from detector.simulate.programs.signing_up import RefusedSignUp, SignUp
from detector.simulate.world.devices import Device
from detector.simulate.world.inhabitants import Birth, Charge, Inhabitant, account_subject
from detector.simulate.world.registrations import Form
from detector.simulate.world.site import THINGS
from detector.simulate.world.strength import chosen, counted
from detector.simulate.world.visits import DAY_MS, Account, Day, Visit

USED_FOR_DAYS = 9
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Opening:
    """One account of a farm: when it is opened (days since the history's first midnight), how, where."""

    account: Account
    at_day: float
    form: Form
    tool: Device
    spot: Spot
    refused: int


def farm(
    birth: Birth, forms: Forms, days: float, where: Callable[[], Spot], what: Callable[[], Device]
) -> Inhabitant:
    """Make a farm that opens its accounts within `days`, each from a spot and with a device drawn for it.

    Twenty to a hundred accounts when blatant, six to sixteen when subtle; five to thirty percent of the forms
    are refused. Later some of the accounts are used for a minute on some days.
    """
    rng = birth.rng
    size = counted(birth, blatant=(20, 100), clear=(10, 35), subtle=(6, 16))
    refused_share, used_share = rng.uniform(0.05, 0.3), chosen(birth, blatant=0.08, clear=0.2, subtle=0.3)
    openings = [
        Opening(
            account=birth.account(number),
            at_day=at_day,
            form=forms.form(rng, number),
            tool=what(),
            spot=where(),
            refused=rng.randrange(1, 3) if rng.random() < refused_share else 0,
        )
        for number, at_day in enumerate(_moments(rng, size, days))
    ]

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        for number, opening in enumerate(openings):
            age = day.index - int(opening.at_day)
            if age == 0:
                yield from _open(opening, day, rng, number)
            elif 0 < age <= USED_FOR_DAYS and rng.random() < used_share:
                yield _use(opening, day, rng, number)

    incident = birth.name("farm-")
    return Inhabitant(
        accounts=tuple(opening.account for opening in openings),
        plan=plan,
        charges=tuple(
            _charge(birth, opening, forms, incident, number) for number, opening in enumerate(openings)
        ),
    )


def _moments(rng: Random, size: int, days: float) -> Sequence[float]:
    """Draw when accounts are opened: evenly within `days` from an hour that leaves room before midnight."""
    hour = rng.uniform(0.5, max(1.0, 23.0 - 24 * days))
    begins = rng.randrange(3) + hour / 24
    return sorted(begins + days * (number + rng.random()) / size for number in range(size))


def _open(opening: Opening, day: Day, rng: Random, affair: int) -> Iterable[Visit]:
    start_ms = day.start_ms + int(opening.at_day % 1 * DAY_MS)
    for _ in range(bool(opening.refused)):
        span = (start_ms, start_ms + opening.refused * 9_000)
        script = RefusedSignUp(opening.form, opening.refused)
        yield run(opening.tool, opening.spot, span, script, rng, affair=affair)
        start_ms = span[1]
    span = (start_ms, start_ms + MINUTE_MS // 2)
    script_of = SignUp(opening.form, pages=rng.randrange(4))
    yield run(opening.tool, opening.spot, span, script_of, rng, account=opening.account, affair=affair)


def _use(opening: Opening, day: Day, rng: Random, affair: int) -> Visit:
    start_ms = day.at_ms(rng.uniform(7.0, 23.0))
    walk, pace = Walk(rng.randrange(THINGS)), Pace(rng.uniform(2_000, 9_000), spread=0.5)
    script = Harvest(walk, pace, login=True, limit=rng.randrange(2, 12))
    span = (start_ms, start_ms + 3 * MINUTE_MS)
    return run(opening.tool, opening.spot, span, script, rng, account=opening.account, affair=affair)


def _charge(birth: Birth, opening: Opening, forms: Forms, incident: str, affair: int) -> Charge:
    # A carrier's gateway is shared with strangers: to accuse it would be wrong.
    places = () if opening.tool.lasting_session else networks(opening.spot)
    return Charge(
        account_subject(opening.account),
        "batch_registration",
        birth.difficulty,
        also=("crawler", *also_right(opening.spot, opening.tool)),
        alternatives=(*places, *programs.of_device(opening.tool), *forms.groups),
        incident=incident,
        affairs=(affair,),
    )

"""Many who register in the same place or for the same reason, and are as innocent as they come."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from random import Random

from detector.scoring.labels import Subject
from detector.simulate.programs.signing_up import JoinByHand
from detector.simulate.world import households, lines, registrations
from detector.simulate.world.inhabitants import Birth, Inhabitant, innocent
from detector.simulate.world.lines import Line
from detector.simulate.world.people import Person
from detector.simulate.world.registrations import LETTERS, WORDS, Form
from detector.simulate.world.visits import DAY_MS, Day, Visit

SELDOM = 0.4  # of how often others use the platform, so that a crowd costs few events


@dataclass(frozen=True, slots=True)
class Joiner:
    """Somebody who registers: when (days since the history's first midnight; before it, a user already)."""

    life: Inhabitant
    person: Person
    form: Form
    at_day: float
    mistakes: int


def dormitory(birth: Birth) -> Inhabitant:
    """Make the students of a dormitory behind one address, who hear of the platform from each other.

    Some dozens, each with an own device, name and mail; half of them are users already.
    """
    rng = birth.rng
    line = lines.office_line(birth.pools, households.some_city(rng), rng)
    size = rng.randrange(20, 60)
    return _together(
        birth,
        size=size,
        person=lambda: replace(_resident(birth, line), work=line),
        form=lambda _n: registrations.personal(rng),
        when=lambda _n: rng.uniform(-21.0, 21.0),
        shared=line,
    )


def onboarding(birth: Birth) -> Inhabitant:
    """Make a firm's newcomers, who all register within an hour behind one address with the firm's mail."""
    rng = birth.rng
    line = lines.office_line(birth.pools, households.some_city(rng), rng)
    domain = _own_domain(rng)
    begins = rng.randrange(4) + rng.uniform(9.2, 15.0) / 24
    return _together(
        birth,
        size=rng.randrange(12, 28),
        person=lambda: households.office_worker(birth.pools, line, rng),
        form=lambda _n: registrations.personal(rng, domain),
        when=lambda _n: begins + rng.uniform(0.0, 1.0) / 24,
        shared=line,
        org_id=birth.name("org"),
    )


def school_class(birth: Birth) -> Inhabitant:
    """Make a class in its computer room: within one lesson, with the school's mail and numbers for names."""
    rng = birth.rng
    line = lines.office_line(birth.pools, households.some_city(rng), rng)
    domain, year, room = f"stu.{_own_domain(rng)}", rng.randrange(2021, 2027), rng.randrange(1, 40)
    begins = rng.randrange(4) + rng.uniform(8.5, 15.5) / 24

    def form(number: int) -> Form:
        return replace(registrations.personal(rng, domain), username=f"{year}{room:02d}{number + 1:02d}")

    return _together(
        birth,
        size=rng.randrange(25, 46),
        person=lambda: households.office_worker(birth.pools, line, rng),
        form=form,
        when=lambda _n: begins + rng.uniform(0.0, 0.6) / 24,
        shared=line,
    )


def campaign(birth: Birth) -> Inhabitant:
    """Make hundreds who register in a day or two by one invite code, from everywhere, each on a device."""
    rng = birth.rng
    code, begins = "".join(rng.choices(LETTERS, k=6)).upper(), rng.randrange(1, 4)

    def when(_number: int) -> float:
        return begins + rng.choice((0, 0, 0, 1)) + min(23.5, max(7.0, rng.gauss(14.5, 4.0))) / 24

    return _together(
        birth,
        size=rng.randrange(150, 400),
        person=lambda: households.with_one_device(birth.pools, households.some_city(rng), rng),
        form=lambda _n: registrations.personal(rng, invite_code=code),
        when=when,
        quiet=(Subject(type="group", id=f"invite_code:{code}"),),
    )


def _together(
    birth: Birth,
    *,
    size: int,
    person: Callable[[], Person],
    form: Callable[[int], Form],
    when: Callable[[int], float],
    shared: Line | None = None,
    org_id: str | None = None,
    quiet: tuple[Subject, ...] = (),
) -> Inhabitant:
    """Make the crowd; who registers on a day does so at that hour, and lives like others from then on."""
    rng, joiners = birth.rng, []
    seat = {} if org_id is None else {"product": "youcloud365", "org_id": org_id, "role": "seat"}
    for number in range(size):
        who = person()
        life = innocent(birth.account(number, **seat), who, busier=SELDOM)
        mistakes = rng.choices((0, 1, 2), (75, 18, 7))[0]
        joiners.append(Joiner(life, who, form(number), when(number), mistakes))

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        for joiner in joiners:
            own = Random(rng.getrandbits(64))
            joined = int(joiner.at_day // 1)
            if day.index == joined:
                yield _join(joiner, day, own)
            elif day.index > joined:
                yield from joiner.life.plan(day, own)

    if shared is not None:
        quiet += (Subject(type="network", id=shared.address(0, Random(0))),)
    return Inhabitant(accounts=tuple(j.life.accounts[0] for j in joiners), plan=plan, quiet=quiet)


def _join(joiner: Joiner, day: Day, rng: Random) -> Visit:
    start_ms = day.start_ms + int(joiner.at_day % 1 * DAY_MS)
    line = joiner.person.work
    return Visit(
        account=joiner.life.accounts[0],
        device=joiner.person.at_work,
        city=line.city,
        ip=line.address(day.index, rng),
        session_id=f"{rng.getrandbits(64):016x}",
        start_ms=start_ms,
        end_ms=start_ms + int(rng.uniform(4, 25) * 60_000),
        script=JoinByHand(joiner.form, joiner.mistakes),
        seed=rng.getrandbits(64),
    )


def _resident(birth: Birth, line: Line) -> Person:
    person = households.with_one_device(birth.pools, line.city, birth.rng)
    return replace(person, home=line)


def _own_domain(rng: Random) -> str:
    return f"{rng.choice(WORDS)}{''.join(rng.choices(LETTERS, k=4))}.{rng.choice(('com', 'cn', 'com.cn'))}"

"""Many strangers or colleagues behind one address: a Monday's forgotten passwords, a carrier's gateway."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from detector.scoring.labels import Subject
from detector.simulate.programs import hideouts
from detector.simulate.programs.runs import run, stretch
from detector.simulate.programs.signing_up import JoinByHand
from detector.simulate.world import devices, households, lines, registrations
from detector.simulate.world.devices import Device
from detector.simulate.world.inhabitants import Birth, Inhabitant, innocent
from detector.simulate.world.people import Habits
from detector.simulate.world.sessions import Browse
from detector.simulate.world.visits import Account, Day, Visit

BACK_AT_WORK = (0, 7, 14, 21)  # histories begin on a Monday; elsewhere it is the day after a holiday
FAILING, JOINING, A_DAY = 0.06, 0.03, 0.35
LATE_EVENING_H = 22.5


def monday_office(birth: Birth) -> Inhabitant:
    """Make an office whose people, back at work, mistype and forget: dozens of failures by ten o'clock."""
    rng, pools = birth.rng, birth.pools
    line, org_id = lines.office_line(pools, households.some_city(rng), rng), birth.name("org")
    share = rng.uniform(0.25, 0.6)

    def habits(day: Day, rng: Random) -> Habits:
        if day.index not in BACK_AT_WORK or rng.random() > share:
            return Habits()
        return Habits(failures=rng.randrange(1, 6), new_password=rng.random() < 0.35)  # noqa: PLR2004 - some set a new one

    lives = [
        innocent(
            birth.account(number, product="youcloud365", org_id=org_id, role="seat"),
            households.office_worker(pools, line, rng),
            habits=habits,
        )
        for number in range(rng.randrange(25, 60))
    ]

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        for life in lives:
            yield from life.plan(day, Random(rng.getrandbits(64)))

    network = Subject(type="network", id=line.address(0, Random(0)))
    return Inhabitant(accounts=tuple(life.accounts[0] for life in lives), plan=plan, quiet=(network,))


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody on a carrier's network: now behind this gateway, now behind another."""

    account: Account
    phone: Device
    joins: int | None

    def joined(self, day: Day) -> bool:
        """Whether this is a user's day: those who do not register in this history always were users."""
        return self.joins is None or self.joins < day.index


def carrier_gateway(birth: Birth) -> Inhabitant:
    """Make hundreds of strangers whom a carrier puts behind one address; some fail, some register.

    A third of them come on a day; of their visits one in sixteen begins with wrong passwords.
    """
    rng, pools = birth.rng, birth.pools
    gateway = hideouts.on_a_gateway(pools, rng)
    strangers = [
        Stranger(
            account=birth.account(number),
            phone=devices.phone(rng),
            joins=rng.randrange(10) if rng.random() < JOINING else None,
        )
        for number in range(rng.randrange(150, 350))
    ]

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        for one in strangers:
            own = Random(rng.getrandbits(64))
            if one.joins == day.index or (own.random() < A_DAY and one.joined(day)):
                yield _visit(one, gateway, day, own)

    network = Subject(type="network", id=gateway.ip)
    return Inhabitant(accounts=tuple(one.account for one in strangers), plan=plan, quiet=(network,))


def _visit(one: Stranger, gateway: hideouts.Spot, day: Day, rng: Random) -> Visit:
    hour = min(LATE_EVENING_H, max(7.0, rng.choice((rng.gauss(12.5, 2.0), rng.gauss(20.0, 1.5)))))
    span = stretch(day, hour, 5.0 * rng.lognormvariate(0.0, 0.7))
    failures = rng.randrange(1, 5) if rng.random() < FAILING else 0
    script = Browse(login=failures > 0 or rng.random() < 0.1, failures=failures)  # noqa: PLR2004 - apps stay logged in
    if one.joins == day.index:
        return run(
            one.phone,
            gateway,
            span,
            JoinByHand(registrations.personal(rng)),
            rng,
            account=one.account,
            affair=None,
        )
    return run(one.phone, gateway, span, script, rng, account=one.account, affair=None)

"""People whose use comes out of a cloud provider's network: all of it, part of it, or some hours a week."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from detector.simulate.world import devices, lines, settling
from detector.simulate.world.inhabitants import Birth, Charge, Inhabitant, account_subject
from detector.simulate.world.people import Habits, visits
from detector.simulate.world.sessions import Browse
from detector.simulate.world.strength import chosen, drawn
from detector.simulate.world.visits import Day, Visit


def datacenter_user(birth: Birth) -> Inhabitant:
    """Make somebody who works like anybody, but over a rented machine.

    Blatant ones do everything there, from one to three machines; clear ones the larger part of it; subtle
    ones some visits a week. On some the browser runs on the machine itself, others only go out through it.
    """
    rng, account = birth.rng, birth.account()
    clouds = [lines.cloud_line(birth.pools, rng) for _ in range(rng.randrange(1, 4))]
    person = settling.somewhere(birth.pools, rng)
    person = replace(person, presence=max(person.presence, 0.7), busy=max(person.busy, 0.8))
    remote = devices.browser(rng) if rng.random() < 0.5 else None  # noqa: PLR2004 - as often the one as the other
    share = chosen(birth, blatant=1.0, clear=rng.uniform(0.4, 0.8), subtle=rng.uniform(0.06, 0.15))
    held_days = drawn(birth, blatant=(7, 60), clear=(3, 30), subtle=(1, 30))

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        cloud = clouds[int(day.index / held_days) % len(clouds)]
        for visit in visits(account, person.stays(day, rng), day, rng, Habits(), person.busy):
            if visit.device.client != "web" or rng.random() >= share:
                yield visit
                continue
            yield replace(
                visit,
                ip=cloud.address(day.index, rng),
                device=visit.device if remote is None else remote,
                session_id=visit.session_id if remote is None else f"{rng.getrandbits(64):016x}",
                script=visit.script if remote is None else Browse(login=True),
                city=visit.city if remote is None else cloud.city,
                affair=0,
            )

    charge = Charge(account_subject(account), "datacenter_access", birth.difficulty)
    return Inhabitant(accounts=(account,), plan=plan, charges=(charge,))

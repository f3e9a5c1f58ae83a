"""Innocent by a detour: VPNs, a firm's egress in another city, hot desks, a stray request from a cloud."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from detector.simulate.people.everyday import personal
from detector.simulate.people.organisations import organisation
from detector.simulate.world import access, households, lines, settling
from detector.simulate.world.changes import Otherwise, with_visits
from detector.simulate.world.devices import Device
from detector.simulate.world.inhabitants import Birth, Inhabitant
from detector.simulate.world.people import Stay
from detector.simulate.world.residents import Resident
from detector.simulate.world.sessions import Browse
from detector.simulate.world.visits import Day, Visit


def vpn_always(birth: Birth) -> Inhabitant:
    """Make somebody whose computers go out through one VPN service all day; a phone does not."""
    rng = birth.rng
    person = settling.somewhere(birth.pools, rng)
    tunnel = access.vpn(birth.pools, person.home.city, rng)
    return personal(birth, replace(person, home=tunnel, work=tunnel))


def vpn_at_times(birth: Birth) -> Inhabitant:
    """Make somebody who switches a VPN on for some stretches of some days."""
    rng = birth.rng
    person = settling.somewhere(birth.pools, rng)
    tunnel, share = access.vpn(birth.pools, person.home.city, rng), rng.uniform(0.1, 0.5)

    def tunnelled(stays: list[Stay], _day: Day, rng: Random) -> list[Stay]:
        return [
            s._replace(line=tunnel) if s.device.client == "web" and rng.random() < share else s for s in stays
        ]

    return personal(birth, Otherwise(person, tunnelled))


def corporate_egress(birth: Birth) -> Inhabitant:
    """Make a firm with offices in two or three cities whose traffic all leaves in the head office's.

    From home its people go out over their own lines.
    """
    rng = birth.rng
    head = lines.office_line(birth.pools, households.some_city(rng), rng)
    offices = [head.city, *(households.far_city(rng, head.city) for _ in range(rng.randrange(1, 3)))]

    def settle(rng: Random) -> Otherwise:
        own = settling.anybody(birth.pools, rng.choice(offices), rng)
        person = replace(own, work=head, from_home=rng.betavariate(1, 4))
        return Otherwise(person, lambda stays, _day, _rng: [s._replace(city=own.home.city) for s in stays])

    return organisation(birth, rng.randrange(5, 16), settle, quiet=(head,))


def hot_desk(birth: Birth) -> Inhabitant:
    """Make a firm whose people sit at whatever shared desktop is free, each with an own account."""
    rng = birth.rng
    office = lines.office_line(birth.pools, households.some_city(rng), rng)
    size = rng.randrange(4, 11)
    desks = [settling.colleague(birth.pools, office, rng).at_work for _ in range(size)]

    def settle(rng: Random) -> Resident:
        return settling.colleague(birth.pools, office, rng)

    def seated(visits: Iterable[Visit], day: Day) -> list[Visit]:
        accounts = sorted({v.account.account_id for v in visits if v.account is not None})
        order = Random(f"{birth.number}/{day.index}").sample(range(size), size)
        free = {account: desks[order[n % size]] for n, account in enumerate(accounts)}
        opened = set[str | None]()
        return [
            _seat(v, free[v.account.account_id], opened)
            if v.account is not None and v.ip == office.address(0, Random(0)) and v.device.client == "web"
            else v
            for v in visits
        ]

    firm = organisation(birth, size, settle, quiet=(office,))
    return with_visits(firm, lambda visits, day, _rng: seated(visits, day))


def _seat(visit: Visit, desk: Device, opened: set[str | None]) -> Visit:
    """Return the visit as one at a desk, whose browser knows no session of another computer."""
    session = f"{Random(f'{visit.session_id}/{desk.device_id}').getrandbits(64):016x}"
    script = visit.script
    if session not in opened and isinstance(script, Browse):
        script = replace(script, login=True)
    opened.add(session)
    return replace(visit, device=desk, session_id=session, script=script)


def stray_cloud(birth: Birth) -> Inhabitant:
    """Make somebody who goes out through a cloud once in a hundred visits or so, by proxy or desktop."""
    rng = birth.rng
    cloud, share = lines.cloud_line(birth.pools, rng), rng.uniform(0.004, 0.02)

    def strayed(visits: list[Visit], day: Day, rng: Random) -> list[Visit]:
        return [replace(v, ip=cloud.address(day.index, rng)) if rng.random() < share else v for v in visits]

    return with_visits(personal(birth, settling.somewhere(birth.pools, rng)), strayed)

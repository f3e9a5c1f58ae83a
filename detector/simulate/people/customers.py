"""Innocent by contract: customers whose entitlement allows what others may not do."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from detector.simulate.people.everyday import personal
from detector.simulate.world import devices, lines, settling
from detector.simulate.world.devices import Device
from detector.simulate.world.inhabitants import Birth, Grant, Inhabitant, innocent
from detector.simulate.world.tools import Crawl
from detector.simulate.world.visits import Day, Visit

CALLS_AN_HOUR = 40


def allowed_cloud_desktop(birth: Birth) -> Inhabitant:
    """Make somebody who works on a cloud desktop that the entitlement allows: its address or its network."""
    rng = birth.rng
    cloud = lines.cloud_line(birth.pools, rng)
    person = settling.with_laptop(birth.pools, cloud.city, rng)
    life = personal(birth, replace(person, home=cloud, work=cloud))
    address = cloud.address(0, Random(0))
    whole = f"{address.rpartition('.')[0]}.0/24"
    place = rng.choice(({"kind": "ip", "value": address}, {"kind": "cidr", "value": whole}))
    return _allowed(life, place | {"reason": "cloud desktop", "author": "support"})


def api_customer(birth: Birth) -> Inhabitant:
    """Make a customer whose server asks for things all day; the entitlement allows its client and address."""
    rng = birth.rng
    cloud, account = lines.cloud_line(birth.pools, rng), birth.account()
    tool = replace(devices.script(rng), client="api")
    gap_ms = 3_600_000 / (CALLS_AN_HOUR * rng.uniform(0.2, 5.0))
    server = _Server(tool, cloud, gap_ms, first_thing=rng.randrange(300_000))

    def plan(day: Day, rng: Random) -> list[Visit]:
        address = cloud.address(0, Random(0))
        return [
            Visit(
                account=account,
                device=tool,
                city=cloud.city,
                ip=address,
                session_id=f"{Random(f'{account.account_id}/{day.index}').getrandbits(64):016x}",
                start_ms=day.at_ms(hour),
                end_ms=day.at_ms(hour + 1),
                script=server.hour(day, hour),
                seed=rng.getrandbits(64),
            )
            for hour in range(24)
        ]

    life = Inhabitant(accounts=(account,), plan=plan)
    entries = (
        {"kind": "client", "value": "api", "for": ["crawler", "unauthorized_client"]},
        {"kind": "ip", "value": cloud.address(0, Random(0))},
    )
    said = {"reason": "API contract", "author": "sales"}
    return _allowed(life, *(entry | said for entry in entries))


@dataclass(frozen=True, slots=True)
class _Server:
    """A program that asks at an even pace from one machine."""

    tool: Device
    line: lines.Line
    gap_ms: float
    first_thing: int

    def hour(self, day: Day, hour: int) -> Crawl:
        """Return what it does in an hour of a day."""
        first = self.first_thing + day.index * 5_000 + hour * 200
        return Crawl(self.gap_ms, 0.6, first, login=hour == 0)


def allowed_agency(birth: Birth) -> Inhabitant:
    """Make an agency with one account and two people in two places, each device allowed by its id."""
    rng = birth.rng
    first = settling.somewhere(birth.pools, rng)
    second = settling.anybody(birth.pools, first.home.city, rng)
    account = birth.account()
    entries = [
        {"kind": "device", "value": device.device_id, "for": ["account_sharing", "city_switching"]}
        | {"reason": "second workplace", "author": "sales"}
        for person in (first, second)
        for device in {person.at_home, person.at_work, person.phone} - {None}
        if device is not None
    ]
    entries.sort(key=lambda entry: str(entry["value"]))
    lives = [innocent(account, person) for person in (first, second)]

    def plan(day: Day, rng: Random) -> list[Visit]:
        return [visit for life in lives for visit in life.plan(day, Random(rng.getrandbits(64)))]

    return _allowed(Inhabitant(accounts=(account,), plan=plan), *entries)


def _allowed(life: Inhabitant, *entries: Mapping[str, object]) -> Inhabitant:
    """Return the same customer with allow entries, which end long after any history."""
    value = {"allow": [{**entry, "expires": "2036-01-01T00:00:00+08:00"} for entry in entries]}
    return replace(life, grants=(*life.grants, Grant(life.accounts[0].account_id, value)))

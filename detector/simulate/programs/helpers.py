"""People whose programs work for them: page apps, televisions, sequential readers, licensed downloads."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from detector.scoring.labels import Subject
from detector.simulate.programs import hideouts, programs
from detector.simulate.programs.crawling import PAGE_FORMS, Harvest, Rendered, Walk
from detector.simulate.programs.forwarding import Forwarded, Honest, private
from detector.simulate.programs.hideouts import Spot
from detector.simulate.programs.pace import Pace
from detector.simulate.programs.polling import OldPassword, Poll, Watch
from detector.simulate.programs.programs import greeting
from detector.simulate.programs.runs import hourly, run, stretch
from detector.simulate.world import households, lines, site
from detector.simulate.world.devices import WEBKIT, Device, phone
from detector.simulate.world.inhabitants import Birth, Grant, Inhabitant, innocent
from detector.simulate.world.sessions import Browse
from detector.simulate.world.visits import Day, Visit

LATEST_H = 15.0
POLLED = ("/api/v2/notifications", "/api/v2/boards/live", "/api/v2/tasks", "/api/v2/messages/unread")
TELEVISIONS = (
    f"Mozilla/5.0 (SMART-TV; Linux; Tizen 6.5) {WEBKIT} Version/6.5 TV Safari/537.36",
    f"Mozilla/5.0 (Web0S; Linux/SmartTV) {WEBKIT} Chrome/94.0.4606.128 Safari/537.36",
    "YouCloudTV/3.2 (Linux; Android 9; MiTV-MSSP3) okhttp/4.9.3",
)


def polling_app(birth: Birth) -> Inhabitant:
    """Make somebody whose page app asks for the same two or three paths every ten to thirty seconds."""
    rng = birth.rng
    person = households.with_one_device(birth.pools, households.some_city(rng), rng)
    life = innocent(birth.account(), person, busier=1.5)
    gap_ms, number = rng.uniform(10_000, 30_000), rng.randrange(2, 4)
    script = Poll(tuple(rng.sample(POLLED, number)), Pace(gap_ms / number, spread=0.01), share_304=0.5)

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        browsed = list(life.plan(day, rng))
        yield from browsed
        early = [visit for visit in browsed if visit.end_ms < day.at_ms(LATEST_H) and _stays(visit)]
        if early:
            begun = early[0]
            ends_ms = min(begun.end_ms + int(rng.uniform(1.5, 7.0) * 3_600_000), day.at_ms(18.4))
            for start_ms, end_ms in hourly((begun.end_ms, ends_ms)):
                yield replace(
                    begun, start_ms=start_ms, end_ms=end_ms, script=script, seed=rng.getrandbits(64)
                )

    return replace(life, plan=plan)


def stale_client(birth: Birth) -> Inhabitant:
    """Make somebody with a tablet at home that tries the old password every few minutes, for days."""
    rng, account = birth.rng, birth.account()
    person = households.with_one_device(birth.pools, households.some_city(rng), rng)
    life, tablet = innocent(account, person), phone(rng)
    script = OldPassword(Pace(rng.choice((120_000, 300_000, 600_000, 900_000)) * 1.0, spread=0.02))
    starts, days = rng.randrange(3), rng.randrange(2, 7)

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        yield from life.plan(day, Random(rng.getrandbits(64)))
        if starts <= day.index < starts + days:
            spot = Spot(person.home.city, person.home.address(day.index, rng))
            for span in hourly(stretch(day, 0.0, 24 * 60)):
                yield run(tablet, spot, span, script, rng, account=account, affair=None)

    return replace(life, plan=plan)


def smart_tv(birth: Birth) -> Inhabitant:
    """Make a family whose television plays in the evening while somebody uses a laptop elsewhere."""
    rng, account = birth.rng, birth.account(product="inspiration")
    person = households.with_devices(birth.pools, households.some_city(rng), rng)
    life = innocent(account, person, busier=0.7)
    television = Device(
        f"{rng.getrandbits(96):024x}", "tv", rng.choice(TELEVISIONS), greeting("okhttp"), lasting_session=True
    )

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        yield from life.plan(day, Random(rng.getrandbits(64)))
        spot = Spot(person.home.city, person.home.address(day.index, rng))
        for begins_h in (rng.uniform(9.5, 15.0), rng.uniform(18.5, 20.5))[0 if day.weekend else 1 :]:
            if rng.random() < 0.75:  # noqa: PLR2004 - evenings with television
                span, login = stretch(day, begins_h, rng.uniform(30, 170)), day.index % 14 == 0
                yield run(television, spot, span, Watch(login), rng, account=account, affair=None)

    return replace(life, plan=plan)


def sequential_reader(birth: Birth) -> Inhabitant:
    """Make somebody blind who goes through pages one after the other, faster than others read.

    A screen reader at three times the usual speed jumps from heading to heading: a page in some seconds.
    """
    rng, account = birth.rng, birth.account()
    person = households.with_one_device(birth.pools, households.some_city(rng), rng)
    life = innocent(account, person, busier=0.6)
    pace, step = Pace(rng.uniform(5_000, 14_000), spread=0.7), rng.randrange(1_000, 90_000)

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        for visit in life.plan(day, rng):
            opens = isinstance(visit.script, Browse) and visit.script.login
            walk = Walk(rng.randrange(site.THINGS), step=step, forms=PAGE_FORMS, listed=12, gone=0.01)
            yield replace(visit, script=Rendered(walk, pace, login=opens, fresh=1_000))

    return replace(life, plan=plan)


def api_app(birth: Birth) -> Inhabitant:
    """Make somebody with a small app that calls itself by the API's name and never loads an asset."""
    rng = birth.rng
    person = households.with_one_device(birth.pools, households.some_city(rng), rng)
    agent = f"YouCloudLite/2.{rng.randrange(1, 7)} (Android {rng.randrange(11, 16)}) okhttp/4.12.0"
    app = Device(f"{rng.getrandbits(96):024x}", "api", agent, greeting("okhttp"), lasting_session=True)
    mobile = replace(person, at_home=app, at_work=app)
    return innocent(birth.account(), mobile, busier=1.2)


def licensed_downloader(birth: Birth) -> Inhabitant:
    """Make a customer of the API who downloads in bulk at night, with an entry that allows this client."""
    rng = birth.rng
    account = birth.account()
    spot = (hideouts.rented if rng.random() < 0.7 else hideouts.at_home)(birth.pools, rng)  # noqa: PLR2004 - mostly
    client = f"api:{birth.name('customer')}"
    tool = replace(programs.library(rng), client=client)
    pace, size, first = (
        Pace(rng.uniform(700, 4_000), spread=0.3),
        rng.randrange(300, 2_500),
        rng.randrange(site.THINGS),
    )
    begins_h = rng.uniform(0.5, 5.0)

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        walk = Walk(first + day.index * size)
        span = stretch(day, begins_h + rng.uniform(0, 0.1), size * pace.gap_ms * 1.2 / 60_000)
        script = Harvest(walk, pace, login=True, limit=size)
        yield run(tool, spot, span, script, rng, account=account, affair=None)

    entry = {"kind": "client", "value": client, "reason": "licensed bulk download", "author": "sales"}
    excused = ["crawler", "unauthorized_client", "datacenter_access", "flooding"]
    grant = Grant(account.account_id, {"plan": "enterprise", "allow": [{**entry, "for": excused}]})
    return Inhabitant(accounts=(account,), plan=plan, grants=(grant,))


def proxied_office(birth: Birth) -> Inhabitant:
    """Make some colleagues behind a firm's proxy that says truly for which desk it asks."""
    rng, pools = birth.rng, birth.pools
    office, org_id = lines.office_line(pools, households.some_city(rng), rng), birth.name("org")
    lives, desks = [], []
    for number in range(rng.randrange(4, 13)):
        account = birth.account(number, product="youcloud365", org_id=org_id, role="seat")
        lives.append(innocent(account, households.office_worker(pools, office, rng)))
        desks.append(Honest(private(rng)))

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        outside = office.address(day.index, rng)
        for life, desk in zip(lives, desks, strict=True):
            for visit in life.plan(day, Random(rng.getrandbits(64))):
                inside = visit.ip == outside
                yield replace(visit, script=Forwarded(visit.script, desk)) if inside else visit

    network = Subject(type="network", id=office.address(0, Random(0)))
    return Inhabitant(accounts=tuple(life.accounts[0] for life in lives), plan=plan, quiet=(network,))


def _stays(visit: Visit) -> bool:
    return isinstance(visit.script, Browse) and not visit.script.logout

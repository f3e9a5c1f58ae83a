"""Programs at work, crawlers and one that guesses passwords: how each is made."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from detector.scoring.labels import Subject
from detector.simulate.world import devices, households, lines
from detector.simulate.world.inhabitants import Birth, Charge, Inhabitant, account_subject, innocent
from detector.simulate.world.tools import Crawl, Guess
from detector.simulate.world.visits import Day, Visit

ATTACK_EVERY_DAYS = 3


def fast_crawler(birth: Birth) -> Inhabitant:
    """Make a crawler that takes all it can in bursts of minutes, several times a day."""
    return _crawler(birth, "blatant", gap_ms=birth.rng.uniform(400, 1100), spread=0.45, whole_day=False)


def slow_crawler(birth: Birth) -> Inhabitant:
    """Make a crawler that takes two or three pages a minute, evenly, day and night."""
    return _crawler(birth, "clear", gap_ms=birth.rng.uniform(22_000, 50_000), spread=0.1, whole_day=True)


def anonymous_crawler(birth: Birth) -> Inhabitant:
    """Make a visitor without account whose program reads the public pages from one address."""
    return _crawler(
        birth, "clear", gap_ms=birth.rng.uniform(4_000, 9_000), spread=0.35, whole_day=False, known=False
    )


def attacked(birth: Birth) -> Inhabitant:
    """Make an innocent account whose password a stranger's program guesses at, every few days."""
    rng, account = birth.rng, birth.account()
    person = households.with_one_device(birth.pools, households.some_city(rng), rng)
    life = innocent(account, person)
    line = lines.cloud_line(birth.pools, rng) if rng.random() < 0.6 else _home(birth)  # noqa: PLR2004 - mostly
    line, tool = replace(line, lease_days=lines.FOREVER_DAYS, blocks6=()), devices.script(rng)
    address = line.address(0, rng)

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        yield from life.plan(day, rng)
        if day.index % ATTACK_EVERY_DAYS == 0:
            start_ms = day.at_ms(rng.uniform(1.0, 22.0))
            yield Visit(
                account=account,
                device=tool,
                city=line.city,
                ip=address,
                session_id=None,
                start_ms=start_ms,
                end_ms=start_ms + 3_600_000,
                script=Guess(tries=rng.randrange(90, 300), gap_ms=rng.uniform(700, 4_000)),
                seed=rng.getrandbits(64),
                affair=0,
            )

    alternatives = (Subject(type="network", id=address), Subject(type="network", id=_prefix(address)))
    charge = Charge(account_subject(account), "credential_attack", "blatant", alternatives=alternatives)
    return replace(life, plan=plan, charges=(charge,))


def _crawler(
    birth: Birth, difficulty: str, *, gap_ms: float, spread: float, whole_day: bool, known: bool = True
) -> Inhabitant:
    """Make one program on one line, in hourly visits round the clock, or some stretches a day."""
    rng = birth.rng
    in_cloud = rng.random() < 0.5  # noqa: PLR2004 - as often rented as at home
    line = lines.cloud_line(birth.pools, rng) if in_cloud else replace(_home(birth), blocks6=())
    line, tool = replace(line, lease_days=lines.FOREVER_DAYS), devices.script(rng)
    address, first_thing, offset_h = line.address(0, rng), rng.randrange(300_000), rng.random()
    account = birth.account() if known else None
    form = "/api/v2/materials/{}" if known else "/materials/{}"

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        spans = _hours(offset_h) if whole_day else _stretches(rng, gap_ms)
        session = f"{rng.getrandbits(64):016x}" if known else None
        for number, (start_h, end_h) in enumerate(spans):
            start = first_thing + day.index * 11_000 + int(start_h * 440)
            yield Visit(
                account=account,
                device=tool,
                city=line.city,
                ip=address,
                session_id=session,
                start_ms=day.at_ms(start_h),
                end_ms=day.at_ms(end_h),
                script=Crawl(gap_ms, spread, start, form, login=known and number == 0),
                seed=rng.getrandbits(64),
                affair=0,
            )

    own = account_subject(account) if account is not None else None
    network = Subject(type="network", id=address)
    others = (Subject(type="network", id=_prefix(address)), Subject(type="account", id=f"anon:{address}"))
    charge = Charge(
        subject=own if own is not None else network,
        category="crawler",
        difficulty=difficulty,
        also=("datacenter_access",) if in_cloud else (),
        alternatives=(network,) if own is not None else others,
    )
    return Inhabitant(accounts=() if account is None else (account,), plan=plan, charges=(charge,))


def _hours(offset_h: float) -> list[tuple[float, float]]:
    """Return a day in hourly pieces, so that no visit holds a day's events at once."""
    return [(hour + offset_h, hour + offset_h + 1.0) for hour in range(24)]


def _stretches(rng: Random, gap_ms: float) -> list[tuple[float, float]]:
    """Draw two to four stretches of a few hundred requests, at any hour."""
    starts = sorted(24 * (n + rng.uniform(0.05, 0.6)) / 4 for n in rng.sample(range(4), rng.randrange(2, 5)))
    return [(start, start + rng.uniform(250, 600) * gap_ms / 3_600_000) for start in starts]


def _home(birth: Birth) -> lines.Line:
    return lines.home_line(birth.pools, households.some_city(birth.rng), birth.rng)


def _prefix(address: str) -> str:
    return f"{address.rpartition('.')[0]}.0/24"

"""The abusers and the attacked: how each kind is made. They work in sessions as people do who do that."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

from detector.simulate import devices, households, lines
from detector.simulate.inhabitants import Birth, Inhabitant, innocent
from detector.simulate.labels import Subject
from detector.simulate.people import Habits, Person, Stay, visits
from detector.simulate.tools import Crawl, Guess
from detector.simulate.visits import Day, Visit

# Those who share or rent an account do so because they use it much.
HEAVY = Habits(median_minutes=16.0)
ABUSIVE = replace(HEAVY, abusive=True)
SHARERS_BUSY = 1.6
ATTACK_EVERY_DAYS = 3


def pair_one_city(birth: Birth) -> Inhabitant:
    """Make two friends in one city, each with a laptop: nothing but the overlap shows it."""
    city = households.some_city(birth.rng)
    people = [households.with_one_device(birth.pools, city, birth.rng) for _ in range(2)]
    return _shared(birth, people, "subtle", also=())


def pair_two_cities(birth: Birth) -> Inhabitant:
    """Make two people far apart, both at work during the day."""
    city = households.some_city(birth.rng)
    cities = (city, households.far_city(birth.rng, city))
    people = [households.with_one_device(birth.pools, city, birth.rng) for city in cities]
    return _shared(birth, people, "clear", also=("city_switching",))


def group(birth: Birth) -> Inhabitant:
    """Make three to six people in one to three cities, some with a phone as well."""
    rng = birth.rng
    first = households.some_city(rng)
    cities = [first, *(households.far_city(rng, first) for _ in range(2))][: rng.randrange(1, 4)]
    makers = (households.with_one_device, households.with_devices)
    people = [rng.choice(makers)(birth.pools, rng.choice(cities), rng) for _ in range(rng.randrange(3, 7))]
    return _shared(birth, people, "blatant", also=("city_switching", "account_transfer"))


def datacenter_user(birth: Birth) -> Inhabitant:
    """Make somebody who works like anybody, but mostly on a machine in a cloud provider's network."""
    person = households.cloud_desktop_user(birth.pools, birth.rng)
    if birth.rng.random() < 0.4:  # noqa: PLR2004 - share of those who go home to an ordinary line
        person = replace(person, home=lines.home_line(birth.pools, person.work.city, birth.rng))
    regular = innocent(birth.account(), person, busier=1.5)

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        return [
            replace(v, abusive=v.ip == person.work.address(day.index, rng)) for v in regular.plan(day, rng)
        ]

    return replace(regular, plan=plan, category="datacenter_access", difficulty="clear")


def city_hopper(birth: Birth) -> Inhabitant:
    """Make one laptop behind other people's home lines, a few far cities by turns in a day."""
    rng, pools, account = birth.rng, birth.pools, birth.account()
    person = households.with_one_device(pools, households.some_city(rng), rng)
    number = rng.randrange(3, 6)
    cities = [person.home.city]
    while len(cities) < number:
        city = households.some_city(rng)
        if all(city.region != other.region for other in cities):
            cities.append(city)
    exits = [lines.proxy_line(pools, city, rng) for city in cities]

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        hours = [9.3 + 1.6 * n + rng.uniform(0.0, 0.6) for n in range(rng.randrange(5, 9))]
        turns = [rng.randrange(len(exits)) + n for n in range(len(hours))]
        stays = [
            Stay(
                hour, hour + 0.9, exits[turn % len(exits)], person.at_work, 4.0, exits[turn % len(exits)].city
            )
            for hour, turn in zip(hours, turns, strict=True)
        ]
        return visits(account, stays, day, rng, ABUSIVE)

    return Inhabitant(
        account=account,
        plan=plan,
        subject=Subject(type="account", id=account.account_id),
        category="city_switching",
        difficulty="clear",
        also=("account_sharing",),
    )


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
                abusive=True,
            )

    alternatives = (Subject(type="network", id=address), Subject(type="network", id=_prefix(address)))
    return replace(
        life, plan=plan, category="credential_attack", difficulty="blatant", alternatives=alternatives
    )


def _shared(birth: Birth, people: Sequence[Person], difficulty: str, also: tuple[str, ...]) -> Inhabitant:
    """Make one account of several people; the label is about what those beside the first do."""
    account = birth.account()

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        for number, person in enumerate(people):
            own = Random(f"{rng.getrandbits(64)}/{number}")
            habits = ABUSIVE if number else HEAVY
            yield from visits(account, person.stays(day, own), day, own, habits, SHARERS_BUSY * person.busy)

    return Inhabitant(
        account=account,
        plan=plan,
        subject=Subject(type="account", id=account.account_id),
        category="account_sharing",
        difficulty=difficulty,
        also=also,
    )


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
                abusive=True,
            )

    own = Subject(type="account", id=account.account_id) if account is not None else None
    network = Subject(type="network", id=address)
    others = (Subject(type="network", id=_prefix(address)), Subject(type="account", id=f"anon:{address}"))
    return Inhabitant(
        account=account,
        plan=plan,
        subject=own if own is not None else network,
        category="crawler",
        difficulty=difficulty,
        also=("datacenter_access",) if in_cloud else (),
        alternatives=(network,) if own is not None else others,
    )


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

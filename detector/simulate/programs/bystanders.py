"""Programs that do no harm: monitors, health checks, feed readers, search engines; none has an account."""

from collections.abc import Iterable, Sequence
from random import Random

from detector.scoring.labels import Subject
from detector.simulate.programs import hideouts
from detector.simulate.programs.hideouts import Spot, networks
from detector.simulate.programs.pace import Pace
from detector.simulate.programs.polling import KeepToRobots, Poll
from detector.simulate.programs.programs import greeting
from detector.simulate.programs.runs import hourly, run, stretch, whole_day
from detector.simulate.programs.search_bots import crawler_of
from detector.simulate.world.devices import Device
from detector.simulate.world.inhabitants import Birth, Inhabitant
from detector.simulate.world.strength import spread
from detector.simulate.world.visits import Day, Visit

MONITORS = (
    "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
    "Better Stack Better Uptime Bot Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36",
    "Site24x7",
)
CHECKS = ("kube-probe/1.29", "Blackbox Exporter/0.25.0", "ELB-HealthChecker/2.0", "Zabbix")
READERS = (
    "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers; like FeedFetcher-Google)",
    "Mozilla/5.0 (compatible; inoreader.com; 7 subscribers)",
    "NetNewsWire (RSS Reader; https://netnewswire.com/)",
    "Tiny Tiny RSS/24.06 (https://tt-rss.org/)",
    "FreshRSS/1.24.1 (Linux; https://freshrss.org)",
)


def uptime_monitor(birth: Birth) -> Inhabitant:
    """Make a service that asks for one page every minute to five, day and night, from a few places."""
    rng = birth.rng
    spots = [hideouts.rented(birth.pools, rng) for _ in range(rng.randrange(1, 5))]
    tool = Device(None, None, rng.choice(MONITORS), greeting("go"))
    gap_ms = rng.choice((60_000.0, 120_000.0, 300_000.0))
    path = rng.choice(("/", "/login", "/status"))
    return _round_the_clock(tool, spots, Poll((path,), Pace(gap_ms * len(spots), spread=0.002)))


def health_check(birth: Birth) -> Inhabitant:
    """Make a load balancer's or a platform's check: one or two paths every ten to thirty seconds."""
    rng = birth.rng
    tool = Device(None, None, rng.choice(CHECKS), greeting("go"))
    paths = rng.choice((("/healthz",), ("/healthz", "/readyz"), ("/api/v2/ping",)))
    script = Poll(paths, Pace(rng.choice((10_000.0, 15_000.0, 30_000.0)), spread=0.002), bytes=15)
    return _round_the_clock(tool, [hideouts.rented(birth.pools, rng)], script)


def feed_reader(birth: Birth) -> Inhabitant:
    """Make a reader that fetches the same few feeds every quarter of an hour to two hours."""
    rng = birth.rng
    spot = (hideouts.rented if rng.random() < 0.6 else hideouts.at_home)(birth.pools, rng)  # noqa: PLR2004 - mostly a service
    tool = Device(None, None, rng.choice(READERS), greeting("httpx"))
    feeds = tuple(f"/feeds/{name}.xml" for name in ("rankings", "news", "materials")[: rng.randrange(1, 4)])
    pace = Pace(spread(rng, 900_000, 7_200_000) / len(feeds), spread=0.02)
    return _round_the_clock(tool, [spot], Poll(feeds, pace, share_304=0.8, bytes=9_000))


def search_bot(birth: Birth) -> Inhabitant:
    """Make a search engine's crawler from published addresses: robots.txt first, then pages at leisure."""
    rng = birth.rng
    tool, spots = crawler_of(rng)
    pages, gap_ms = round(spread(rng, 100, 900)), spread(rng, 4_000, 40_000)

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        visits = rng.randrange(4, 12)
        for number in range(visits):
            count = max(2, round(pages / visits * rng.uniform(0.5, 1.5)))
            hours = count * gap_ms * 1.4 / 3_600_000
            span = stretch(day, rng.uniform(0.0, max(0.1, 23.9 - hours)), hours * 60)
            script = KeepToRobots(count, Pace(gap_ms, spread=0.5), robots=number == 0)
            yield run(tool, rng.choice(spots), span, script, rng, affair=None)

    return Inhabitant(accounts=(), plan=plan, quiet=_visitors(spots))


def _round_the_clock(tool: Device, spots: Sequence[Spot], script: Poll) -> Inhabitant:
    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        for spot in spots:
            begins_ms = rng.randrange(4_000)
            for start_ms, end_ms in hourly(whole_day(day)):
                yield run(tool, spot, (start_ms + begins_ms, end_ms), script, rng, affair=None)

    return Inhabitant(accounts=(), plan=plan, quiet=_visitors(spots))


def _visitors(spots: Sequence[Spot]) -> tuple[Subject, ...]:
    """Return the addresses and the visitors from them; a prefix may hold others who are not innocent."""
    return tuple(one for one in networks(*spots) if "/" not in one.id)

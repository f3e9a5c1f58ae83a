"""Crawlers that page by queries or write ever other agents, and innocents who look like them."""

from collections.abc import Iterator, Sequence

from detector.rules.base import ONE_GREETING
from detector.rules.crawl_in_order import CrawlInOrder
from detector.rules.crawl_rate import CrawlRate
from detector.rules.crawl_regularity import CrawlRegularity
from detector.stages.queries import LEAFED
from tests.rules.events import (
    CHROME,
    LAPTOP,
    MINUTE_MS,
    NOON_MS,
    PHONE_APP,
    SECOND_MS,
    Event,
    Hand,
    every,
    unevenly,
)

AGENTS = (
    CHROME,
    CHROME.replace("Chrome/136.0.0.0", "Chrome/136.0.0.0 Edg/136.0.0.0"),
    CHROME.replace("Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7"),
    CHROME.replace("Windows NT 10.0; Win64; x64", "X11; Linux x86_64"),
    PHONE_APP,
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
)


def greeted(hands: Sequence[Hand], times_ms: Sequence[int], *, apart: bool) -> Iterator[Event]:
    """Ask for other pages by turns, each with a TLS fingerprint of its own or all with one."""
    for number, time_ms in enumerate(times_ms):
        hand = hands[number * 5 % len(hands)]
        page = hand.request(time_ms, f"/material/{number * number * 7919 % 1_000_003}/x")
        yield page | {"tls_fingerprint": f"t13d-{number * 5 % len(hands) if apart else 'one'}"}


VISITORS = tuple(Hand(agent=agent, account=None, device=None) for agent in AGENTS)


def other_agents_in_one_greeting(step: int) -> Iterator[Event]:
    """A good bit more, or less, than the threshold: fresh paths are counted by a sketch."""
    count = round(ONE_GREETING * CrawlRate().paths * (1.15 + 0.3 * step))
    yield from greeted(VISITORS, unevenly(6 * SECOND_MS, count), apart=False)


def other_agents_by_a_timer(step: int) -> Iterator[Event]:
    yield from greeted(VISITORS, every(30 * SECOND_MS, CrawlRegularity().gaps + step + 1), apart=False)


def other_agents_in_order(step: int) -> Iterator[Event]:
    """The first two pages are no steps."""
    for number, time_ms in enumerate(unevenly(MINUTE_MS, CrawlInOrder().steps + 2 + step)):
        yield VISITORS[number % 6].request(time_ms, f"/things/{number + 1}")


def deep_into_a_list(step: int) -> Iterator[Event]:
    """Page after page of one list by its query; what people leaf through, and two more, are no steps."""
    for number, time_ms in enumerate(unevenly(MINUTE_MS, LEAFED + 2 + CrawlInOrder().steps + step), 1):
        yield LAPTOP.request(time_ms, f"/api/list?page={number}&size=20&t={time_ms}")


def deep_lists_by_a_timer(step: int) -> Iterator[Event]:
    """Places in one list, by its query."""
    times_ms = every(30 * SECOND_MS, CrawlRegularity().gaps + step + 1)
    yield from (LAPTOP.request(time_ms, f"/api/list?offset={1000 + time_ms % 10**7}") for time_ms in times_ms)


def scrolling_through_feeds() -> Iterator[Event]:
    """All day: of each of many feeds as many screens as people scroll through, one in three seconds."""
    for number in range(40):
        for page, time_ms in enumerate(every(3 * SECOND_MS, LEAFED, NOON_MS + number * 10 * MINUTE_MS), 1):
            yield LAPTOP.request(time_ms, f"/api/feed/{number}?page={page}&t={time_ms}")


def polling_with_a_cursor() -> Iterator[Event]:
    """Every five seconds all day, with ever other words that choose nothing."""
    for number, time_ms in enumerate(every(5 * SECOND_MS, 5_000)):
        yield LAPTOP.request(time_ms, f"/api/events?since_id={9_000 + 3 * number}&_={time_ms}&seq={number}")


def office_behind_one_greeting() -> Iterator[Event]:
    """Dozens of visitors behind a firewall that greets for all, on pages that they share."""
    for number, time_ms in enumerate(unevenly(20 * SECOND_MS, 1_500)):
        page = VISITORS[number * 5 % 6].request(time_ms, f"/material/{number * number * 7919 % 907}/x")
        yield page | {"tls_fingerprint": "t13d-firewall"}


def many_browsers_of_visitors() -> Iterator[Event]:
    """What one program would be accused of, by six browsers that each greet in their way."""
    yield from greeted(VISITORS, unevenly(6 * SECOND_MS, 560), apart=True)


RATE = (other_agents_in_one_greeting,)
REGULARITY = (other_agents_by_a_timer, deep_lists_by_a_timer)
IN_ORDER = (other_agents_in_order, deep_into_a_list)

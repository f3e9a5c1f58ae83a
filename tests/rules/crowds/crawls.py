"""What the rules about crawls of many must see and must not; see tests/rules/crowds/streams.py."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from detector.rules.crowds.crawl_of_visitors import CrawlOfVisitors
from detector.rules.crowds.crawl_one_address import CrawlOneAddress
from detector.rules.crowds.crawl_one_client import CrawlOneClient
from detector.rules.crowds.crawl_split import CrawlSplit
from tests.rules.events import (
    CHROME,
    HOUR_MS,
    MINUTE_MS,
    NOON_MS,
    PHONE_APP,
    SECOND_MS,
    Event,
    Hand,
    every,
    unevenly,
)
from tests.rules.networks import BEIJING, Network

SCRIPT = "python-requests/2.31.0"
TOLD = 110
"""Pages after which a row has told of about 100: it tells at 2, 4, 7, 13, 25, 50 and 100."""


def elsewhere(number: int) -> Network:
    """One address each in as many /24s."""
    return BEIJING._replace(ip=f"14.16.{number}.7")


def member(number: int, network: Network = BEIJING, agent: str = CHROME) -> Hand:
    """One account of a ring, without a device id."""
    return Hand(network, None, agent, f"ring-{number}")


def walk(hand: Hand, numbers: Sequence[int], times_ms: Sequence[int]) -> Iterator[Event]:
    """Ask for things by their numbers."""
    for number, time_ms in zip(numbers, times_ms, strict=True):
        yield hand.request(time_ms, f"/materials/{number}")


def scattered(hand: Hand, first: int, times_ms: Sequence[int]) -> Iterator[Event]:
    """Ask for different things in no order."""
    yield from walk(
        hand, [(first + place) ** 2 * 7919 % 1_000_003 for place in range(len(times_ms))], times_ms
    )


def slowly(count: int, number: int = 0) -> list[int]:
    """Return moments half a minute apart, and a second later for each `number`."""
    return every(30 * SECOND_MS, count, NOON_MS + number * SECOND_MS)


# --- one client --------------------------------------------------------------------------------------------


def scripts_from_everywhere(step: int) -> Iterator[Event]:
    for number in range(CrawlOneClient().accounts + step):
        hand = member(number, elsewhere(number), SCRIPT)
        yield from scattered(hand, 1000 * number, unevenly(40 * SECOND_MS, TOLD, NOON_MS + number))


def one_device_with_many_accounts(step: int) -> Iterator[Event]:
    for number in range(CrawlOneClient().accounts + step):
        hand = Hand(elsewhere(number), "farm", CHROME, f"ring-{number}")
        yield from scattered(hand, 1000 * number, slowly(TOLD, number))


def few_pages_of_scripts(step: int) -> Iterator[Event]:
    """Each tells of 50, or of 25."""
    rule = CrawlOneClient()
    for number in range(rule.pages // 50 + step):
        hand = member(number, elsewhere(number), SCRIPT)
        yield from scattered(hand, 1000 * number, slowly(56, number))


def readers_with_one_browser() -> Iterator[Event]:
    """Twelve read, each some dozen pages, in one browser, where no pictures are logged."""
    for number in range(12):
        yield from scattered(member(number, elsewhere(number)), 1000 * number, unevenly(MINUTE_MS, 60))


def browser_that_many_use() -> Iterator[Event]:
    """Four leaf through a catalogue, of whom nobody knows more than that two dozen use their browser."""
    for number in range(28):
        yield member(number, elsewhere(number)).login(NOON_MS - HOUR_MS + number)
    for number in range(4):
        numbers = range(1000 * number, 1000 * number + TOLD)
        yield from walk(member(number, elsewhere(number)), numbers, unevenly(MINUTE_MS, TOLD))


def family_tablet() -> Iterator[Event]:
    """Four of a family, each with some pages of an evening."""
    for number in range(4):
        hand = Hand(BEIJING, "tablet", PHONE_APP, f"child-{number}")
        yield from scattered(hand, 1000 * number, unevenly(MINUTE_MS, 40, NOON_MS + number * HOUR_MS))


# --- one address -------------------------------------------------------------------------------------------


def one_address_in_order(step: int) -> Iterator[Event]:
    for number in range(CrawlOneAddress().accounts + step):
        numbers = range(1000 * number, 1000 * number + TOLD)
        yield from walk(member(number, agent=f"{CHROME} v{number}"), numbers, slowly(TOLD, number))


def neighbours_in_order(step: int) -> Iterator[Event]:
    for number in range(CrawlOneAddress().neighbours + step):
        numbers = range(1000 * number, 1000 * number + TOLD)
        network = BEIJING._replace(ip=f"14.16.0.{number}")
        yield from walk(member(number, network, f"{CHROME} v{number}"), numbers, slowly(TOLD, number))


def office_of_readers() -> Iterator[Event]:
    """Thirty at one address with one browser, in an application that loads no pictures."""
    for number in range(30):
        hand = Hand(BEIJING, f"desk-{number}", CHROME, f"employee-{number}")
        yield from scattered(hand, 1000 * number, unevenly(MINUTE_MS, 60, NOON_MS + number))


# --- a catalogue split -------------------------------------------------------------------------------------


def every_seventh_thing(step: int) -> Iterator[Event]:
    """Browsers of their own at homes of their own, each with the things that are its rest of seven."""
    for number in range(CrawlSplit().accounts + step):
        hand = member(number, elsewhere(number), f"{CHROME} v{number}")
        yield from walk(hand, range(number, number + 7 * TOLD, 7), slowly(TOLD, number))


def things_numbered_by_tens() -> Iterator[Event]:
    """A platform whose things have every tenth number; eight people leaf through some of them."""
    for number in range(8):
        hand = member(number, elsewhere(number), f"{CHROME} v{number}")
        yield from walk(hand, range(5000 * number, 5000 * number + 10 * 60, 10), unevenly(MINUTE_MS, 60))


# --- visitors ----------------------------------------------------------------------------------------------


def visitor(number: int, agent: str, prefix: str = "14.16.0.") -> Hand:
    """A visitor of one network."""
    return Hand(BEIJING._replace(ip=f"{prefix}{number + 1}"), None, agent, None)


def visitors_in_order(step: int) -> Iterator[Event]:
    """Each takes some pages of its own, in order, with an agent of its own."""
    for number in range(CrawlOfVisitors().visitors + step):
        numbers = range(1000 * number, 1000 * number + 14)
        yield from walk(visitor(number, f"{CHROME} v{number}"), numbers, slowly(14, number))


def addresses_by_turns(step: int) -> Iterator[Event]:
    """Every page comes from another address of a /64, and the numbers rise."""
    rule = CrawlOfVisitors()
    for number, time_ms in enumerate(every(20 * SECOND_MS, rule.pages + step)):
        hand = visitor(number, f"{CHROME} v{number % 9}", "2408:8000:1:2::")
        yield hand.request(time_ms, f"/materials/{40 * number + number % 7}")


def scripts_of_one_network(step: int) -> Iterator[Event]:
    for number in range(CrawlOfVisitors().visitors + step):
        yield from scattered(visitor(number, SCRIPT), 1000 * number, slowly(14, number))


def one_browser_in_a_network(step: int) -> Iterator[Event]:
    for number in range(2 * CrawlOfVisitors().visitors + step):
        yield from scattered(
            visitor(number, CHROME), 1000 * number, unevenly(MINUTE_MS, 14, NOON_MS + number)
        )


def visitors_behind_a_carrier() -> Iterator[Event]:
    """Sixty phones on addresses of one /24, each of another make, each after what a search showed."""
    for number in range(60):
        hand = visitor(number, PHONE_APP.replace("V2309A", f"V23{number}A"))
        yield from scattered(hand, 1000 * number, unevenly(MINUTE_MS, 14, NOON_MS + number * MINUTE_MS))


def computer_room() -> Iterator[Event]:
    """Thirty equal computers with an address each; all begin with the same pages."""
    for number in range(30):
        hand, start_ms = visitor(number, CHROME), NOON_MS + number * 7 * SECOND_MS
        for page, time_ms in enumerate(unevenly(MINUTE_MS, 14, start_ms)):
            yield hand.request(time_ms, ("/", "/rankings", "/lesson", "/search")[page % 4] + f"/{page % 7}")


CROSSINGS: Final[dict[str, tuple[Callable[[int], Iterator[Event]], ...]]] = {
    "crawl_one_client": (scripts_from_everywhere, one_device_with_many_accounts, few_pages_of_scripts),
    "crawl_one_address": (one_address_in_order, neighbours_in_order),
    "crawl_split": (every_seventh_thing,),
    "crawl_of_visitors": (
        visitors_in_order,
        addresses_by_turns,
        scripts_of_one_network,
        one_browser_in_a_network,
    ),
}
INNOCENT: Final[dict[str, tuple[Callable[[], Iterator[Event]], ...]]] = {
    "crawl_one_client": (readers_with_one_browser, browser_that_many_use, family_tablet),
    "crawl_one_address": (office_of_readers,),
    "crawl_split": (things_numbered_by_tens,),
    "crawl_of_visitors": (visitors_behind_a_carrier, computer_room),
}

"""What the rules about greetings must see and must not; see tests/rules/crowds/streams.py."""

from collections.abc import Callable, Iterator
from typing import Final

from detector.rules.crowds.false_greeting import FalseGreeting
from detector.rules.crowds.flood_together import FloodTogether
from tests.rules.events import CHROME, HOUR_MS, NOON_MS, SECOND_MS, Event, Hand
from tests.rules.networks import BEIJING, SHANGHAI, Network

LIBRARY = "t13d-of-a-library"
SCRIPT = "python-requests/2.31.0"
APP = "YouCloud/5.2 (Android 14)"


def elsewhere(number: int) -> Network:
    """One address each in as many /24s."""
    return BEIJING._replace(ip=f"14.16.{number}.7")


def greets(hand: Hand, number: int, client: str | None, greeting: str = LIBRARY) -> Event:
    """Log in, or as a visitor look at something; from the hundredth on, a day later."""
    time_ms = NOON_MS + number * SECOND_MS + (24 * HOUR_MS if number >= 100 else 0)
    event = hand.login(time_ms) if hand.account else hand.request(time_ms, f"/page/{number % 3}")
    return event | {"tls_fingerprint": greeting} | ({} if client is None else {"client": client})


def programs(count: int, network: Callable[[int], Network] = elsewhere) -> Iterator[Event]:
    """Visitors who say with which library they come."""
    for number in range(count):
        yield greets(Hand(network(number), None, SCRIPT, None), number, None)


def browser_over_a_library(step: int) -> Iterator[Event]:
    yield from programs(FalseGreeting().programs + step)
    yield greets(Hand(elsewhere(90), None, CHROME, "masked"), 100, "web")


def application_over_a_library(step: int) -> Iterator[Event]:
    yield from programs(FalseGreeting().programs + step)
    yield greets(Hand(elsewhere(90), None, APP, "masked"), 100, "android")


def office_behind_a_firewall() -> Iterator[Event]:
    """Its firewall greets for all, the programs of three of its people among them."""
    yield from programs(8, lambda number: BEIJING._replace(ip=f"14.16.0.{number + 1}"))
    for number in range(20):
        hand = Hand(BEIJING, f"desk-{number}", CHROME, f"employee-{number}")
        yield greets(hand, 20 + number, "web")
        yield greets(hand.behind(elsewhere(90)), 100 + number, "web")


def browsers_that_some_programs_greet_like() -> Iterator[Event]:
    """Forty people with one browser, and nine programs built to greet as it does."""
    yield from programs(9)
    for number in range(40):
        hand = Hand(elsewhere(100 + number), f"laptop-{number}", CHROME, f"reader-{number}")
        yield greets(hand, 20 + number, "web")
        yield greets(hand.behind(elsewhere(90)), 100 + number, "web")


def applications_built_with_a_library() -> Iterator[Event]:
    """The platform's own application, whose library programs use as well."""
    yield from programs(9)
    for number in range(12):
        hand = Hand(elsewhere(100 + number), f"phone-{number}", APP, f"caller-{number}")
        yield greets(hand, 20 + number, "android")
        yield greets(hand.behind(elsewhere(90)), 100 + number, "android")


def library_on_its_first_day() -> Iterator[Event]:
    """Nine programs came before the first of those whose greeting it is."""
    yield from programs(9)
    yield greets(Hand(elsewhere(90), "laptop", CHROME, "reader"), 99, "web")


def thief_with_a_tool() -> Iterator[Event]:
    """He enters an account whose holder has used it for a day, at home, with a browser of her own."""
    yield from programs(9)
    holder = Hand(BEIJING, "laptop", CHROME, "holder")
    yield greets(holder, 10, "web", "t13d-of-a-browser")
    yield greets(Hand(SHANGHAI, "stolen", CHROME, "holder"), 100, "web")


def knocks(
    number: int, agent: str = CHROME, *, gaps_ms: tuple[int, ...] = (300, 900, 500, 1_400)
) -> Iterator[Event]:
    """Ask for one page thirty times; each visitor begins a second after the one before."""
    hand, time_ms = Hand(elsewhere(number), None, agent, None), NOON_MS + number * SECOND_MS
    for ask in range(30):
        own = {"event_id": f"knock-{number}-{ask}", "status": (200, 503)[ask % 2]}
        yield hand.request(time_ms, "/login") | {"tls_fingerprint": LIBRARY} | own
        time_ms += gaps_ms[ask % len(gaps_ms)]


def machines_that_knock(step: int) -> Iterator[Event]:
    for number in range(FloodTogether().visitors + step):
        yield from knocks(number)


def machines_among_few_others(step: int) -> Iterator[Event]:
    """So many more than others with their client that they are most of them."""
    rule = FloodTogether()
    others = 10
    for number in range(others):
        yield greets(Hand(elsewhere(200 + number), None, CHROME, None), number - HOUR_MS // SECOND_MS, None)
    for number in range(round(others * rule.share / (1.0 - rule.share)) + step):
        yield from knocks(number)


def people_before_a_service_that_falters() -> Iterator[Event]:
    """Twenty of forty who have one browser ask again and again, and each has a line of his own."""
    for number in range(40):
        hand = Hand(elsewhere(number), f"laptop-{number}", CHROME, None)
        yield greets(hand, number - HOUR_MS // SECOND_MS, None)
    for number in range(20):
        yield from knocks(number)


def pages_that_ask_by_a_timer() -> Iterator[Event]:
    """Thirty visitors leave a page open which asks for its news every two seconds."""
    for number in range(30):
        yield from knocks(number, gaps_ms=(2_000,))


def visitors_with_ever_other_browsers() -> Iterator[Event]:
    """They knock, all behind one antivirus' greeting, but each has another browser."""
    for number in range(30):
        yield from knocks(number, CHROME.replace("Chrome/", f"Chrome/{number}"))


CROSSINGS: Final[dict[str, tuple[Callable[[int], Iterator[Event]], ...]]] = {
    "false_greeting": (browser_over_a_library, application_over_a_library),
    "flood_together": (machines_that_knock, machines_among_few_others),
}
INNOCENT: Final[dict[str, tuple[Callable[[], Iterator[Event]], ...]]] = {
    "false_greeting": (
        office_behind_a_firewall,
        browsers_that_some_programs_greet_like,
        applications_built_with_a_library,
        library_on_its_first_day,
        thief_with_a_tool,
    ),
    "flood_together": (
        people_before_a_service_that_falters,
        pages_that_ask_by_a_timer,
        visitors_with_ever_other_browsers,
    ),
}

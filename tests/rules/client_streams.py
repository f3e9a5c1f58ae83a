"""Clients by their own word: foreign ones, contradictory ones, and those that only look odd."""

from collections.abc import Iterator

from detector.rules.foreign_client import ForeignClient
from tests.rules.events import CHROME, LAPTOP, MINUTE_MS, PHONE, PHONE_APP, Event, Hand, every

TOOL = "python-requests/2.32.3"
IPAD = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
DESKTOP_PAGES = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
IPHONE_APP = "YouCloud/8.4.1 (iPhone; iOS 17.6.1; Scale/3.00)"
ANDROID_APP = "YouCloud/8.4.0 (Linux; Android 14; V2309A) okhttp/4.12.0"
LICENSED = ({"kind": "client", "value": "plugin:photo", "reason": "licence"},)


def by(client: str, agent: str, count: int, hand: Hand = LAPTOP) -> Iterator[Event]:
    """Read on with a client of a name and an agent."""
    for page in hand.pages(every(MINUTE_MS, count), 3):
        yield page | {"client": client, "user_agent": agent}


def a_plug_in(step: int) -> Iterator[Event]:
    yield from by("plugin:photo", CHROME, ForeignClient().events + step)


def a_telephone_application_on_windows(step: int) -> Iterator[Event]:
    yield from by("ios", CHROME, ForeignClient().contrary + step)


def a_script_that_calls_itself_the_web_client(step: int) -> Iterator[Event]:
    yield from by("web", TOOL, ForeignClient().contrary + step)


def the_platforms_clients() -> Iterator[Event]:
    yield from by("ios", IPHONE_APP, 60, PHONE)
    yield from by("android", ANDROID_APP, 60, Hand(device="other", agent=PHONE_APP))


def an_ipad_that_calls_itself_a_mac() -> Iterator[Event]:
    yield from by("ios", IPAD, 60, PHONE)


def a_phone_that_asks_for_the_desktops_pages() -> Iterator[Event]:
    yield from by("android", DESKTOP_PAGES, 60, PHONE)


def a_client_that_nobody_said_is_not_the_platforms() -> Iterator[Event]:
    yield from by("tv", ANDROID_APP, 60)
    yield from by("api:customer7", TOOL, 30, Hand(device="server"))


def a_licensed_plug_in() -> Iterator[Event]:
    yield from by("plugin:photo", CHROME, 60)


FOREIGN = (a_plug_in, a_telephone_application_on_windows, a_script_that_calls_itself_the_web_client)
OWN = (
    the_platforms_clients,
    an_ipad_that_calls_itself_a_mac,
    a_phone_that_asks_for_the_desktops_pages,
    a_client_that_nobody_said_is_not_the_platforms,
)

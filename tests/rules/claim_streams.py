"""Chains of forwarders: forged ones, and those that proxies, accelerators and offices add."""

from collections.abc import Iterator, Sequence

from detector.rules.forged_source import ForgedSource
from tests.rules.events import CHROME, HOUR_MS, LAPTOP, MINUTE_MS, PHONE, SECOND_MS, Event, Hand, every
from tests.rules.networks import PHONE_SHANGHAI, RELAY_SYDNEY

VISITOR = Hand(device=None, account=None)
EVERYWHERE = ("114.114.114.114", "8.8.8.8", "91.198.174.192", "133.11.0.1", "200.160.2.3", "196.25.1.1")


def forwarded(hand: Hand, times_ms: Sequence[int], chains: Sequence[Sequence[str]]) -> Iterator[Event]:
    """Read on, with one of the chains after the other."""
    for number, time_ms in enumerate(times_ms):
        page = hand.request(time_ms, f"/material/{number % 3}")
        yield page | {"forwarded_for": list(chains[number % len(chains)])}


def impossible_addresses(step: int) -> Iterator[Event]:
    count = ForgedSource().forged + step
    yield from forwarded(LAPTOP, every(MINUTE_MS, count), [[f"24{n % 9}.1.{n}.1"] for n in range(count)])


def addresses_of_networks_by_turns(step: int) -> Iterator[Event]:
    networks = ForgedSource().networks + step
    chains = [[f"{10 + number // 200}.{number % 200}.1.1"] for number in range(networks)]
    yield from forwarded(LAPTOP, every(MINUTE_MS, 40), chains)


def visitors_addresses_by_turns(step: int) -> Iterator[Event]:
    changes = ForgedSource().changes + step
    yield from forwarded(VISITOR, every(SECOND_MS, 1 + changes), [[ip] for ip in EVERYWHERE])


def a_companys_proxy_names_the_computer_behind_it() -> Iterator[Event]:
    yield from forwarded(LAPTOP, every(MINUTE_MS, 200), [["10.20.30.40", "172.16.0.9"]])
    yield from forwarded(LAPTOP, every(MINUTE_MS, 60, LATER_MS), [["10.20.31.7", "172.16.0.9"]])


def an_accelerator_names_the_phone_behind_it() -> Iterator[Event]:
    """A telephone whose carrier sends it through another gateway every time."""
    chains = [["1.86.209.9"], *([f"223.104.{213 + n % 3}.{10 + n}"] for n in range(30))]
    yield from forwarded(PHONE.behind(RELAY_SYDNEY), every(MINUTE_MS, 90), chains)


def many_visitors_come_through_one_proxy() -> Iterator[Event]:
    for number, time_ms in enumerate(every(20 * SECOND_MS, 300)):
        agent = CHROME.replace("136.0", f"{100 + number % 37}.{number}")
        hand = Hand(PHONE_SHANGHAI, None, agent.replace("Windows NT 10.0", SYSTEMS[number % 3]), None)
        yield from forwarded(hand, [time_ms], [[f"{20 + number % 80}.{number % 250}.1.1"]])


def a_proxy_says_that_it_knows_nobody() -> Iterator[Event]:
    yield from forwarded(LAPTOP, every(MINUTE_MS, 60), [["unknown"], ["_hidden7"], ["proxy-3.local"]])


def a_port_stands_behind_the_address() -> Iterator[Event]:
    yield from forwarded(LAPTOP, every(MINUTE_MS, 60), [[f"1.86.208.9:{50_000 + n}"] for n in range(60)])


def failed_logins_forge() -> Iterator[Event]:
    """What failed logins at an account claim is their sender's."""
    for number, time_ms in enumerate(every(HOUR_MS // 2, 9)):
        yield LAPTOP.failure(time_ms) | {"forwarded_for": [f"240.{number}.1.1"]}


SYSTEMS = ("Windows NT 10.0", "X11; Linux x86_64", "Macintosh; Intel Mac OS X 10_15_7")
LATER_MS = every(HOUR_MS, 9)[-1]
FORGED = (impossible_addresses, addresses_of_networks_by_turns, visitors_addresses_by_turns)
HONEST = (
    a_companys_proxy_names_the_computer_behind_it,
    an_accelerator_names_the_phone_behind_it,
    many_visitors_come_through_one_proxy,
    a_proxy_says_that_it_knows_nobody,
    a_port_stands_behind_the_address,
    failed_logins_forge,
)

"""What the rules about logins must see and must not; see tests/rules/crowds/streams.py."""

from collections.abc import Callable, Iterator
from typing import Final

from detector.rules.crowds.accounts_tried import AccountsTried
from detector.rules.crowds.entered_by_attacker import EnteredByAttacker
from detector.rules.crowds.tried_by_one_client import TriedByOneClient
from detector.rules.crowds.tried_from_everywhere import TriedFromEverywhere
from detector.rules.crowds.tries import SLIPS, SOME
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
from tests.rules.networks import BEIJING, PHONE_QINGDAO, Network

# --- accounts tried ----------------------------------------------------------------------------------------

SCRIPT = "python-requests/2.31.0"


def address(number: int) -> Network:
    """One address each in as many /24s."""
    return BEIJING._replace(ip=f"14.16.{number}.7")


def guesser(number: int, network: Network = BEIJING, agent: str = SCRIPT) -> Hand:
    """Who tries an account that is not his; each number is another account."""
    return Hand(network, None, agent, f"tried-{number}")


def nobody(network: Network = BEIJING) -> Hand:
    """Who tries an account that does not exist."""
    return Hand(network, None, SCRIPT, None)


def one_address_tries_accounts(step: int) -> Iterator[Event]:
    for number, time_ms in enumerate(every(20 * SECOND_MS, AccountsTried().accounts + step)):
        yield guesser(number).failure(time_ms)


def one_address_tries_accounts_slowly(step: int) -> Iterator[Event]:
    for number, time_ms in enumerate(every(2 * HOUR_MS, AccountsTried().accounts + step)):
        yield guesser(number).failure(time_ms)


def a_list_of_which_two_exist(step: int) -> Iterator[Event]:
    for number, time_ms in enumerate(unevenly(2 * SECOND_MS, AccountsTried().accounts + step)):
        hand = guesser(number) if number < SOME else nobody()
        yield hand.failure(time_ms, "unknown_account")


def a_list_of_which_none_exists(step: int) -> Iterator[Event]:
    names = SLIPS * (AccountsTried().accounts + step)
    yield from (nobody().failure(time_ms, "unknown_account") for time_ms in unevenly(SECOND_MS, names))


def addresses_of_one_network_try_accounts(step: int) -> Iterator[Event]:
    for number, time_ms in enumerate(every(MINUTE_MS, AccountsTried().accounts + step)):
        network = BEIJING._replace(ip=f"14.16.0.{number % AccountsTried().addresses}")
        yield guesser(number, network).failure(time_ms)


def office_on_monday() -> Iterator[Event]:
    """Forty who were there on Friday; half of them fail once or twice."""
    for number in range(40):
        hand = Hand(BEIJING, f"desk-{number}", CHROME, f"employee-{number}")
        yield hand.login(NOON_MS - 72 * HOUR_MS + number * MINUTE_MS)
        monday_ms = NOON_MS + number * 10 * SECOND_MS
        yield from map(hand.failure, every(5 * SECOND_MS, number % 4, monday_ms))
        yield hand.login(monday_ms + MINUTE_MS)


def office_on_its_first_day() -> Iterator[Event]:
    """Nobody was seen before; half of them mistype what they were given, and then know better."""
    for number in range(40):
        hand = Hand(BEIJING, f"desk-{number}", CHROME, f"employee-{number}")
        first_ms = NOON_MS + number * 45 * SECOND_MS
        yield from map(hand.failure, every(10 * SECOND_MS, number % 2, first_ms))
        yield hand.login(first_ms + MINUTE_MS)


def program_with_a_wrong_name() -> Iterator[Event]:
    """Every ten seconds, with a second of jitter, for a day."""
    for number, time_ms in enumerate(every(10 * SECOND_MS, 8640)):
        yield nobody().failure(time_ms + number % 3 * 300, "unknown_account")


def forgetful_strangers_behind_a_gateway() -> Iterator[Event]:
    """Twelve whose failures nobody resolves, among sixty who log in on phones never seen before."""
    for number, time_ms in enumerate(every(2 * MINUTE_MS, 72)):
        hand = Hand(PHONE_QINGDAO, f"phone-{number}", PHONE_APP, f"caller-{number}")
        yield hand.failure(time_ms) if number % 6 == 0 else hand.login(time_ms)


# --- tried from many addresses -----------------------------------------------------------------------------


def one_client_on_many_addresses(step: int) -> Iterator[Event]:
    rule = TriedByOneClient()
    for number, time_ms in enumerate(every(MINUTE_MS, rule.accounts + step)):
        yield guesser(number, address(number % (2 * rule.addresses))).failure(time_ms)


def one_client_for_days(step: int) -> Iterator[Event]:
    rule = TriedByOneClient()
    for number, time_ms in enumerate(every(8 * HOUR_MS, rule.accounts + step)):
        yield guesser(number, address(number % rule.addresses)).failure(time_ms)


def new_devices_with_a_common_browser() -> Iterator[Event]:
    """Sixty log in on new computers, a third of them at the second try."""
    for number, time_ms in enumerate(every(MINUTE_MS, 60)):
        hand = Hand(address(number), f"new-{number}", CHROME, f"user-{number}")
        if number % 3 == 0:
            yield hand.failure(time_ms)
        if number % 12 > 0:
            yield hand.login(time_ms + 20 * SECOND_MS)


def many_clients_on_many_addresses(step: int) -> Iterator[Event]:
    for number, time_ms in enumerate(every(10 * SECOND_MS, TriedFromEverywhere().pairs + step)):
        place = number // 2
        yield guesser(number, address(place), f"Tool/{place}").failure(time_ms)


def everybody_logs_in_in_the_morning() -> Iterator[Event]:
    """Two hundred, each at home; one in ten fails on a new device and gives up."""
    for number, time_ms in enumerate(every(9 * SECOND_MS, 200)):
        hand = Hand(address(number), f"new-{number}", f"{CHROME} {number}", f"user-{number}")
        yield hand.failure(time_ms) if number % 10 == 0 else hand.login(time_ms)


# --- entered by an attacker --------------------------------------------------------------------------------


def one_of_a_list_fits(step: int) -> Iterator[Event]:
    yield from one_address_tries_accounts(step)
    yield guesser(1000).login(NOON_MS + 10 * MINUTE_MS)


def the_first_of_a_list_fits(step: int) -> Iterator[Event]:
    yield guesser(1000).login(NOON_MS - SECOND_MS)
    yield from one_address_tries_accounts(step)


def one_fits_a_client_on_many_addresses(step: int) -> Iterator[Event]:
    yield guesser(1000, address(0)).login(NOON_MS - SECOND_MS)
    for number, time_ms in enumerate(every(MINUTE_MS, EnteredByAttacker().rare + step)):
        yield guesser(number, address(number % 5)).failure(time_ms)


CROSSINGS: Final = {
    "accounts_tried": (
        one_address_tries_accounts,
        one_address_tries_accounts_slowly,
        a_list_of_which_two_exist,
        a_list_of_which_none_exists,
        addresses_of_one_network_try_accounts,
    ),
    "tried_by_one_client": (one_client_on_many_addresses, one_client_for_days),
    "tried_from_everywhere": (many_clients_on_many_addresses,),
    "entered_by_attacker": (
        one_of_a_list_fits,
        the_first_of_a_list_fits,
        one_fits_a_client_on_many_addresses,
    ),
}
INNOCENT: Final[dict[str, tuple[Callable[[], Iterator[Event]], ...]]] = {
    "accounts_tried": (
        office_on_monday,
        office_on_its_first_day,
        program_with_a_wrong_name,
        forgetful_strangers_behind_a_gateway,
    ),
    "tried_by_one_client": (new_devices_with_a_common_browser,),
    "tried_from_everywhere": (new_devices_with_a_common_browser, everybody_logs_in_in_the_morning),
    "entered_by_attacker": (forgetful_strangers_behind_a_gateway, office_on_its_first_day),
}

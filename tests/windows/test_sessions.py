"""Sessions that moved, and what is excused then."""

from dataclasses import replace
from typing import Any

import pytest

from detector.categories import DONE_BITS
from detector.enrich import ClientKind
from detector.windows.sessions import PROGRAMS
from tests.support.spots import BEIJING, CHENGDU, SHANGHAI, SHANGHAI_6, SHANGHAI_OTHER_LINE, Account, Spot

CHROME: dict[str, Any] = {"fingerprint": 11, "family": 1, "major": 136}
EDGE: dict[str, Any] = {"fingerprint": 12, "family": 2, "major": 136}
UNTOLD = replace(BEIJING, anchored=0)
OLDER: dict[str, Any] = {**CHROME, "major": 120}
NEWER: dict[str, Any] = {**CHROME, "major": 137}


@pytest.fixture
def account() -> Account:
    """In session 5, with Chrome on device 1 in Shanghai."""
    account = Account()
    account.sees(0, SHANGHAI, device=1, session=5, **CHROME)
    return account


@pytest.mark.parametrize(
    ("minute", "spot", "device", "client", "moved"),
    [
        pytest.param(5, BEIJING, 0, EDGE, 1, id="another browser far away"),
        pytest.param(600, BEIJING, 9, EDGE, 1, id="hours later"),
        pytest.param(5, BEIJING, 0, OLDER, 1, id="an older version"),
        pytest.param(5, SHANGHAI_OTHER_LINE, 0, NEWER, 0, id="the same browser, updated"),
        pytest.param(600, BEIJING, 0, NEWER, 0, id="updated on the way"),
        pytest.param(5, BEIJING, 1, NEWER, 0, id="updated on its device"),
        pytest.param(5, BEIJING, 0, NEWER, 1, id="without its id, newer, at once far away"),
        pytest.param(5, BEIJING, 0, CHROME, 1, id="without its id, at once far away"),
        pytest.param(5, UNTOLD, 0, CHROME, 0, id="without its id, where no place can be told"),
        pytest.param(5, replace(SHANGHAI_6, region=99), 0, NEWER, 1, id="without its id, newer, by IPv6"),
        pytest.param(600, BEIJING, 9, NEWER, 1, id="another device in another version, far away"),
        pytest.param(1200, BEIJING, 9, NEWER, 0, id="another device in another version, a day later"),
        pytest.param(600, SHANGHAI_OTHER_LINE, 1, OLDER, 1, id="the same device goes back a version"),
        pytest.param(5, BEIJING, 9, CHROME, 1, id="another device, at once, far away"),
        pytest.param(600, BEIJING, 9, CHROME, 0, id="another device, hours later"),
        pytest.param(5, BEIJING, 1, EDGE, 0, id="the same device"),
        pytest.param(5, SHANGHAI, 9, EDGE, 0, id="the same network"),
        pytest.param(5, SHANGHAI_OTHER_LINE, 9, EDGE, 1, id="another line of the city, at once"),
        pytest.param(600, SHANGHAI_OTHER_LINE, 9, EDGE, 0, id="another line of the city, hours later"),
        pytest.param(600, replace(SHANGHAI_6, region=99), 9, EDGE, 0, id="another IP version, hours later"),
    ],
)
def test_a_session_has_moved_where_its_client_cannot_have_gone(
    account: Account, minute: float, spot: Spot, device: int, client: dict[str, Any], moved: int
) -> None:
    assert moved == account.asks(minute, spot=spot, device=device, session=5, **client)["moved"]


def test_another_session_is_another_matter(account: Account) -> None:
    assert 0 == account.asks(5, spot=BEIJING, device=0, session=6, **EDGE)["moved"]


def test_an_application_and_the_browser_inside_it_are_one_client() -> None:
    account = Account()
    account.sees(0, SHANGHAI, device=0, session=5, handheld=1, **CHROME)
    seen = account.asks(5, spot=BEIJING, device=0, session=5, handheld=1, **EDGE)
    assert 0 == seen["moved"]


def test_every_network_of_the_thief_is_a_move_and_his_doing_is_excused(account: Account) -> None:
    for count, spot in enumerate((BEIJING, CHENGDU), 1):
        seen = account.asks(count, spot=spot, device=0, session=5, **EDGE)
        assert (count, DONE_BITS) == (seen["moves_24h"], seen["excused"])
    assert 0 == account.asks(3, spot=SHANGHAI, device=1, session=5, **CHROME)["excused"]


def test_what_a_thief_asks_for_is_not_the_accounts_asking(account: Account) -> None:
    for number in range(20):
        seen = account.asks(1 + number / 10, spot=BEIJING, device=0, session=5, **EDGE)
    assert 0 == seen["requests_24h"]


def test_a_thief_who_began_nearby_is_no_witness_for_his_next_network(account: Account) -> None:
    account.asks(5, spot=replace(SHANGHAI, prefix=77), device=0, session=5, **EDGE)
    assert 1 == account.asks(6, spot=BEIJING, device=0, session=5, **EDGE)["moved"]


def test_the_session_before_is_known_as_well(account: Account) -> None:
    account.sees(2, SHANGHAI, device=1, session=6, **CHROME)
    assert 1 == account.asks(5, spot=BEIJING, device=0, session=5, **EDGE)["moved"]


def test_a_thief_who_sends_the_holders_device_id_is_told_by_his_version(account: Account) -> None:
    account.asks(5, spot=BEIJING, device=1, session=5, **OLDER)
    assert 0 == account.asks(6, spot=SHANGHAI, device=1, session=5, **CHROME)["excused"]
    assert DONE_BITS == account.asks(7, spot=CHENGDU, device=1, session=5, **OLDER)["excused"]


def test_programs_are_the_kinds_that_no_person_browses_with() -> None:
    assert (ClientKind.TOOL, ClientKind.BOT, ClientKind.HEADLESS) == PROGRAMS

"""Strangers: by what a login is known to its account."""

import pytest

from detector.windows.strangers import FRESH, KNOWN_DEVICE, KNOWN_LINE, KNOWN_NETWORK, UNTOLD
from tests.support.spots import (
    BEIJING,
    BEIJING_6,
    SHANGHAI,
    SHANGHAI_OTHER_LINE,
    Account,
    Spot,
)

DAY = 24 * 60
SHANGHAI_NEXT_ADDRESS = Spot(prefix=99, asn=SHANGHAI.asn, region=SHANGHAI.region, lat=31.2, lon=121.5)


@pytest.fixture
def account() -> Account:
    """Seen in Shanghai, on device 1, two days ago."""
    account = Account()
    account.sees(0, SHANGHAI, device=1, fixed=1)
    return account


@pytest.mark.parametrize(
    ("spot", "device", "known"),
    [
        pytest.param(SHANGHAI, 1, KNOWN_DEVICE | KNOWN_NETWORK | KNOWN_LINE, id="everything"),
        pytest.param(SHANGHAI_NEXT_ADDRESS, 9, KNOWN_LINE, id="the line"),
        pytest.param(BEIJING, 1, KNOWN_DEVICE, id="the device"),
        pytest.param(BEIJING, 9, 0, id="nothing"),
        pytest.param(BEIJING_6, 9, UNTOLD, id="no address of this version to compare with"),
    ],
)
def test_a_login_is_known_by_device_network_and_line(
    account: Account, spot: Spot, device: int, known: int
) -> None:
    assert known == account.sees(2 * DAY, spot, device)["known_by"]


def test_nothing_is_strange_to_an_account_never_seen() -> None:
    assert FRESH | UNTOLD == Account().sees(0, SHANGHAI)["known_by"]


def test_a_stranger_vouches_for_nobody_until_he_was_minded_by_nobody_for_a_day(account: Account) -> None:
    account.sees(2 * DAY, BEIJING, device=9)
    assert 0 == account.sees(2 * DAY + 60, BEIJING, device=9)["known_by"]
    account.sees(2 * DAY + 61, SHANGHAI, device=1)
    assert 0 != account.sees(3 * DAY + 1, BEIJING, device=9)["known_by"]


def test_the_long_memory_knows_what_sightings_have_forgotten(account: Account) -> None:
    for number in range(40):
        account.sees(DAY + 40 * number, Spot(1000 + number, 7, 7, 30.0, 120.0), device=7)
    assert 1 not in account.sightings["device"]
    seen = account.sees(4 * DAY, SHANGHAI_NEXT_ADDRESS, device=1)
    assert KNOWN_DEVICE | KNOWN_LINE == seen["known_by"]


def test_a_report_counts_the_strangers_of_a_day(account: Account) -> None:
    for minute, spot in ((2 * DAY, BEIJING), (2 * DAY + 5, SHANGHAI_OTHER_LINE)):
        account.sees(minute, spot, device=9)
    account.sees(2 * DAY + 6, SHANGHAI, device=1)
    assert 2 == account.looks((2 * DAY + 7) * 60_000)["strangers_24h"]
    assert 0 == account.looks((3 * DAY + 6) * 60_000)["strangers_24h"]

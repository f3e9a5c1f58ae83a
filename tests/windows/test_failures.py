"""Failed logins: which are strange, how fast they come, and where their witnesses lie."""

from typing import Any

import numpy as np
import pytest

from detector.windows.layout import FAILURES, WITNESSES
from tests.support.spots import (
    BEIJING,
    CHENGDU,
    NANJING,
    SHANGHAI,
    SHANGHAI_OTHER_LINE,
    START_MS,
    Account,
    Spot,
)

STRANGERS = [BEIJING, CHENGDU, NANJING, SHANGHAI_OTHER_LINE, Spot(77, 1, 1, 0.0, 0.0)]


def fails(account: Account, minute: float, spot: Spot = BEIJING, device: int = 9, **more: Any) -> Any:
    return account.sees(minute, spot, device, "login_failure", **more)


@pytest.fixture
def at_home() -> Account:
    """An account seen in Shanghai, on device 1."""
    account = Account()
    account.sees(0, SHANGHAI, device=1)
    return account


@pytest.mark.parametrize(
    ("spot", "device", "strange"),
    [
        pytest.param(SHANGHAI, 1, 0, id="known network and device"),
        pytest.param(SHANGHAI, 9, 0, id="known network"),
        pytest.param(BEIJING, 1, 0, id="known device"),
        pytest.param(BEIJING, 9, 1, id="neither"),
        pytest.param(SHANGHAI_OTHER_LINE, 0, 1, id="no device, another network"),
    ],
)
def test_a_failure_is_strange_where_neither_network_nor_device_is_known(
    at_home: Account, spot: Spot, device: int, strange: int
) -> None:
    seen = fails(at_home, 1, spot, device)
    assert (1, strange) == seen[["failures_24h", "strange_failures_24h"]].tolist()
    assert strange == seen["failure_level"]


def test_every_failure_is_strange_to_an_account_never_seen() -> None:
    assert 1 == fails(Account(), 0, SHANGHAI)["strange_failures_24h"]


def test_two_clients_without_device_id_are_not_one_device(at_home: Account) -> None:
    at_home.sees(1, SHANGHAI, device=0, fingerprint=5)
    assert 1 == fails(at_home, 2, BEIJING, device=0, fingerprint=5)["strange_failures_24h"]


def test_failures_against_a_locked_account_do_not_count(at_home: Account) -> None:
    seen = fails(at_home, 1, locked=1)
    names = ["failures_24h", "strange_failures_24h", "failure_level", "failure_run", "failure"]
    assert (0, 0, 0, 0, -1) == seen[names].tolist()


def test_the_bucket_of_failures_loses_one_a_minute() -> None:
    account = Account()
    levels = [float(fails(account, minute)["failure_level"]) for minute in (0, 0, 0, 1, 2.5, 2.5, 60)]
    assert [1.0, 2.0, 3.0, 3.0, 2.5, 3.5, 1.0] == levels


def test_the_slow_bucket_loses_one_in_three_hours(at_home: Account) -> None:
    levels = [float(fails(at_home, minute)["failure_slow"]) for minute in (0, 0, 180, 210, 600)]
    assert [1.0, 2.0, 2.0, 2.833333, 1.666667] == pytest.approx(levels)


def test_a_timer_from_one_network_fills_no_slow_bucket(at_home: Account) -> None:
    levels = [float(fails(at_home, minute)["failure_slow"]) for minute in range(0, 600, 5)]
    assert 6.0 > max(levels)
    assert 100 < at_home.looks(600 * 60_000)["strange_failures_24h"]


def test_a_timers_pace_from_ever_other_networks_does(at_home: Account) -> None:
    levels = [
        float(fails(at_home, 5 * number, STRANGERS[number % 4])["failure_slow"]) for number in range(60)
    ]
    assert 50.0 < max(levels)


def test_a_new_device_on_the_accounts_line_counts_a_quarter(at_home: Account) -> None:
    home_after_a_new_address = Spot(66, SHANGHAI.asn, SHANGHAI.region, 31.2, 121.5)
    seen = [fails(at_home, 1, home_after_a_new_address) for _ in range(4)][-1]
    assert (1.0, 0.0, 0) == seen[["failure_level", "failure_slow", "strange_failures_24h"]].tolist()


def test_failures_at_home_do_not_fill_the_bucket(at_home: Account) -> None:
    fails(at_home, 1)
    assert 1 == fails(at_home, 1, SHANGHAI)["failure_level"]


def test_a_success_ends_the_run_and_nothing_else(at_home: Account) -> None:
    assert [1, 2] == [int(fails(at_home, minute)["failure_run"]) for minute in (1, 2)]
    seen = at_home.sees(3, SHANGHAI, device=1)
    assert (0, 2, 2) == seen[["failure_run", "failures_24h", "strange_failures_24h"]].tolist()


@pytest.mark.parametrize("kind", ["heartbeat", "request", "logout", "password_change"])
def test_nothing_but_a_success_ends_the_run(at_home: Account, kind: str) -> None:
    fails(at_home, 1)
    assert 1 == at_home.sees(2, kind=kind)["failure_run"]


def test_the_newest_networks_of_failures_are_kept() -> None:
    account = Account()
    for minute, spot in enumerate(STRANGERS):
        assert min(minute + 1, FAILURES) == fails(account, minute, spot)["strange_networks"]
    newest = [spot.prefix for spot in reversed(STRANGERS)]
    assert newest[:FAILURES] == account.head["failure_prefix"].tolist()


def test_a_network_again_is_the_newest_and_no_other() -> None:
    account = Account()
    for minute, spot in enumerate([BEIJING, CHENGDU, NANJING, CHENGDU]):
        seen = fails(account, minute, spot)
    assert 3 == seen["strange_networks"]
    assert [CHENGDU.prefix, NANJING.prefix, BEIJING.prefix, 0] == account.head["failure_prefix"].tolist()


def test_networks_are_of_no_interest_a_day_later() -> None:
    account = Account()
    fails(account, 0)
    assert 0 == account.looks(86_400_000)["strange_networks"]


def test_witnesses_take_turns() -> None:
    account = Account()
    places = [int(fails(account, minute)["failure"]) for minute in range(WITNESSES + 2)]
    assert [*range(WITNESSES), 0, 1] == places


def test_what_is_no_failure_has_no_witness() -> None:
    assert -1 == Account().sees(0)["failure"]


def test_a_run_does_not_wrap_around() -> None:
    account = Account()
    fails(account, 0)
    account.rows["head"]["failure_run"] = np.uint32(4_000_000_000)
    assert 4_000_000_000 == fails(account, 1)["failure_run"]
    assert START_MS + 60_000 == account.head["failure_ms"]

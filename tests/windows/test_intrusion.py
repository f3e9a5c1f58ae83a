"""Strangers who know the password at once, and what they and the holder do."""

from dataclasses import replace
from typing import Any

import pytest

from detector.categories import DONE_BITS
from detector.windows.intrusion import NEAR, WHOLE
from tests.support.spots import BEIJING, CHENGDU, CLOUD, SHANGHAI, Account, Spot

DAY = 24 * 60
"""In minutes; an `Account` starts at midnight in China."""
NOON = 3 * DAY
HOME_OTHER_ADDRESS = replace(SHANGHAI, prefix=77)


@pytest.fixture
def account() -> Account:
    """Known for three days in Shanghai, on device 1."""
    account = Account()
    for day in range(3):
        account.sees(day * DAY, SHANGHAI)
    return account


def takes_over(account: Account, spot: Spot = BEIJING, hidden: int = 0) -> Any:
    account.sees(NOON, spot, device=9, session=9, hidden=hidden)
    return account.sees(NOON + 5, spot, device=9, session=9, kind="password_change", hidden=hidden)


@pytest.mark.parametrize(
    ("spot", "device", "stranger"),
    [
        pytest.param(BEIJING, 9, WHOLE, id="a device, a network and a line of another"),
        pytest.param(HOME_OTHER_ADDRESS, 9, NEAR, id="the holder's provider in his province"),
        pytest.param(SHANGHAI, 9, 0, id="the holder's network"),
        pytest.param(BEIJING, 1, 0, id="the holder's device"),
    ],
)
def test_a_stranger_is_whom_nothing_is_known_of(
    account: Account, spot: Spot, device: int, stranger: int
) -> None:
    assert stranger == account.sees(NOON, spot, device=device)["stranger"]


@pytest.mark.parametrize(
    ("at_home", "since", "client", "stranger"),
    [
        pytest.param(0, 0, 5, 0, id="the holder's client, which shows no id at home either"),
        pytest.param(0, 0, 6, WHOLE, id="another client"),
        pytest.param(1, 0, 5, WHOLE, id="the holder's client, which has an id"),
        pytest.param(0, NOON - 60, 5, WHOLE, id="a client that came an hour ago"),
    ],
)
def test_a_missing_device_id_is_unknown_and_not_new(
    at_home: int, since: int, client: int, stranger: int
) -> None:
    account = Account()
    account.sees(0, SHANGHAI, device=2, fingerprint=7)
    for minute in range(since, NOON, DAY):
        account.sees(minute, SHANGHAI, device=at_home, fingerprint=5)
    assert stranger == account.sees(NOON, BEIJING, device=0, fingerprint=client)["stranger"]


def test_who_has_to_try_did_not_know_the_password(account: Account) -> None:
    for minute in range(2):
        account.sees(NOON + minute, BEIJING, device=9, kind="login_failure")
    assert 0 == account.sees(NOON + 3, BEIJING, device=9)["stranger"]


def test_one_slip_is_no_trying(account: Account) -> None:
    account.sees(NOON, BEIJING, device=9, kind="login_failure")
    assert WHOLE == account.sees(NOON + 3, BEIJING, device=9)["stranger"]


def test_nobody_is_a_stranger_before_an_account_is_known() -> None:
    account = Account()
    account.sees(0, SHANGHAI)
    assert 0 == account.sees(DAY - 1, BEIJING, device=9)["stranger"]


def test_what_a_whole_stranger_does_after_his_new_password_is_not_the_holders_doing(account: Account) -> None:
    assert DONE_BITS == takes_over(account)["excused"]
    assert DONE_BITS == account.asks(NOON + 6, spot=CHENGDU, device=9, session=9)["excused"]
    assert 0 == account.asks(NOON + 7, spot=SHANGHAI, device=1)["excused"]


def test_who_hides_stays_a_thief_in_his_next_session(account: Account) -> None:
    takes_over(account, CLOUD, hidden=1)
    assert DONE_BITS == account.sees(NOON + 2 * DAY, CLOUD, device=9, session=10)["excused"]


def test_who_might_be_the_holder_is_himself_again_in_his_next_session(account: Account) -> None:
    takes_over(account)
    assert 0 == account.sees(NOON + 2 * DAY, BEIJING, device=9, session=10)["excused"]


def test_a_new_password_counts_on_the_first_day_only(account: Account) -> None:
    account.sees(NOON, BEIJING, device=9)
    late = account.sees(NOON + DAY + 1, BEIJING, device=9, kind="password_change")
    assert 0 == late["stranger_renewed"]


@pytest.mark.parametrize(("before", "far"), [(10, 1), (11 * 60, 0)])
def test_who_works_far_away_at_the_same_time_is_another(account: Account, before: int, far: int) -> None:
    account.asks(NOON - before, spot=SHANGHAI)
    assert far == takes_over(account)["stranger_far"]


def test_the_holder_may_be_seen_after_the_stranger(account: Account) -> None:
    takes_over(account)
    seen = account.asks(NOON + 15, spot=SHANGHAI)
    assert (1, 1) == (seen["stranger_far"], seen["stranger_acts"])


@pytest.mark.parametrize(("hour", "odd"), [(3, 1), (13, 0)])
def test_the_dead_of_night_is_odd_where_nobody_ever_came_then(hour: int, odd: int) -> None:
    account = Account()
    for day in range(4):
        for at in range(10, 15):
            account.asks((day * 24 + at) * 60, spot=SHANGHAI)
    assert odd == account.sees((5 * 24 + hour) * 60, BEIJING, device=9)["stranger_odd_hour"]


def test_files_of_the_stranger_and_the_most_of_the_holder_are_counted(account: Account) -> None:
    for number in range(3):
        account.asks(DAY + number, spot=SHANGHAI, bulk=1)
    account.sees(NOON, BEIJING, device=9)
    for number in range(5):
        seen = account.asks(NOON + number, spot=BEIJING, device=9, bulk=1)
    assert (5, 3) == (seen["stranger_files"], seen["own_files"])


def test_the_holder_is_shut_out_and_comes_back(account: Account) -> None:
    takes_over(account)
    for number in range(2):
        account.sees(NOON + 60 + number, SHANGHAI, kind="login_failure")
    back = account.sees(NOON + 90, SHANGHAI, kind="password_change")
    assert (2, 1) == (back["shut_out"], back["restored"])
    assert 0 == account.sees(NOON + 91, SHANGHAI)["restored"]


def test_strangers_failures_shut_nobody_out(account: Account) -> None:
    takes_over(account)
    account.sees(NOON + 60, CHENGDU, device=5, kind="login_failure")
    assert 0 == account.sees(NOON + 61, SHANGHAI)["shut_out"]

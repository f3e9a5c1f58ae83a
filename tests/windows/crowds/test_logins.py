"""Logins at a crowd's key: which accounts were tried in vain, and who got in."""

from typing import Any

import numpy as np
import pytest

from detector.windows.crowds.layout import ENTRIES
from detector.windows.crowds.logins import LOGIN_CELL, LOGIN_ROW, fold_logins
from detector.windows.crowds.tally import PLAIN

START_MS = 1_780_243_200_000
MINUTE_MS = 60_000


class Place:
    """A row; every cell is folded alone, and its features are returned."""

    def __init__(self) -> None:
        self.rows = np.zeros(1, LOGIN_ROW)

    def tries(self, minute: float, account: int, address: int = 1, **more: int) -> Any:
        return self._sees(minute, account, address, failed=1, strange=1, **more)

    def succeeds(self, minute: float, account: int, address: int = 1, strange: int = 0) -> Any:
        return self._sees(minute, account, address, failed=0, strange=strange)

    def _sees(self, minute: float, account: int, address: int, **facts: int) -> Any:
        cell = np.zeros(1, LOGIN_CELL)
        given = {"time_ms": START_MS + round(minute * MINUTE_MS), "account": account, "address": address}
        for name, value in (given | facts).items():
            cell[name] = value
        return fold_logins(cell, self.rows).view(np.recarray)[0]


@pytest.fixture
def place() -> Place:
    return Place()


def test_an_account_is_counted_once_however_often_it_is_tried(place: Place) -> None:
    for minute in range(5):
        seen = place.tries(minute, account=7)
    assert ([1, 1, 1], [5, 5, 5]) == (seen.accounts.tolist(), seen.tries.tolist())


def test_an_account_tried_from_two_addresses_is_one_account(place: Place) -> None:
    place.tries(0, account=7, address=1)
    seen = place.tries(1, account=7, address=2)
    assert (1, 2, 1) == (seen.accounts[0], seen.addresses[0], seen.most[0])


def test_windows_end(place: Place) -> None:
    for minute, account in ((0, 1), (10, 2), (40, 3)):
        seen = place.tries(minute, account)
    assert [2, 3, 3] == seen.accounts.tolist()
    assert [1, 2, 4] == place.tries(40 + 24 * 60, 4).accounts.tolist()
    assert [1, 1, 3] == place.tries(10.1 + 7 * 24 * 60, 5).accounts.tolist()


def test_who_gets_in_after_all_was_the_holder(place: Place) -> None:
    place.tries(0, account=7)
    place.tries(0, account=8)
    seen = place.succeeds(1, account=7)
    assert (1, -1, 0) == (seen.accounts[0], seen.slot, seen.entered[0])


def test_a_stranger_who_gets_in_is_remembered(place: Place) -> None:
    place.tries(0, account=7)
    assert 1 == place.succeeds(1, account=7, strange=1).entered[0]
    seen = place.succeeds(2, account=8, strange=1)
    assert (2, 0, 0b11) == (seen.entered[0], seen.accounts[0], seen.entered_slots[0])


def test_tries_at_no_account_are_counted_one_by_one_and_a_timers_are_not(place: Place) -> None:
    for number in range(10):
        seen = place.tries(number * number / 10, account=0)
    assert (0, 10) == (seen.accounts[0], seen.unknown[0])
    other = Place()
    for number in range(10):
        seen = other.tries(number / 6, account=0)
    assert 2 == seen.unknown[0]


@pytest.mark.parametrize(("tries", "plain"), [(PLAIN, 1), (PLAIN - 1, 0)])
def test_an_address_shows_itself_by_the_names_it_tried_in_a_day(place: Place, tries: int, plain: int) -> None:
    assert plain == place.tries(0, account=0, tries=tries).plain_slots[0]


def test_an_address_shows_itself_by_two_accounts(place: Place) -> None:
    assert 0 == place.tries(0, account=1, address=1).plain_slots[0]
    assert 0 == place.tries(0, account=2, address=2).plain_slots[0]
    assert 0b101 == place.tries(0, account=3, address=1).plain_slots[0]


def test_an_unknown_proxy_shows_nothing(place: Place) -> None:
    place.tries(0, account=1, address=0)
    seen = place.tries(0, account=2, address=0, tries=100)
    assert (2, 0, 0) == (seen.accounts[0], seen.tried_slots[0], seen.plain_slots[0])


def test_a_place_knows_its_usual_hour_and_day(place: Place) -> None:
    for day, number in enumerate((3, 5, 4, 9, 6)):
        for account in range(number):
            seen = place.tries(day * 24 * 60 + 40, account=100 * day + account + 1)
    # An hour, or a day, that ends now touches the hour before, or the same clock hour of the day before.
    assert ([4.5, 5.0, 9.0], [4, 3, 3]) == (seen.usual.tolist(), seen.like_days.tolist())
    assert 6 == seen.tried_1h


@pytest.mark.parametrize(("minutes", "pairs"), [(11 * 60, 1), (13 * 60, 2)])
def test_a_pair_that_rested_for_half_a_day_counts_anew(place: Place, minutes: int, pairs: int) -> None:
    place.tries(0, account=7)
    place.tries(minutes, account=7)
    assert pairs == place.rows["tried_hours"].sum()


def test_what_is_usual_is_told_where_somebody_fails(place: Place) -> None:
    for day in range(5):
        failed = place.tries(day * 24 * 60, account=day + 1)
        fine = place.succeeds(day * 24 * 60 + 1, account=100)
    assert (1.0, 0.0) == (failed.usual[0], fine.usual[0])


def test_logins_that_succeed_are_counted_by_hour_day_and_week(place: Place) -> None:
    for minute in (0, 30, 3 * 60, 30 * 60):
        seen = place.succeeds(minute, account=1)
    assert (1, 1, 4) == (seen.fine_1h, seen.fine_24h, seen.fine_7d)


def test_the_newest_pairs_push_out_the_oldest(place: Place) -> None:
    for account in range(1, ENTRIES + 10):
        seen = place.tries(0, account)
    assert ENTRIES == seen.accounts[0]

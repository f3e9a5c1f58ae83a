"""What a page that is left open asks for by itself, and what a person chose."""

from typing import Any

import pytest

from detector.windows.layout import POLLS
from detector.windows.polls import BURST_MS, FORGET_MS, LONGEST_MS, SLACK_MS, SLACK_SHARE, TIMED
from tests.support.spots import BEIJING, HOUR_MS, MINUTE_MS, Account

ROUNDS = TIMED + 2
"""Requests until a timer is known: the first interval is like no other."""


def ask(account: Account, after_ms: int, *paths: int, device: int = 1, **more: Any) -> list[int]:
    """Ask for pages a tenth of a second apart; return which show a person."""
    return [
        int(account.sees_at(after_ms + 100 * n, device=device, kind="request", path=path, **more)["present"])
        for n, path in enumerate(paths)
    ]


def left_open(rounds: int = ROUNDS) -> tuple[Account, int]:
    """Return an account with a page that reloads its two parts every minute, and when they are due again."""
    account = Account()
    for number in range(rounds):
        ask(account, number * MINUTE_MS, 5, 6)
    return account, rounds * MINUTE_MS


def test_parts_of_a_page_are_polls_after_five_rounds() -> None:
    account = Account()
    shown = [ask(account, number * MINUTE_MS, 5, 6, 7) for number in range(7)]
    assert [[1, 1, 1]] * 4 + [[0, 0, 0]] * 3 == shown


def test_another_page_among_polls_is_a_person() -> None:
    account, due_ms = left_open()
    assert [0, 1, 0] == ask(account, due_ms, 5, 99, 6)


@pytest.mark.parametrize(("over_ms", "person"), [(0, 0), (1, 1)])
def test_intervals_are_alike_that_differ_by_half_a_second_and_a_twentieth(over_ms: int, person: int) -> None:
    account, now_ms = Account(), 0
    longer_ms = MINUTE_MS + SLACK_MS + MINUTE_MS // SLACK_SHARE + over_ms
    for number in range(12):
        shown = ask(account, now_ms, 5, 6)
        now_ms += longer_ms if number % 2 else MINUTE_MS
    assert [person, person] == shown


@pytest.mark.parametrize(("gap_ms", "person"), [(LONGEST_MS, 0), (LONGEST_MS + 1, 1)])
def test_a_timer_comes_every_half_hour_at_least(gap_ms: int, person: int) -> None:
    account = Account()
    for number in range(ROUNDS + 2):
        shown = ask(account, number * gap_ms, 5, 6)
    assert [person, person] == shown


def test_parts_asked_for_twice_in_a_burst_are_polls_too() -> None:
    account = Account()
    for number in range(ROUNDS):
        shown = ask(account, number * MINUTE_MS, 5, 6, 5, 6)
    assert [0, 0, 0, 0] == shown


@pytest.mark.parametrize(("after_ms", "gap_ms"), [(BURST_MS - 1, 0), (BURST_MS, BURST_MS)])
def test_an_interval_is_two_seconds_at_least(after_ms: int, gap_ms: int) -> None:
    account = Account()
    ask(account, 0, 5)
    ask(account, after_ms, 5)
    assert gap_ms == account.head["poll_gap_ms"].max()


def test_a_timer_is_known_after_its_computer_slept_and_moved() -> None:
    account, due_ms = left_open()
    assert [0, 0] == ask(account, due_ms + 3 * HOUR_MS, 5, 6, prefix=BEIJING.prefix)


def test_a_timer_that_misses_rounds_stays_one_once_it_is_well_known() -> None:
    account, due_ms = left_open(ROUNDS + 3)
    assert [0, 0] == ask(account, due_ms + MINUTE_MS, 5, 6)
    assert [0, 0] == ask(account, due_ms + 2 * MINUTE_MS, 5, 6)


def test_a_page_that_is_asked_for_unevenly_again_is_a_persons() -> None:
    account, due_ms = left_open()
    assert [1, 1] == ask(account, due_ms + MINUTE_MS, 5, 6)


def test_however_long_a_timer_ran_a_person_is_soon_seen_again() -> None:
    account, due_ms = left_open(50)
    uneven_ms = [due_ms + number * number * MINUTE_MS for number in range(1, 6)]
    assert [0, 0, 0, 1, 1] == [ask(account, time_ms, 5, 6)[1] for time_ms in uneven_ms]


@pytest.mark.parametrize(("after_ms", "person"), [(FORGET_MS, 0), (FORGET_MS + 1, 1)])
def test_a_timer_is_forgotten_after_a_day(after_ms: int, person: int) -> None:
    account, due_ms = left_open()
    assert [person] == ask(account, due_ms - MINUTE_MS + after_ms, 5)


def test_one_devices_timer_is_not_anothers() -> None:
    account, due_ms = left_open()
    assert [1, 1] == ask(account, due_ms, 5, 6, device=0x100)


def test_a_persons_clicks_push_no_timer_out_and_the_newest_are_kept() -> None:
    account, due_ms = left_open()
    ask(account, due_ms - MINUTE_MS // 2, *range(1000, 1000 + 3 * POLLS), device=0x10000)
    newest = {path ^ 0x10000 for path in range(1000 + 2 * POLLS + 2, 1000 + 3 * POLLS)}
    assert newest | {5 ^ 1, 6 ^ 1} == set(account.head["poll_page"].tolist())
    assert [0, 0] == ask(account, due_ms, 5, 6)


def test_a_timer_that_stopped_makes_room_a_day_later() -> None:
    account, due_ms = left_open()
    ask(account, due_ms + FORGET_MS, *range(1000, 1000 + POLLS), device=0x10000)
    assert not {5 ^ 1, 6 ^ 1} & set(account.head["poll_page"].tolist())
    assert (0, 0) == (account.head["poll_even"].max(), account.head["poll_gap_ms"].max())


def test_pictures_and_scripts_show_nobody_and_hide_no_poll() -> None:
    account = Account()
    assert [1] == ask(account, 0, 5)
    assert [0] == ask(account, MINUTE_MS, 9, asset=1)
    assert [0] == ask(account, 2 * MINUTE_MS + 7_000, 5)

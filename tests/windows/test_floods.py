"""Buckets of floods and bursts: what fills them, and how fast they leak."""

import pytest

from detector.windows.floods import ANOTHER
from detector.windows.polls import BURST_MS, TIMED
from tests.support.spots import Account


def hammered(times_ms: list[int], path: int = 5) -> float:
    account = Account()
    for time_ms in times_ms:
        seen = account.sees_at(time_ms, kind="request", path=path)
    return float(seen["flood_level"])


def test_the_same_again_fills_the_bucket_which_loses_one_a_second() -> None:
    at_once = [100 * number for number in range(11)]
    assert ANOTHER + 10 - 1 == pytest.approx(hammered(at_once), abs=1e-3)


def test_another_page_fills_a_fifth() -> None:
    account = Account()
    for path in range(10):
        seen = account.sees_at(0, kind="request", path=path + 7)
    assert 10 * ANOTHER == pytest.approx(float(seen["flood_level"]), abs=1e-5)
    assert 10.0 == seen["burst_level"]


def test_a_timers_rounds_fill_nothing() -> None:
    rounds = [BURST_MS * number for number in range(TIMED + 60)]
    assert hammered(rounds) == 0.0


def test_what_comes_between_a_timers_rounds_fills_the_bucket() -> None:
    account = Account()
    for number in range(400):
        seen = account.sees_at(number * 250, kind="request", path=5)
    assert 200 < seen["flood_level"] < 300


def knocked(gap_ms: int, count: int) -> list[int]:
    """At which asks the crowds are told; the gaps are uneven, as no timer's are."""
    account, time_ms, told = Account(), 0, []
    for ask in range(count):
        if account.sees_at(time_ms, kind="request", path=5)["knocked"]:
            told.append(ask)
        time_ms += (gap_ms // 2, gap_ms * 3 // 2, gap_ms)[ask % 3]
    return told


def test_crowds_are_told_of_ten_knocks_and_of_each_doubling() -> None:
    assert [10, 20, 40] == knocked(0, 60)


def test_who_asks_once_in_five_seconds_knocks_for_nothing() -> None:
    assert [] == knocked(5_000, 60)
    assert [] != knocked(1_000, 60)


def test_a_burst_loses_one_in_two_seconds_and_assets_fill_nothing() -> None:
    account = Account()
    for path in range(10):
        account.sees_at(0, kind="request", path=path + 7)
    assert 10 - 2 + 1 == pytest.approx(float(account.sees_at(4_000, kind="request", path=99)["burst_level"]))
    assert 0 == account.sees_at(4_000, kind="request", path=98, asset=1)["burst_level"]


@pytest.mark.parametrize(
    ("numbers", "steps"), [([1, 2, 3, 4], 2), ([1, 15, 29, 43], 2), ([9, 8, 7], 1), ([1, 2, 4], 0)]
)
def test_a_step_is_as_long_as_the_one_before(numbers: list[int], steps: int) -> None:
    account = Account()
    for place, number in enumerate(numbers):
        seen = account.asks(place, shape=3, number=number)
    assert steps == seen["steps_24h"]


def test_two_catalogues_are_followed_at_once() -> None:
    account = Account()
    for number in range(1, 6):
        account.asks(number, shape=3, number=number)
        seen = account.asks(number + 0.1, shape=4, number=number)
    assert 6 == seen["steps_24h"]

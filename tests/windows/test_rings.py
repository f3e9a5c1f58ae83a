"""Hour rings, minutes and bitmaps of hours: what is remembered, and until when."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.windows.layout import HOURS, REQUESTS
from detector.windows.rings import MOST
from tests.support.spots import CLOUD, DAY_MS, HOUR_MS, MINUTE_MS, Account
from tests.support.streams import EDGES_MS, LONG_MS

COUNTED: dict[str, Callable[[Account, int], Any]] = {
    "requests_24h": lambda one, at: one.sees_at(at, kind="request", path=7),
    "assets_24h": lambda one, at: one.sees_at(at, kind="request", path=7, asset=1),
    "active_hours_24h": lambda one, at: one.sees_at(at, kind="request", path=7),
    "hosting_24h": lambda one, at: one.sees_at(at, CLOUD),
    "hosting_hours_24h": lambda one, at: one.sees_at(at, CLOUD),
    "failures_24h": lambda one, at: one.sees_at(at, kind="login_failure"),
    "strange_failures_24h": lambda one, at: one.sees_at(at, kind="login_failure"),
}


@pytest.mark.parametrize("name", COUNTED)
@pytest.mark.parametrize("after_ms", [0, HOUR_MS - 1])
def test_a_count_is_kept_for_its_hour_and_23_more(name: str, after_ms: int) -> None:
    account = Account()
    assert 1 == COUNTED[name](account, after_ms)[name]
    assert 1 == account.looks(DAY_MS - 1)[name]
    assert 0 == account.looks(DAY_MS)[name]


@pytest.mark.parametrize("gap_ms", [DAY_MS, DAY_MS + HOUR_MS, 47 * HOUR_MS, 1000 * DAY_MS])
def test_a_gap_of_a_day_forgets_everything(gap_ms: int) -> None:
    account = Account()
    for hour in range(HOURS):
        for count in COUNTED.values():
            count(account, hour * HOUR_MS)
    seen = account.looks((HOURS - 1) * HOUR_MS + gap_ms)
    assert dict.fromkeys(COUNTED, 0) == {name: int(seen[name]) for name in COUNTED}
    assert 0 == account.rows["hours"].sum()
    assert 0 == account.rows["paths"].sum()


def test_requests_of_an_hour_are_those_of_this_clock_hour_and_the_one_before() -> None:
    account = Account()
    account.asks(0)
    account.asks(0, asset=1)
    assert (2, 1) == account.looks(2 * HOUR_MS - 1)[["requests_1h", "assets_1h"]].tolist()
    assert (0, 0) == account.looks(2 * HOUR_MS)[["requests_1h", "assets_1h"]].tolist()


def test_requests_of_a_minute_are_those_of_the_busier_of_two() -> None:
    account = Account()
    for second in range(5):
        account.asks(second / 60)
    assert 5 == account.asks(1)["requests_1m"]
    assert 1 == account.looks(2 * MINUTE_MS)["requests_1m"]
    assert 0 == account.looks(3 * MINUTE_MS)["requests_1m"]


def test_a_minute_without_an_event_is_not_skipped_over() -> None:
    account = Account()
    account.asks(0)
    assert 0 == account.looks(2 * MINUTE_MS)["requests_1m"]


def test_a_full_bucket_stays_full() -> None:
    account = Account()
    account.asks(0)
    account.rows["hours"][0, REQUESTS] = np.where(account.rows["hours"][0, REQUESTS], MOST, 0)
    account.rows["totals"][0, REQUESTS] = MOST
    assert MOST == account.asks(1)["requests_24h"]
    assert MOST + 1 == account.asks(60)["requests_24h"]
    assert 1 == account.looks(DAY_MS)["requests_24h"]


def windows(times: Sequence[int], now: int) -> tuple[int, int, int, int]:
    """The counts of a plain list: of a day, of an hour, hours with a request, of a minute."""
    hours = [now // HOUR_MS - time // HOUR_MS for time in times]
    minutes = [now // MINUTE_MS - time // MINUTE_MS for time in times]
    return (
        sum(ago < HOURS for ago in hours),
        sum(ago <= 1 for ago in hours),
        len({ago for ago in hours if ago < HOURS}),
        max(minutes.count(0), minutes.count(1)),
    )


STEPS = st.lists(st.sampled_from([*EDGES_MS.tolist(), *LONG_MS.tolist()]), max_size=60)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_windows_count_what_a_plain_list_counts(steps: list[int]) -> None:
    account = Account()
    times: list[int] = []
    for now in np.cumsum(steps).tolist():
        times.append(now)
        seen = account.sees_at(now, kind="request", path=7)
        names = ["requests_24h", "requests_1h", "active_hours_24h", "requests_1m"]
        assert windows(times, now) == tuple(int(seen[name]) for name in names)


@settings(max_examples=60, deadline=None)
@given(STEPS, st.randoms(use_true_random=False))
def test_totals_are_the_sums_of_their_rings(steps: list[int], chance: Random) -> None:
    account = Account()
    for now in np.cumsum(steps).tolist():
        chance.choice(list(COUNTED.values()))(account, now)
        assert account.rows["hours"][0].sum(axis=1).tolist() == account.rows["totals"][0].tolist()

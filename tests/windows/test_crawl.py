"""Gaps between requests: how even they are."""

import numpy as np
import pytest

from detector.windows.crawl import LOAD_MS, MEMORY, TURNED_AWAY
from tests.support.spots import Account

GAPS_S = np.random.default_rng(5).integers(LOAD_MS, 120_000, 400) / 1000.0


def after_gaps(count: int) -> Account:
    account = Account()
    account.asks(0)
    for moment in np.cumsum(GAPS_S[:count]):
        account.asks(moment / 60)
    return account


@pytest.mark.parametrize("count", [1, 2, 10, MEMORY])
def test_mean_and_spread_of_gaps_are_exact_at_first(count: int) -> None:
    seen = after_gaps(count).looks(0)
    gaps = GAPS_S[:count]
    assert count == seen["gaps"]
    assert np.mean(gaps) == pytest.approx(float(seen["gap_mean_s"]), rel=1e-5)
    assert np.std(gaps) / np.mean(gaps) == pytest.approx(float(seen["gap_cv"]), rel=1e-3, abs=1e-6)


def test_later_gaps_weigh_evenly_and_older_ones_fade() -> None:
    seen = after_gaps(400).looks(0)
    mean, variance = np.mean(GAPS_S[:MEMORY]), np.var(GAPS_S[:MEMORY])
    for gap in GAPS_S[MEMORY:]:
        away = gap - mean
        mean += away / MEMORY
        variance = (1 - 1 / MEMORY) * (variance + away * away / MEMORY)
    assert 400 == seen["gaps"]
    assert mean == pytest.approx(float(seen["gap_mean_s"]), rel=1e-4)
    assert np.sqrt(variance) / mean == pytest.approx(float(seen["gap_cv"]), rel=1e-3)


def test_even_gaps_have_no_spread() -> None:
    account = Account()
    for place in range(50):
        account.asks(place * 0.1)
    seen = account.looks(0)
    assert (49, 6.0, 0.0) == (seen["gaps"], seen["gap_mean_s"], seen["gap_cv"])


def test_one_request_has_no_gap() -> None:
    assert (0, 0.0, 0.0) == Account().asks(0)[["gaps", "gap_mean_s", "gap_cv"]].tolist()


def test_five_minutes_are_a_gap_and_more_are_a_break() -> None:
    account, told = Account(), ["gaps", "gap_mean_s", "run_loads"]
    account.asks(0)
    assert (1, 300.0, 2) == account.asks(5)[told].tolist()
    later_ms = 10 * 60_000 + 1
    assert (0, 0.0, 1) == account.sees_at(later_ms, kind="request", path=99)[told].tolist()
    assert (1, 60.0, 2) == account.sees_at(later_ms + 60_000, kind="request", path=100)[told].tolist()


def test_a_run_is_over_five_minutes_after_its_last_page() -> None:
    account = Account()
    for minute in range(61):
        seen = account.asks(minute)
    assert (1.0, 61) == seen[["run_h", "run_loads"]].tolist()
    assert (0.0, 1) == account.asks(67)[["run_h", "run_loads"]].tolist()


def test_parts_of_a_page_make_no_gap() -> None:
    account = Account()
    for after_ms in (0, LOAD_MS - 1):
        seen = account.sees_at(after_ms, kind="request", path=after_ms + 7)
    assert (0, 1) == seen[["gaps", "run_loads"]].tolist()
    assert 1 == account.sees_at(LOAD_MS, kind="request", path=9)["gaps"]


def test_the_same_page_again_makes_no_gap() -> None:
    account = Account()
    account.asks(0, 5)
    assert (0, 1) == account.asks(1, 5)[["gaps", "chosen_24h"]].tolist()


def test_assets_make_no_gap() -> None:
    account = Account()
    account.asks(0)
    account.asks(1, asset=1)
    assert (1, 120.0) == account.asks(2)[["gaps", "gap_mean_s"]].tolist()


def test_other_events_make_no_gap() -> None:
    account = Account()
    account.asks(0)
    account.sees(1, kind="heartbeat")
    assert (1, 120.0) == account.asks(2)[["gaps", "gap_mean_s"]].tolist()


def told_of(pages: int, **more: int) -> list[int]:
    row = Account()
    return [page + 1 for page in range(pages) if row.asks(page * 0.1, 1000 + page, **more)["told"]]


def test_crowds_are_told_of_a_row_at_growing_distances() -> None:
    assert [2, 4, 7, 13, 25, 50] == told_of(60)


@pytest.mark.parametrize(("account", "version", "first"), [(0, 6, 1), (0, 4, 2), (1, 6, 2)])
def test_of_a_visitor_with_ipv6_they_are_told_at_once(account: int, version: int, first: int) -> None:
    assert first == told_of(5, account=account, version=version)[0]


def test_a_step_tells_its_stride() -> None:
    account = Account()
    strides = [
        int(account.asks(number, number, shape=5, number=number)["stride"]) for number in (3, 10, 17, 18)
    ]
    assert [0, 0, 7, 0] == strides


@pytest.mark.parametrize("status", TURNED_AWAY)
def test_whoever_is_turned_away_reads_nothing(status: int) -> None:
    account, told = Account(), ["gaps", "fresh_1h", "run_loads", "steps_24h"]
    for place in range(50):
        account.sees_at(place * 6_000, kind="request", path=place + 2, status=status)
    seen = account.looks(10)
    assert (0, 0, 0, 0) == seen[told].tolist()
    assert 50 == seen["requests_24h"]

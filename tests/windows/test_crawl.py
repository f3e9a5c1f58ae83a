"""Gaps between requests: how even they are."""

import numpy as np
import pytest

from detector.windows.crawl import MEMORY
from tests.support.spots import Account

GAPS_S = np.random.default_rng(5).integers(1, 120_000, 300) / 1000.0


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
    seen = after_gaps(300).looks(0)
    mean, variance = np.mean(GAPS_S[:MEMORY]), np.var(GAPS_S[:MEMORY])
    for gap in GAPS_S[MEMORY:]:
        away = gap - mean
        mean += away / MEMORY
        variance = (1 - 1 / MEMORY) * (variance + away * away / MEMORY)
    assert 300 == seen["gaps"]
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


def test_half_an_hour_is_a_gap_and_more_is_a_pause() -> None:
    account = Account()
    account.asks(0)
    assert (1, 1800.0) == account.asks(30)[["gaps", "gap_mean_s"]].tolist()
    assert (0, 0.0) == account.sees_at(60 * 60_000 + 1, kind="request", path=99)[
        ["gaps", "gap_mean_s"]
    ].tolist()
    assert (1, 60.0) == account.sees_at(61 * 60_000 + 1, kind="request", path=100)[
        ["gaps", "gap_mean_s"]
    ].tolist()


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

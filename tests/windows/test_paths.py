"""How many distinct paths: an estimate, within its error."""

from math import exp, log, sqrt

import numpy as np
import pytest

from detector.windows.paths import SIZE
from detector.windows.read import FEW_REQUESTS
from tests.support.spots import HOUR_MS, Account


def asked_for(distinct: int, seed: int = 0) -> Account:
    account = Account()
    hashes = np.random.default_rng(seed).choice(2**32, distinct, replace=False).tolist()
    for place in range(max(distinct, FEW_REQUESTS)):
        account.asks(place / 1000, hashes[place % distinct])
    return account


@pytest.mark.parametrize("distinct", [1, 10, 50, 240, 500, 1000, 1500])
@pytest.mark.parametrize("seed", range(3))
def test_the_estimate_is_within_three_standard_errors(distinct: int, seed: int) -> None:
    load = distinct / SIZE
    error = sqrt(SIZE * (exp(load) - load - 1))  # Whang et al. 1990, the standard error of linear counting
    assert abs(distinct - asked_for(distinct, seed).looks(0)["paths_1h"]) <= 3 * error + 1


def test_a_full_bitmap_says_the_most_it_can() -> None:
    account = asked_for(1)
    account.rows["paths"] = 2**64 - 1
    assert SIZE * log(SIZE) == pytest.approx(float(account.looks(0)["paths_1h"]))


def test_every_bit_of_a_word_is_counted() -> None:
    account = asked_for(1)
    for bit in range(64):
        account.rows["paths"] = 0
        account.rows["paths"][0, 0, 5] = 1 << bit
        assert SIZE * log(SIZE / (SIZE - 1)) == pytest.approx(float(account.looks(0)["paths_1h"]))


def test_the_same_path_again_is_no_other() -> None:
    account = asked_for(10)
    before = account.looks(0)["paths_1h"]
    account.asks(1, int(np.random.default_rng(0).choice(2**32, 10, replace=False)[3]))
    assert before == account.looks(0)["paths_1h"]


def test_assets_are_no_paths() -> None:
    account = Account()
    for place in range(FEW_REQUESTS):
        account.asks(place, asset=1)
    assert 0 == account.looks(0)["paths_1h"]


def test_few_requests_are_not_counted() -> None:
    account = Account()
    for place in range(FEW_REQUESTS - 1):
        assert 0 == account.asks(place)["paths_1h"]
    assert FEW_REQUESTS == round(account.asks(FEW_REQUESTS)["paths_1h"])


def test_paths_are_kept_for_their_clock_hour_and_the_next() -> None:
    account = asked_for(100)
    assert 90 < account.looks(2 * HOUR_MS - 1)["paths_1h"]
    for place in range(FEW_REQUESTS):
        account.asks(120 + place / 1000, 1)
    assert 1 == round(account.looks(2 * HOUR_MS)["paths_1h"])


def test_a_path_asked_for_in_both_hours_is_one() -> None:
    account = asked_for(100)
    hashes = np.random.default_rng(0).choice(2**32, 100, replace=False).tolist()
    once = account.looks(0)["paths_1h"]
    for place, path in enumerate(hashes):
        account.asks(60 + place / 1000, path)
    assert once == account.looks(HOUR_MS)["paths_1h"]

from math import exp, factorial

import pytest

from detector.scoring.confidence import poisson_bounds, rate, share


def test_wilsons_bounds_are_those_of_his_formula() -> None:
    # Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 3.
    for part, whole, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        got = share(part, whole)
        assert (got.low, got.high) == pytest.approx((low, high), abs=5e-5)
        assert got.value == part / whole


def test_a_full_share_reaches_one() -> None:
    got = share(20, 20)
    assert (1.0, 1.0) == (got.value, got.high)
    assert 1 - 0.1611 == pytest.approx(got.low, abs=5e-5)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # Half the quantiles of chi squared: 0.025 at 2k and 0.975 at 2k + 2 degrees of freedom.
    [
        (0, 0.0, 3.6889),
        (1, 0.0253, 5.5716),
        (5, 1.6235, 11.6683),
        (10, 4.7954, 18.3904),
        (100, 81.3640, 121.6268),
    ],
)
def test_garwoods_bounds_are_the_exact_ones(count: int, low: float, high: float) -> None:
    assert (low, high) == pytest.approx(poisson_bounds(count), abs=1e-4)


@pytest.mark.parametrize("count", [0, 1, 7, 40])
def test_beyond_its_bounds_a_count_is_a_surprise_of_one_in_forty(count: int) -> None:
    low, high = poisson_bounds(count)

    def at_most(k: int, mean: float) -> float:
        return sum(exp(-mean) * mean**i / factorial(i) for i in range(k + 1))

    assert 0.025 == pytest.approx(at_most(count, high))
    if count:
        assert 0.975 == pytest.approx(at_most(count - 1, low))


def test_bounds_stay_finite_for_many() -> None:
    low, high = poisson_bounds(20_000)
    assert 19_700 < low < 20_000 < high < 20_300


def test_a_rate_is_per_exposure() -> None:
    got = rate(5, 20_000.0, 1000)
    assert (0.25, 1.6235 / 20, 11.6683 / 20) == pytest.approx((got.value, got.low, got.high), abs=1e-4)


def test_of_nothing_there_are_no_bounds() -> None:
    for got in (share(0, 0), rate(3, 0.0, 1000)):
        assert (None, None, None) == (got.value, got.low, got.high)

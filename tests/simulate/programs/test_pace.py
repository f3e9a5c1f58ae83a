from random import Random
from statistics import median

from detector.simulate.programs.pace import Pace


def test_jitter_is_half_to_one_and_a_half_of_the_delay() -> None:
    rng = Random(1)
    gaps = [Pace(1_000, jitter=True).gap(rng) for _ in range(2_000)]
    assert 500 <= min(gaps) < 510
    assert 1_490 < max(gaps) <= 1_500


def test_a_steady_pace_keeps_its_median() -> None:
    rng = Random(1)
    gaps = [Pace(1_000, spread=0.3).gap(rng) for _ in range(2_000)]
    assert 970 < median(gaps) < 1_030
    assert 1 <= min(Pace(0.0).gap(rng) for _ in range(9))

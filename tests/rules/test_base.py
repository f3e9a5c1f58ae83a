import numpy as np
import pytest

from detector.rules.base import saturate


@pytest.mark.parametrize(
    ("value", "strength"),
    [(0.0, 0.0), (9.99, 0.0), (10.0, 0.5), (20.0, 0.75), (30.0, 1.0), (1e9, 1.0)],
)
def test_strength_rises_evenly_from_the_threshold_to_three_times_it(value: float, strength: float) -> None:
    assert [strength] == saturate(np.array([value]), 10.0).tolist()


def test_each_moment_may_have_a_threshold_of_its_own() -> None:
    assert [0.0, 0.5, 1.0] == saturate(np.array([3, 3, 3]), np.array([4.0, 3.0, 1.0])).tolist()

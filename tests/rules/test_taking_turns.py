"""Turns of hands, and how much they say."""

import numpy as np
import pytest

from detector.rules.moments import Moments
from detector.rules.taking_turns import TakingTurns
from detector.windows.layout import FEATURES


@pytest.mark.parametrize("turns", ["far_turns_14d", "near_turns_14d"])
def test_turns_of_hands_that_were_never_at_work_at_once_are_no_proof(turns: str) -> None:
    seen = np.zeros(2, FEATURES)
    seen["account"] = seen["present"] = seen["turned"] = 1
    seen[turns] = 100
    seen["interleaved"] = [0, 1]
    assert [TakingTurns().alone, 1.0] == TakingTurns().check(Moments(seen)).tolist()

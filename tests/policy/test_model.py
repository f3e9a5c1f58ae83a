"""What a policy must have."""

from dataclasses import replace

import pytest

from detector.errors import UsageError
from detector.policy import DEFAULT_POLICY
from detector.replay import Engine
from tests.rules.judging import workshop


def test_a_rule_without_weight_is_an_error_before_anything_is_judged() -> None:
    weights = {name: weight for name, weight in DEFAULT_POLICY.weights.items() if name != "brute_force"}
    with pytest.raises(UsageError, match="policy 1 has no weight for brute_force: every rule needs one"):
        Engine(workshop(), replace(DEFAULT_POLICY, weights=weights))

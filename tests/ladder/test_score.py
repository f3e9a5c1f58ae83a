from collections.abc import Mapping
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.alerts import Subject
from detector.ladder.case import Case, Signal
from detector.ladder.score import absorb, decayed, score
from detector.rules.base import ALWAYS_OBSERVE
from tests.ladder.making import POLICY, START_MS

HALF_MS = POLICY.half_life_ms
FULL = [rule for rule, weight in POLICY.weights.items() if weight == 1.0 and rule not in POLICY.facts]
strengths = st.floats(0.3, 1.0)


def signal(strength: float, time_ms: int = START_MS) -> Signal:
    return Signal(strength, time_ms, "signal", 4.0, 3.0)


def case(signals: Mapping[str, Signal]) -> Case:
    made = Case("c-1", Subject("account", "acc-1"), "crawler", START_MS, START_MS)
    for rule, found in signals.items():
        absorb(made, rule, found, HALF_MS)
    return made


def total(signals: Mapping[str, Signal], now_ms: int = START_MS) -> float:
    return score(case(signals), now_ms, POLICY)


def test_a_case_without_signals_has_no_score() -> None:
    assert total({}) == 0.0


@pytest.mark.parametrize("rule", POLICY.weights)
def test_one_signal_counts_by_its_weight(rule: str) -> None:
    assert 0.5 * POLICY.weights[rule] == pytest.approx(total({rule: signal(0.5)}))


def test_a_signal_halves_in_the_policys_half_life() -> None:
    assert decayed(signal(0.8), START_MS + HALF_MS, HALF_MS) == 0.4
    assert total({FULL[0]: signal(0.8)}, START_MS + HALF_MS) == 0.4


def test_independent_signals_add_up() -> None:
    assert total({FULL[0]: signal(0.5), FULL[1]: signal(0.5)}) == 0.75


def test_notes_do_not_add_up() -> None:
    notes = dict.fromkeys(FULL, signal(ALWAYS_OBSERVE))
    assert total(notes) == ALWAYS_OBSERVE
    assert total(notes | {FULL[0]: signal(0.5)}) == 0.5


def test_the_same_signal_again_does_not_add_up() -> None:
    once = case({FULL[0]: signal(0.5)})
    absorb(once, FULL[0], signal(0.5), HALF_MS)
    assert score(once, START_MS, POLICY) == 0.5


def test_a_weaker_finding_does_not_hide_a_stronger_one() -> None:
    made = case({FULL[0]: signal(0.9)})
    absorb(made, FULL[0], signal(0.5, START_MS + 1), HALF_MS)
    assert score(made, START_MS, POLICY) == 0.9


def test_of_two_equal_findings_the_newer_one_is_shown() -> None:
    made = case({FULL[0]: signal(0.5)})
    absorb(made, FULL[0], Signal(0.5, START_MS, "signal", 5.0, 3.0), HALF_MS)
    assert made.signals[FULL[0]].value == 5.0


def test_a_finding_counts_anew_once_the_old_one_has_faded_below_it() -> None:
    made = case({FULL[0]: signal(0.9)})
    later_ms = START_MS + HALF_MS
    absorb(made, FULL[0], signal(0.5, later_ms), HALF_MS)
    assert score(made, later_ms, POLICY) == 0.5


@given(st.dictionaries(st.sampled_from(sorted(POLICY.weights)), st.floats(0.001, 1.0)))
def test_a_score_lies_between_0_and_1_and_never_under_its_greatest_part(found: dict[str, float]) -> None:
    parts = [POLICY.weights[rule] * strength for rule, strength in found.items()]
    scored = total({rule: signal(strength) for rule, strength in found.items()})
    assert round(max(parts, default=0.0), 6) <= scored <= 1.0


@given(strengths, strengths, strengths)
def test_the_order_of_findings_does_not_change_a_score(one: float, two: float, three: float) -> None:
    found = list(zip(FULL[:3], (one, two, three), strict=True))
    scores = {total({rule: signal(strength) for rule, strength in order}) for order in permutations(found)}
    assert len(scores) == 1

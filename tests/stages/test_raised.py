"""Holding back what a rule said already."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.stages.raised import LOUDER, hold_back
from detector.windows.layout import RULE_SLOTS

if TYPE_CHECKING:
    from collections.abc import Callable

START_MS = 1_780_243_200_000
HOUR_MS = 3_600_000
FIRINGS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from([0, 1, HOUR_MS - 1, HOUR_MS]),
        st.sampled_from([0.25, 0.5, 0.6, 1.0]),
    )
)


class Heard:
    """Firings of one rule for a few rows: (row, strength) at a moment after the start."""

    def __init__(self, rule: int = 3) -> None:
        self.rule = rule
        self.raised_ms = np.zeros((3, RULE_SLOTS), np.int64)
        self.raised = np.zeros((3, RULE_SLOTS), np.float32)

        self.kernel: Callable[..., Any] = hold_back

    def __call__(
        self, firings: Sequence[tuple[int, int, float]], shadow: Sequence[bool] | None = None
    ) -> list[bool]:
        """`firings`: row, ms after the start, strength; one that does not fire stands after each.

        `shadow`: which of them are heard in shadow only; None: none.
        """
        rows, times, strengths = (np.repeat(np.array(column), 2) for column in zip(*firings, strict=True))
        places = np.arange(0, len(rows), 2)
        heard = self.kernel(
            places,
            strengths.astype(np.float64),
            rows.astype(np.int32),
            START_MS + times.astype(np.int64),
            self.raised_ms,
            self.raised,
            self.rule,
            np.zeros(len(places), np.bool_) if shadow is None else np.array(shadow, np.bool_),
        )
        return [bool(each) for each in heard]


@pytest.mark.parametrize(("after_ms", "expected"), [(1, False), (HOUR_MS - 1, False), (HOUR_MS, True)])
def test_a_rule_is_heard_once_an_hour(after_ms: int, expected: bool) -> None:  # noqa: FBT001  # a table's column
    assert [True, expected] == Heard()([(0, 0, 0.5), (0, after_ms, 0.5)])


@pytest.mark.parametrize(("before", "heard"), [(0.8, True), (0.85, True), (0.9, False), (1.0, False)])
def test_who_becomes_sure_is_heard_once_however_loud_he_was(before: float, heard: bool) -> None:  # noqa: FBT001  # a table's column
    assert [True, heard, False] == Heard()([(0, 0, before), (0, 1, 1.0), (0, 2, 1.0)])


@pytest.mark.parametrize(("strength", "expected"), [(0.6, False), (0.625, True), (0.4, False)])
def test_a_rule_is_heard_again_when_it_is_a_quarter_louder(strength: float, expected: bool) -> None:  # noqa: FBT001  # the same
    assert [True, expected] == Heard()([(0, 0, 0.5), (0, 1, strength)])


def test_what_was_not_heard_does_not_begin_the_hour_anew() -> None:
    assert [True, False, True] == Heard()([(0, 0, 0.5), (0, HOUR_MS - 1, 0.5), (0, HOUR_MS, 0.5)])


def test_what_was_heard_louder_begins_the_hour_anew() -> None:
    assert [True, True, False, True] == Heard()(
        [(0, 0, 0.5), (0, 1000, 0.9), (0, HOUR_MS, 0.9), (0, HOUR_MS + 1000, 0.25)]
    )


def test_each_row_is_heard_by_itself() -> None:
    assert [True, True, False] == Heard()([(0, 0, 0.5), (1, 0, 0.5), (0, 1, 0.5)])


def test_each_rule_is_heard_by_itself() -> None:
    heard = Heard()
    heard([(0, 0, 0.5)])
    heard.rule = 4
    assert [True] == heard([(0, 1, 0.5)])
    heard.rule = 3
    assert [False] == heard([(0, 2, 0.5)])


SAME_ROW = [(0, 0, 0.5), (0, 1, 0.5), (0, 2, 0.5)]


def test_what_was_said_in_shadow_is_held_back_in_shadow_and_not_live() -> None:
    assert [True, False, False] == Heard()(SAME_ROW, [True, True, True])
    assert [True, True, False] == Heard()(SAME_ROW, [True, False, False])
    assert [True, True, False] == Heard()(SAME_ROW, [True, False, True])


def test_what_was_said_live_is_held_back_in_shadow_however_loud_for_its_hour() -> None:
    louder = [(0, 0, 0.5), (0, 1, 1.0), (0, HOUR_MS, 0.5), (0, HOUR_MS + 1, 1.0)]
    assert [True, False, True, True] == Heard()(louder, [False, True, True, True])


@settings(max_examples=60, deadline=None)
@given(FIRINGS.filter(bool), st.data())
def test_what_is_live_is_heard_as_if_nothing_were_in_shadow(
    firings: list[tuple[int, int, float]], data: st.DataObject
) -> None:
    after = np.cumsum([step for _, step, _ in firings]).tolist()
    told = [(row, at, strength) for (row, _, strength), at in zip(firings, after, strict=True)]
    shadow = data.draw(st.lists(st.booleans(), min_size=len(told), max_size=len(told)))
    live = [one for one, apart in zip(told, shadow, strict=True) if not apart]
    heard = Heard()(told, shadow)
    assert (Heard()(live) if live else []) == [
        each for each, apart in zip(heard, shadow, strict=True) if not apart
    ]


@settings(max_examples=60, deadline=None)
@given(FIRINGS.filter(bool), st.integers(0, 20))
def test_a_batch_cut_anywhere_hears_the_same(firings: list[tuple[int, int, float]], cut: int) -> None:
    after = np.cumsum([step for _, step, _ in firings]).tolist()
    told = [(row, at, strength) for (row, _, strength), at in zip(firings, after, strict=True)]
    whole, cut_up = Heard(), Heard()
    assert whole(told) == [heard for part in (told[:cut], told[cut:]) if part for heard in cut_up(part)]
    assert whole.raised_ms.tolist() == cut_up.raised_ms.tolist()
    assert whole.raised.tolist() == cut_up.raised.tolist()


# Strengths that 32 bits cannot hold, and what is a quarter more than each.
UNEVEN = [0.3, 0.3 * LOUDER, 0.7 * LOUDER, 0.7, 0.1, 0.1 * LOUDER]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(UNEVEN), st.booleans()), min_size=1))
def test_compiled_it_hears_what_plain_python_hears(firings: list[tuple[int, float, bool]]) -> None:
    compiled, plain = Heard(), Heard()
    plain.kernel = getattr(hold_back, "py_func", hold_back)
    told = [(row, place, strength) for place, (row, strength, _) in enumerate(firings)]
    shadow = [apart for _, _, apart in firings]
    assert plain(told, shadow) == compiled(told, shadow)
    assert plain.raised.tobytes() == compiled.raised.tobytes()
    assert plain.raised_ms.tobytes() == compiled.raised_ms.tobytes()

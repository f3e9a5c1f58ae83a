"""What is committed beside an offset."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.errors import StateError
from detector.stream.intake import MOST_STEPS
from detector.stream.progress import IdleStep, Progress

NUMBER = st.integers(0, 2**63 - 1)
PROGRESS = st.builds(
    Progress, NUMBER, NUMBER, st.booleans(), st.lists(st.builds(IdleStep, NUMBER, NUMBER)).map(tuple)
)


@given(PROGRESS)
def test_progress_survives_a_round_trip(progress: Progress) -> None:
    assert progress == Progress.decode(progress.encode())


def test_the_most_steps_stay_far_under_what_a_broker_takes() -> None:
    largest = 2**63 - 1
    steps = (IdleStep(largest, largest),) * MOST_STEPS
    assert len(Progress(largest, largest, quiet=True, steps=steps).encode().encode()) < 4096 // 2


def test_where_nothing_was_committed_nothing_was_closed() -> None:
    assert Progress(0, 0, quiet=False, steps=()) == Progress.decode("")


@pytest.mark.parametrize("text", ["x", "[]", "1", '{"f": "1"}', '{"s": [[1]]}', '{"f": 1', '{"q": 1}'])
def test_anothers_metadata_is_an_error_that_says_what_to_do(text: str) -> None:
    with pytest.raises(StateError, match=r"another consumer use the same group\? .*\(DETECTOR_GROUP\)"):
        Progress.decode(text)


def test_what_a_later_release_adds_is_passed_over() -> None:
    assert Progress(frontier=5) == Progress.decode('{"f": 5, "later": [1]}')

"""What a history needs to be put in order."""

from collections.abc import Sequence

import msgspec
import pytest

from detector.replay import Survey
from detector.replay.inputs import FileRecord

START_MS = 1_780_243_200_000


def surveyed(*batches: Sequence[int]) -> Survey:
    survey = Survey()
    for seconds in batches:
        times = [START_MS + 1000 * second for second in seconds]
        survey.take([FileRecord(msgspec.json.encode({"time": time})) for time in times])
    return survey


@pytest.mark.parametrize(
    ("batches", "held"),
    [
        ([], 0),
        ([[]], 0),
        ([[0, 1], [2, 3], [4, 5]], 2),
        ([[0, 1], [2, 3], [1, 5], [6, 7], [20, 21]], 4),
        ([[0, 99], [1, 2], [3, 4]], 6),
        ([[3, 4], [1, 2], [100, 101], [102, 103]], 4),
    ],
)
def test_what_waits_are_the_batches_that_reach_into_the_disorder(batches: list[list[int]], held: int) -> None:
    assert held == surveyed(*batches).most_held()

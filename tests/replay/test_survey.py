"""What a history needs to be put in order."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.formats import FORMATS
from detector.replay import History, Survey, surveyed
from detector.replay.select import Selection

START_MS = 1_780_243_200_000


def seen(*batches: Sequence[int]) -> Survey:
    survey = Survey()
    for seconds in batches:
        survey.take([START_MS + 1000 * second for second in seconds])
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
    assert held == seen(*batches).most_held()


LINES = st.sampled_from(
    [
        b'{"time":%d}' % (START_MS + 9),
        b'{"time":%d}' % START_MS,
        b'{"time":"2026-06-01T00:00:01+08:00"}',
        b'{"time":%d}{"time":%d}' % (START_MS + 70_000, START_MS),
        b'{"time":',
        b"5}",
        b"nonsense",
        b" ",
        b"",
        b"\r",
    ]
)


@given(lines=st.lists(LINES, max_size=12))
def test_a_history_is_the_same_whether_it_is_cut_into_lines_or_not(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("history") / "events.jsonl"
    path.write_bytes(b"\n".join(lines))
    history = History([path], FORMATS["jsonl"])
    everything, nearly = Selection(), Selection(late=frozenset({(0, "no event")}))
    read: list[int] = []
    whole, cut = surveyed(history, everything, read.append), surveyed(history, nearly, lambda _: None)
    assert (cut.disorder_ms, cut.lines) == (whole.disorder_ms, whole.lines)
    assert path.stat().st_size == sum(read)

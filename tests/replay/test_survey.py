"""What a history needs to be put in order."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.formats import FORMATS
from detector.replay import History, Survey, surveyed
from detector.replay.glance import divided
from detector.replay.portions import look, stretch_of
from detector.replay.select import Selection

START_MS = 1_780_243_200_000


def seen(*batches: Sequence[int]) -> Survey:
    survey = Survey()
    for seconds in batches:
        survey.take(stretch_of([START_MS + 1000 * second for second in seconds]), len(seconds))
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


def event(seconds: int, rest: bytes = b"") -> bytes:
    return b'{"time":%d,"ip":"203.0.113.%d"%b}' % (START_MS + 1000 * seconds, seconds, rest)


LINES = st.sampled_from(
    [
        event(9),
        event(0),
        event(3, b',"account_id":"acc-1"'),
        event(4, b',"account_id":"acc-22"') + b"\r",
        b'{"time":"2026-06-01T00:00:01+08:00","ip":"::1"}',
        event(70) + event(1),
        b'{"time":%d}' % START_MS,
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
    values = [record.value for batch in history.batches(lambda _: None) for record in batch.records]
    assert bytes(divided(values, 3)) == b"".join(look(piece.portion, 3).parts for piece in whole.pieces)


@pytest.mark.usefixtures("small_extents")
@pytest.mark.parametrize("files", [1, 2])
def test_a_history_is_read_again_as_it_was_seen(tmp_path: Path, files: int) -> None:
    paths = [tmp_path / name for name in ("late", "early")][:files]
    for place, path in enumerate(paths):
        path.write_bytes(b"\n".join(event(200 - 100 * place + second, b" ") for second in range(40)))
    history = History(paths, FORMATS["jsonl"])
    survey = surveyed(history, Selection(), lambda _: None)
    batches = list(survey.batches(history, lambda _: None))
    assert len(batches) == len(survey.pieces) > 4 * files
    assert [str(path) for path in reversed(paths)] == list(dict.fromkeys(batch.files[0] for batch in batches))
    assert [*range(1, 41)] * files == [number for batch in batches for number in batch.numbers]
    assert 0 == survey.disorder_ms

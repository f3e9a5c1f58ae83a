"""Order restored on disk."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import msgspec
import pytest

from detector.events import Rejected
from detector.replay import sorting
from detector.replay.records import Batch, FileRecord, Unread
from detector.replay.sorting import in_order

START_MS = 1_780_243_200_000
NONSENSE = FileRecord(b"nonsense")


def record(second: int) -> FileRecord:
    return FileRecord(msgspec.json.encode({"time": START_MS + 1000 * second}))


@pytest.fixture
def short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "MOST_HELD", 7)
    monkeypatch.setattr(sorting, "_BATCH", 4)


def shuffled() -> Iterator[Batch]:
    """Fifty seconds out of order, two files by turns, and a line that has no time."""
    seconds = Random(3).sample(range(50), 50)
    for place in range(0, 50, 5):
        records = [record(second) for second in seconds[place : place + 5]]
        yield Batch(records, [f"f{place % 2}"] * 5, list(range(place, place + 5)))
    yield Batch([NONSENSE], ["f9"], [9])


def everything(records: Sequence[FileRecord]) -> Sequence[FileRecord]:
    return records


@pytest.mark.usefixtures("short_runs")
def test_events_come_in_the_order_of_their_time_what_has_none_first(tmp_path: Path) -> None:
    batches = list(in_order(shuffled(), everything, tmp_path))
    assert [NONSENSE, *map(record, range(50))] == [one for batch in batches for one in batch.records]
    assert 4 >= max(len(batch.records) for batch in batches)
    assert 5 == len(list(tmp_path.iterdir()))


@pytest.mark.usefixtures("short_runs")
def test_each_keeps_its_file_and_line(tmp_path: Path) -> None:
    given, found = (
        {
            (file, number): one
            for batch in batches
            for one, file, number in zip(batch.records, batch.files, batch.numbers, strict=True)
        }
        for batches in (shuffled(), in_order(shuffled(), everything, tmp_path))
    )
    assert given == found


@pytest.mark.usefixtures("short_runs")
def test_only_what_is_chosen_comes(tmp_path: Path) -> None:
    batches = in_order(shuffled(), lambda records: records[::2], tmp_path)
    assert 31 == sum(len(batch.records) for batch in batches)


def test_what_could_not_be_read_comes_at_once(tmp_path: Path) -> None:
    unread = [Unread("f", 3, Rejected("bad_line", "no"))]
    first, *_ = in_order([Batch([record(0)], ["f"], [1], unread)], everything, tmp_path)
    assert (unread, []) == (first.unread, first.records)

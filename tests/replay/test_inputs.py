from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest

from detector.errors import InputError
from detector.events import Rejected
from detector.formats import FORMATS
from detector.replay import History, read_entitlements, read_feedback, surveyed
from detector.replay.portions import look
from detector.replay.records import Batch, Unread
from detector.replay.select import Selection
from tests.rules.events import MINUTE_MS, NOON_MS

BATCH = 40_000
NOTHING = Rejected("not_json", "no")


def write(path: Path, *lines: bytes) -> Path:
    path.write_bytes(b"\n".join(lines))
    return path


def event(minute: float) -> bytes:
    return msgspec.json.encode({"event_id": f"e-{minute}", "time": NOON_MS + round(minute * MINUTE_MS)})


def history(*paths: Path, form: str = "jsonl") -> History:
    return History(paths, FORMATS[form])


def lines_in(batch: Batch) -> list[tuple[bytes, int]]:
    return sorted(zip((record.value for record in batch.records), batch.numbers, strict=True))


def disorder_min(*paths: Path) -> float:
    return surveyed(history(*paths), Selection(), lambda _: None).disorder_ms / MINUTE_MS


@pytest.mark.parametrize(
    ("minutes", "disorder"), [([], 0), ([5], 0), ([1, 2, 3], 0), ([3, 1, 2], 2), ([1, 9, 8, 2, 10], 7)]
)
def test_disorder_is_how_far_an_event_comes_after_a_later_one(
    tmp_path: Path, minutes: Sequence[int], disorder: int
) -> None:
    assert disorder == disorder_min(write(tmp_path / "e", *map(event, minutes)))


def test_times_of_either_form_count(tmp_path: Path) -> None:
    for text in (b'"2026-06-01T11:58:00+08:00"', b'"2026-06-01T11:57:60+08:00"', b"1780286280000.0"):
        assert 2 == disorder_min(write(tmp_path / "e", event(0), b'{"time":%b}' % text))


@pytest.mark.parametrize(
    "line", [b"nonsense", b"{}", b'{"time":null}', b'{"time":5}', b'{"time":9999999999999}']
)
def test_what_is_no_events_time_is_no_disorder(tmp_path: Path, line: bytes) -> None:
    assert 1 == disorder_min(write(tmp_path / "e", event(2), line, event(1), line, event(3)))


def test_files_one_after_the_other_in_time_are_read_one_after_the_other(tmp_path: Path) -> None:
    early, late = (
        write(tmp_path / name, *(event(start + place / 1000) for place in range(BATCH + 1)))
        for name, start in (("early", 0), ("late", 100))
    )
    order = [batch.files[0] for batch in history(late, early).batches(lambda _: None)]
    assert [str(early), str(early), str(late), str(late)] == order
    assert 0 == disorder_min(late, early)


def test_files_of_the_same_time_are_read_by_turns(tmp_path: Path, small_extents: int) -> None:
    one, other = (write(tmp_path / name, *map(event, range(100))) for name in ("a", "b"))
    assert disorder_min(one, other) <= small_extents // len(event(10)) + 1


def test_bytes_read_add_up_to_the_files(tmp_path: Path) -> None:
    paths = [write(tmp_path / name, *map(event, range(50))) for name in ("a", "b")]
    read: list[int] = []
    assert 100 == sum(len(batch.records) for batch in history(*paths).batches(read.append))
    assert sum(path.stat().st_size for path in paths) == sum(read)


def test_a_refused_record_is_found_by_its_line(tmp_path: Path) -> None:
    path = write(tmp_path / "e", event(0), b"", b"nonsense", event(1))
    (batch,) = history(path).batches(lambda _: None)
    assert [1, 3, 4] == batch.numbers
    assert [Unread(str(path), 3, NOTHING)] == batch.refused([(batch.records[1], NOTHING)])
    assert [] == batch.refused([])


def test_logs_of_one_name_have_ids_of_their_own_which_do_not_depend_on_the_others(tmp_path: Path) -> None:
    line = b'203.0.113.%b - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 5 "-" "Mozilla/5.0"'
    paths = []
    for host in (b"1", b"2"):
        (tmp_path / host.decode()).mkdir()
        paths.append(write(tmp_path / host.decode() / "access.log", line % host))

    def ids(*chosen: Path) -> list[str]:
        batches = history(*chosen, form="combined").batches(lambda _: None)
        return [msgspec.json.decode(one.value)["event_id"] for batch in batches for one in batch.records]

    assert 2 == len(set(ids(*paths)))
    assert ids(*paths) == [*ids(paths[0]), *ids(paths[1])]


@pytest.mark.usefixtures("small_extents")
def test_a_log_in_portions_is_the_log(tmp_path: Path) -> None:
    line = b'203.0.113.%d - - [17/May/2015:10:05:%02d +0000] "GET / HTTP/1.1" 200 5 "-" "curl/7.1"'
    lines = [line % (number % 7, number) for number in range(40)]
    path = write(tmp_path / "access.log", *lines[:10], b"half a li", b"", *lines[10:])
    log = history(path, form="combined")
    (whole,) = log.batches(lambda _: None)
    survey = surveyed(log, Selection(), lambda _: None, lambda portions: (look(each, 3) for each in portions))
    parts = [
        piece.portion.batch(piece.first_line, np.frombuffer(piece.look.parts, np.uint8) == number)
        for piece in survey.pieces
        for number in range(3)
    ]
    assert len(survey.pieces) > 5
    assert lines_in(whole) == sorted(line for part in parts for line in lines_in(part))
    assert whole.unread == [line for part in parts for line in part.unread]
    assert len(whole.records) + len(whole.unread) == survey.lines


def test_lines_that_a_format_cannot_read_are_told_apart(tmp_path: Path) -> None:
    good = b'203.0.113.7 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 5 "-" "Mozilla/5.0"'
    path = write(tmp_path / "access.log", b"half a li", good)
    (batch,) = history(path, form="combined").batches(lambda _: None)
    assert ([(1, "bad_line")], [2]) == ([(u.number, u.why.reason) for u in batch.unread], batch.numbers)


def test_a_missing_file_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="gone"):
        disorder_min(tmp_path / "gone")


def test_entitlements_count_from_ever_where_they_name_no_moment(tmp_path: Path) -> None:
    path = write(
        tmp_path / "n",
        b'{"key":"acc-1","value":{"plan":"member"}}',
        b'{"key":"acc-1","value":{"valid_from":"2026-06-01T12:00:00+08:00"}}',
        b'{"key":"acc-1","value":null}',
    )
    assert [0, NOON_MS, 0] == [stamped.counts_from for stamped in read_entitlements(path)]
    assert [False, False, True] == [stamped.entitlement is None for stamped in read_entitlements(path)]


def test_an_exported_entitlement_counts_from_the_moment_that_it_was_stamped_with(tmp_path: Path) -> None:
    path = write(
        tmp_path / "n",
        b'{"key":"a","value":{"valid_from":"2026-06-01T12:00:00+08:00"},"counts_from":1800000000000}',
        b'{"key":"a","value":null,"counts_from":1900000000000}',
    )
    assert [1_800_000_000_000, 1_900_000_000_000] == [each.counts_from for each in read_entitlements(path)]


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        b'{"value":{}}',
        b'{"key":"a","value":{"seats":"many"}}',
        b'{"key":"anon:203.0.113.7","value":{}}',
        b'{"key":"a","value":{"allow":[{"kind":"ip","value":"nowhere"}]}}',
        b'{"key":"a","value":{"allow":[{"kind":"ip","value":"1.2.3.4","for":["nothing"]}]}}',
    ],
)
def test_a_bad_entitlement_is_an_error_with_its_line(tmp_path: Path, line: bytes) -> None:
    with pytest.raises(InputError, match="line 2: no entitlement"):
        read_entitlements(write(tmp_path / "n", b'{"key":"a","value":null}', line))


SAID = b'{"key":"a","value":{"alert_id":"1","verdict":"benign","author":"ann","time":1780243200000}}'


def test_feedback_counts_from_its_own_time(tmp_path: Path) -> None:
    (said,) = read_feedback(write(tmp_path / "f", SAID))
    assert ("a", 1_780_243_200_000, "1") == (said.key, said.counts_from, said.feedback.alert_id)


def test_exported_feedback_counts_from_the_moment_that_it_was_stamped_with(tmp_path: Path) -> None:
    line = SAID[:-1] + b',"counts_from":1780243260000}'
    (said,) = read_feedback(write(tmp_path / "f", line))
    assert (1_780_243_260_000, 1_780_243_200_000) == (said.counts_from, said.feedback.time_ms)


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        b'{"key":"a","value":null}',
        SAID.replace(b"benign", b"bad"),
        SAID.replace(b"1780243200000", b"5"),
    ],
)
def test_bad_feedback_is_an_error_with_its_line(tmp_path: Path, line: bytes) -> None:
    with pytest.raises(InputError, match="line 2: no feedback"):
        read_feedback(write(tmp_path / "f", SAID, line))

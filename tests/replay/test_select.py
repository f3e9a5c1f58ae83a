from pathlib import Path
from typing import Any

import msgspec
import pytest

from detector.errors import InputError
from detector.replay.inputs import FileRecord
from detector.replay.select import Selection, read_late
from tests.rules.events import NOON_MS

NOON = "2026-06-01T12:00:00+08:00"


def record(name: str, time: int | str, account: str | None = "acc-1") -> FileRecord:
    return FileRecord(msgspec.json.encode({"event_id": name, "time": time, "account_id": account}))


EVENTS = (
    record("a", NOON_MS - 1),
    record("b", NOON),
    record("c", NOON_MS, "acc-2"),
    record("d", NOON_MS + 1, None),
    FileRecord(b"nonsense"),
)


def selected(**given: Any) -> str:
    chosen = {"start": None, "end": None, "account": None, "late": frozenset(), **given}
    kept = Selection(**chosen).of(EVENTS)
    return "".join("abcd?"[EVENTS.index(one)] for one in kept)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, "abcd?"),
        ({"start": NOON_MS}, "bcd?"),
        ({"end": NOON_MS}, "a?"),
        ({"start": NOON_MS, "end": NOON_MS + 1}, "bc?"),
        ({"account": "acc-1"}, "ab?"),
        ({"account": "acc-2", "start": NOON_MS + 1}, "?"),
        ({"late": frozenset({(NOON_MS, "b"), (NOON_MS, "d")})}, "acd?"),
    ],
)
def test_a_selection_keeps_what_is_asked_for_and_what_cannot_be_read(
    given: dict[str, Any], kept: str
) -> None:
    assert kept == selected(**given)


def test_late_events_are_known_by_time_and_id(tmp_path: Path) -> None:
    path = tmp_path / "late.jsonl"
    path.write_bytes(b"\n".join(one.value for one in EVENTS[:3]))
    assert {(NOON_MS - 1, "a"), (NOON_MS, "b"), (NOON_MS, "c")} == read_late(path)


def test_a_line_that_is_no_event_is_an_error_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "late.jsonl"
    path.write_bytes(EVENTS[0].value + b"\nnonsense")
    with pytest.raises(InputError, match="line 2: no event"):
        read_late(path)

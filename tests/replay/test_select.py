from pathlib import Path
from typing import Any

import msgspec
import pytest

from detector.errors import InputError, UsageError
from detector.events import Addresses
from detector.replay.records import FileRecord
from detector.replay.select import Selection, Whose, read_late
from detector.stages.proxies import Proxies
from tests.rules.events import NOON_MS

NOON = "2026-06-01T12:00:00+08:00"


def record(name: str, time: int | str, account: str | None = "acc-1") -> FileRecord:
    return FileRecord(msgspec.json.encode({"event_id": name, "time": time, "account_id": account}))


def visitor(name: str, ip: str, *chain: str) -> FileRecord:
    said = {
        "event_id": name,
        "time": NOON_MS - 2,
        "type": "request",
        "method": "GET",
        "path": "/",
        "status": 200,
    }
    return FileRecord(msgspec.json.encode({**said, "ip": ip, "forwarded_for": chain}))


EVENTS = (
    record("a", NOON_MS - 1),
    record("b", NOON),
    record("c", NOON_MS, "acc-2"),
    record("d", NOON_MS + 1, None),
    visitor("v", "2001:DB8::1"),
    visitor("w", "10.0.0.1"),
    visitor("p", "10.0.0.1", "2001:db8::1"),
    FileRecord(b"nonsense"),
)


def selected(**given: Any) -> str:
    chosen = {"start": None, "end": None, "account": None, "late": frozenset(), **given}
    account = chosen.pop("account")
    whose = None if account is None else Whose(account, Proxies(["10.0.0.0/8"], Addresses()))
    kept = Selection(**chosen, whose=whose).of(EVENTS)
    return "".join("abcdvwp?"[EVENTS.index(one)] for one in kept)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, "abcdvwp?"),
        ({"start": NOON_MS}, "bcd?"),
        ({"end": NOON_MS}, "avwp?"),
        ({"start": NOON_MS, "end": NOON_MS + 1}, "bc?"),
        ({"account": "acc-1"}, "ab?"),
        ({"account": "acc-2", "start": NOON_MS + 1}, "?"),
        ({"account": "anon:2001:db8::1"}, "dvp?"),
        ({"account": "anon:2001:DB8:0::1"}, "dvp?"),
        ({"account": "anon:10.0.0.1"}, "dw?"),
        ({"account": "anon:10.0.0.1,2001:db8::1"}, "dvp?"),
        ({"late": frozenset({(NOON_MS, "b"), (NOON_MS, "d")})}, "acdvwp?"),
    ],
)
def test_a_selection_keeps_what_is_asked_for_and_what_cannot_be_read(
    given: dict[str, Any], kept: str
) -> None:
    assert kept == selected(**given)


def test_a_span_that_holds_nothing_is_a_wrong_use() -> None:
    with pytest.raises(UsageError, match="--from is not before --to"):
        Selection(start=NOON_MS, end=NOON_MS)


def test_a_visitor_without_address_is_a_wrong_use() -> None:
    with pytest.raises(UsageError, match="anon:nobody: a visitor is named by"):
        Whose("anon:nobody", Proxies(None, Addresses()))


def test_late_events_are_known_by_time_and_id(tmp_path: Path) -> None:
    path = tmp_path / "late.jsonl"
    path.write_bytes(b"\n".join(one.value for one in EVENTS[:3]))
    assert {(NOON_MS - 1, "a"), (NOON_MS, "b"), (NOON_MS, "c")} == read_late(path)


def test_a_line_that_is_no_event_is_an_error_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "late.jsonl"
    path.write_bytes(EVENTS[0].value + b"\nnonsense")
    with pytest.raises(InputError, match="line 2: no event"):
        read_late(path)

"""What holds for every format, packed in every way; a new one joins by being listed in `FORMATS` and here."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from detector.events import Addresses, Rejected, decode
from detector.formats import FORMATS, open_lines

GOOD = {
    "jsonl": b'{"event_id":"e","type":"logout","time":1760000000000,"account_id":"u","ip":"203.0.113.7"}',
    "combined": b'203.0.113.7 - u [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5 "-" "curl/8"',
}
BAD = (b"\xff\x00", b"{}", b"null", b'"', b"[" * 70_000, b" ")


def test_every_format_has_its_example() -> None:
    assert set(FORMATS) == set(GOOD)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_has_a_name_and_a_summary(name: str) -> None:
    assert FORMATS[name].name == name
    assert FORMATS[name].summary


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
@pytest.mark.parametrize("name", FORMATS)
def test_a_file_gives_its_events(tmp_path: Path, name: str, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "history"
    path.write_bytes(pack(GOOD[name] + b"\r\n\n" + GOOD[name]))
    converted = [FORMATS[name].convert(str(path), number, line) for number, line in open_lines(path)]
    decoded = decode([found for found in converted if isinstance(found, bytes)], Addresses())
    assert ["203.0.113.7"] * 2 == [event.ip for event in decoded.events]
    assert ["u"] * 2 == [event.account_id for event in decoded.events]


@pytest.mark.parametrize("line", BAD)
@pytest.mark.parametrize("name", FORMATS)
def test_a_bad_line_has_a_reason_sooner_or_later(name: str, line: bytes) -> None:
    found = FORMATS[name].convert("f", 1, line)
    if not isinstance(found, Rejected):
        ((_, found),) = decode([found], Addresses()).rejected
    assert found.reason
    assert found.detail


@pytest.mark.parametrize("name", FORMATS)
@given(line=st.binary(), place=st.integers(0, 80), wrong=st.binary(max_size=3))
def test_no_line_is_an_exception(name: str, line: bytes, place: int, wrong: bytes) -> None:
    near = GOOD[name][:place] + wrong + GOOD[name][place + 1 :]
    for candidate in (line, near):
        found = FORMATS[name].convert("f", 1, candidate)
        assert found == FORMATS[name].convert("f", 1, candidate)
        assert isinstance(found, bytes | Rejected)

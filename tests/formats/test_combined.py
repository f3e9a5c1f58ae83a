"""A line of an access log becomes a request, or says why not."""

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from detector.events import Addresses, Rejected, decode
from detector.formats import FORMATS, open_lines

LOG = Path(__file__).parents[1] / "data" / "elastic_apache_logs.gz"
LINE = (
    b"83.149.9.216 - - [17/May/2015:10:05:03 +0000] "
    b'"GET /a?b=1 HTTP/1.1" 200 203023 "http://example.com/" "Mozilla/5.0 (X11)"'
)
convert = FORMATS["combined"].convert


def event(line: bytes, number: int = 7) -> dict[str, Any]:
    found = convert("access.log", number, line)
    assert isinstance(found, bytes), found
    return msgspec.json.decode(found, type=dict[str, Any])


def swapped(old: bytes, new: bytes) -> bytes:
    assert old in LINE
    return LINE.replace(old, new)


def reason(line: bytes) -> str:
    found = convert("access.log", 7, line)
    assert isinstance(found, Rejected), found
    return found.reason


def test_a_line_becomes_a_request() -> None:
    assert event(LINE) == {
        "event_id": "access.log:000000007",
        "type": "request",
        "time": 1_431_857_103_000,
        "ip": "83.149.9.216",
        "method": "GET",
        "path": "/a?b=1",
        "status": 200,
        "bytes": 203_023,
        "user_agent": "Mozilla/5.0 (X11)",
    }


def test_the_real_log_is_read_but_for_the_one_line_that_is_cut_off() -> None:
    converted = [(number, convert("log", number, line)) for number, line in open_lines(LOG)]
    rejected = [(number, found) for number, found in converted if isinstance(found, Rejected)]
    assert [(8899, "bad_line")] == [(number, found.reason) for number, found in rejected]
    assert "bot.html" in rejected[0][1].detail
    decoded = decode([found for _, found in converted if isinstance(found, bytes)], Addresses())
    assert not decoded.rejected
    assert Counter(GET=9951, HEAD=42, POST=5, OPTIONS=1) == Counter(found.method for found in decoded.events)
    assert len({found.ip for found in decoded.events}) == 1753
    assert len({found.event_id for found in decoded.events}) == 9999


@pytest.mark.parametrize(
    ("offset", "hours"), [(b"+0000", 0), (b"+0800", -8), (b"-0500", 5), (b"+0530", -5.5), (b"-0330", 3.5)]
)
def test_the_offset_counts(offset: bytes, hours: float) -> None:
    assert event(swapped(b"+0000", offset))["time"] == 1_431_857_103_000 + hours * 3_600_000


def test_ids_sort_as_the_lines_do() -> None:
    ids = [event(LINE, number=number)["event_id"] for number in (9, 10, 99_999_999)]
    assert sorted(ids) == ids


@pytest.mark.parametrize(
    ("more", "chain"),
    [
        (b"", None),
        (b' "-"', None),
        (b' "203.0.113.9"', ["203.0.113.9"]),
        (b' "unknown, 203.0.113.9"', ["unknown", "203.0.113.9"]),
        (b' "2001:db8::1,10.0.0.1" "0.005"', ["2001:db8::1", "10.0.0.1"]),
        (b' "rubbish"', None),
        (b' ""', None),
        (b' 0.005 "203.0.113.9"', None),
        (b' "-" rt=0.005 "a\\"b" -', None),
    ],
)
def test_what_follows_the_agent_is_passed_over_but_for_the_chain(
    more: bytes, chain: list[str] | None
) -> None:
    told = {} if chain is None else {"forwarded_for": chain}
    assert {**event(LINE), **told} == event(LINE + more)


@pytest.mark.parametrize(
    ("request_text", "method", "path"),
    [
        (b"GET /a b HTTP/1.0", "GET", "/a b"),
        (b"M-SEARCH * HTTP/2", "M-SEARCH", "*"),
        (b"GET /old", "GET", "/old"),
        (rb"GET /\"q\"\\ HTTP/1.1", "GET", '/"q"\\'),
        (b"-", "-", "-"),
        (b"", "-", ""),
        (rb"\x16\x03\x01\x02", "-", "\x16\x03\x01\x02"),
        (rb"quit\r\n", "-", "quit\r\n"),
        (rb"\xe4\xbd\xa0 \xff", "-", "你 �"),
    ],
)
def test_a_request_that_is_not_http_is_an_event_too(request_text: bytes, method: str, path: str) -> None:
    found = event(swapped(b"GET /a?b=1 HTTP/1.1", request_text))
    assert (method, path) == (found["method"], found["path"])


def test_a_user_agent_is_what_was_sent() -> None:
    assert event(swapped(b"Mozilla/5.0 (X11)", rb"a \"b\" \x22c\x22 \\ d"))["user_agent"] == 'a "b" "c" \\ d'
    assert "user_agent" not in event(swapped(b"Mozilla/5.0 (X11)", b"-"))


def test_no_size_is_no_field() -> None:
    assert "bytes" not in event(swapped(b"203023", b"-"))


def test_the_user_field_is_the_account() -> None:
    assert event(swapped(b"- - [", b"- ann [")) == event(LINE) | {"account_id": "ann"}
    assert event(swapped(b"- - [", b"- ann lee ["))["account_id"] == "ann lee"
    assert event(swapped(b"- - [", b'- "" [')) == event(LINE)


def test_who_was_refused_is_nobody() -> None:
    assert "account_id" not in event(swapped(b"- - [", b"- ann [").replace(b" 200 ", b" 401 "))


def test_an_address_may_be_ipv6() -> None:
    assert event(swapped(b"83.149.9.216", b"2001:db8::1"))["ip"] == "2001:db8::1"


@pytest.mark.parametrize("host", [b"crawl-66.example.com", b"999.1.1.1", b"-", b"fe80::1%eth0", b"\xff"])
def test_a_name_is_no_address(host: bytes) -> None:
    assert reason(swapped(b"83.149.9.216", host)) == "bad_address"


@pytest.mark.parametrize(
    "time",
    [
        b"",
        b"2015-05-17T10:05:03Z",
        b"31/Feb/2015:10:05:03 +0000",
        b"17/Mai/2015:10:05:03 +0000",
        b"17/May/2015:10:05:60 +0000",
        b"17/May/2015:10:05:03",
        b"17/May/0000:10:05:03 +0000",
        b"\xff",
    ],
)
def test_a_time_that_is_none_is_named(time: bytes) -> None:
    assert reason(swapped(b"17/May/2015:10:05:03 +0000", time)) == "bad_time"


@pytest.mark.parametrize("end", range(len(LINE)))
def test_half_a_line_is_no_event(end: int) -> None:
    assert reason(LINE[:end]) == "bad_line"


@pytest.mark.parametrize(
    "line",
    [
        LINE + b' "10.0.0.1',
        b"\xff\xfe\0",
        b'{"event_id": "e"}',
        swapped(b" 200 ", b" OK "),
        swapped(b'"GET', b"GET"),
        b"1.1.1.1 - " + b" [" * 30_000,
    ],
)
def test_another_format_is_a_bad_line(line: bytes) -> None:
    assert reason(line) == "bad_line"


def test_a_huge_line_is_named() -> None:
    assert reason(swapped(b"/a?b=1", b"/" * 65_536)) == "too_large"

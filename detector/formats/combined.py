"""Combined access logs of Apache and nginx: each line is a `request`.

    203.0.113.7 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 512 "-" "Mozilla/5.0"

Source: https://httpd.apache.org/docs/2.4/logs.html#combined
        https://nginx.org/en/docs/http/ngx_http_log_module.html

Decided where the format leaves it open:

- a request that is not HTTP (a TLS hello, an empty connection) did reach the server and is an event: method
  `-`, and what was sent as the path;
- a host name where the address should be is a `bad_address`: names were looked up later, and lie;
- a line that is cut off, whatever is missing, is a `bad_line`: half a line is no evidence;
- fields behind the agent are no part of the format, and passed over; but where the first of them is quoted
  and holds an address, as in nginx's own `main` format, it is the chain of X-Forwarded-For;
- the user field is the account, unless the answer was 401: then it is who somebody claimed to be; the
  referrer is not used;
- times in such logs are whole seconds, and events are judged in the order of time and id: the id ends in the
  line's number in nine digits, which keeps the order of the file; what it begins with is the file's name for
  ids (source.py).
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, Final

import msgspec

from detector.events import MAX_BYTES, Rejected
from detector.formats.format import Format

_LINE = re.compile(
    rb"(?P<host>\S+) \S+ (?P<user>\S.*?) \[(?P<time>[^\[\]]{0,64})\] "
    rb'"(?P<request>(?:[^"\\]|\\.)*)" (?P<status>\d{3}) (?P<bytes>\d{1,18}|-) '
    rb'"(?:[^"\\]|\\.)*" "(?P<user_agent>(?:[^"\\]|\\.)*)"'
    rb'(?: "(?P<chain>(?:[^"\\]|\\.)*)")?(?: (?:"(?:[^"\\]|\\.)*"|[^"\s]\S*))*',
    re.DOTALL,
)
_TIME = re.compile(r"(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)", re.ASCII)
_HTTP = re.compile(r"([A-Za-z-]{1,32}) (.+) HTTP/\d(?:\.\d)?", re.DOTALL)
_HTTP_0_9 = re.compile(r"(GET) (\S+)")
_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_CONTROLS = {b"b": b"\b", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOBODY = (b"-", b'""')
_UNAUTHORIZED = b"401"
_encode = msgspec.json.Encoder().encode


def convert(source: str, number: int, line: bytes) -> bytes | Rejected:
    """See `Format.convert`."""
    if len(line) > MAX_BYTES:
        return Rejected("too_large", f"more than {MAX_BYTES} bytes")
    match = _LINE.fullmatch(line)
    if match is None:
        return Rejected("bad_line", f"not a line of the combined format: it ends in {line[-40:]!r}")
    host = match["host"].decode(errors="replace")
    if not _is_address(host):
        return Rejected("bad_address", f"{host[:64]!r} is no IPv4 or IPv6 address")
    time_ms = _unix_ms(match["time"].decode(errors="replace"))
    if time_ms is None:
        return Rejected("bad_time", f"{match['time'][:40]!r} is no time such as 17/May/2015:10:05:03 +0000")
    return _encode(_event(f"{source}:{number:09d}", time_ms, host, match))


def _event(identity: str, time_ms: int, host: str, match: re.Match[bytes]) -> dict[str, Any]:
    method, path = _request(_unescaped(match["request"]))
    event: dict[str, Any] = {
        "event_id": identity,
        "type": "request",
        "time": time_ms,
        "ip": host,
        "method": method,
        "path": path,
        "status": int(match["status"]),
    }
    if match["bytes"] != b"-":
        event["bytes"] = int(match["bytes"])
    if match["user"] not in _NOBODY and match["status"] != _UNAUTHORIZED:
        event["account_id"] = _unescaped(match["user"])
    if match["user_agent"] != b"-":
        event["user_agent"] = _unescaped(match["user_agent"])
    chain = [text.strip() for text in _unescaped(match["chain"] or b"").split(",")]
    if any(map(_is_address, chain)):
        event["forwarded_for"] = chain
    return event


def _request(text: str) -> tuple[str, str]:
    match = _HTTP.fullmatch(text) or _HTTP_0_9.fullmatch(text)
    return (match[1], match[2]) if match is not None else ("-", text)


@lru_cache(maxsize=65_536)
def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return "%" not in text  # a zone id means something on one machine only


@lru_cache(maxsize=4_096)
def _unix_ms(text: str) -> int | None:
    """Return Unix ms, None where the text is no time; no strptime, whose months follow the locale."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    day, month, year, hour, minute, second, sign, off_hours, off_minutes = match.groups()
    try:
        local = datetime(
            int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second), tzinfo=UTC
        )
    except ValueError:
        return None
    offset = timedelta(hours=int(off_hours), minutes=int(off_minutes))
    return (local - _EPOCH + (-offset if sign == "+" else offset)) // timedelta(milliseconds=1)


def _unescaped(text: bytes) -> str:
    """Undo the server's escapes; what is not UTF-8 then becomes U+FFFD."""
    if b"\\" in text:
        text = _ESCAPE.sub(_original, text)
    return text.decode(errors="replace")


def _original(escape: re.Match[bytes]) -> bytes:
    if escape[1] is not None:
        return bytes((int(escape[1], 16),))
    return _CONTROLS.get(escape[2], escape[2])


COMBINED: Final = Format("combined", "access logs of Apache and nginx in the combined format", convert)

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.events import MAX_BYTES, MAX_DEPTH, Addresses, Decoded, decode, home_of

LOGOUT = {"event_id": "e1", "type": "logout", "time": 1790000000000, "account_id": "a", "ip": "1.2.3.4"}
REQUEST = LOGOUT | {"type": "request", "method": "GET", "path": "/", "status": 200}


def read(*values: bytes | None) -> Decoded:
    return decode(values, Addresses())


def encoded(event: dict[str, Any], **changes: Any) -> bytes:
    return json.dumps(event | changes).encode()


def without(event: dict[str, Any], name: str) -> bytes:
    return json.dumps({key: value for key, value in event.items() if key != name}).encode()


def nested(depth: int) -> bytes:
    return encoded(LOGOUT)[:-1] + b',"x":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


BAD: list[tuple[str, bytes | None]] = [
    ("null_value", None),
    ("too_large", encoded(LOGOUT, pad="x" * MAX_BYTES)),
    ("not_utf8", encoded(LOGOUT)[:-1] + b',"x":"\xff"}'),
    ("not_json", b""),
    ("not_json", b" " * 40),
    ("not_json", b"{"),
    ("not_json", b'"event_id":"e"}'),
    ("not_json", encoded(LOGOUT) + encoded(LOGOUT)),
    ("not_json", b"\xef\xbb\xbf" + encoded(LOGOUT)),
    ("not_json", encoded(LOGOUT)[:-1] + b',"x":"\\ud800"}'),
    ("not_json", encoded(LOGOUT)[:-1] + b',"x":NaN}'),
    ("not_an_object", b"[1]"),
    ("not_an_object", b"null"),
    ("too_deep", nested(MAX_DEPTH + 1)),
    ("too_deep", b"[" * 30_000),
    *(("missing_field", without(LOGOUT, name)) for name in LOGOUT),
    *(("missing_field", without(REQUEST, name)) for name in ("method", "path", "status")),
    ("missing_field", encoded(LOGOUT, account_id="")),
    ("wrong_type", encoded(LOGOUT, event_id=7)),
    ("wrong_type", encoded(LOGOUT, time=1.5)),
    ("wrong_type", encoded(LOGOUT, time=True)),
    ("wrong_type", encoded(LOGOUT, ip=None)),
    ("wrong_type", encoded(LOGOUT, forwarded_for=[1])),
    ("unknown_type", encoded(LOGOUT, type="dance")),
    ("wrong_value", encoded(LOGOUT, event_id="")),
    ("wrong_value", encoded(LOGOUT, role="king")),
    ("wrong_value", encoded(REQUEST, status=1000)),
    ("wrong_value", encoded(REQUEST, bytes=2**63)),
    ("bad_time", encoded(LOGOUT, time="yesterday")),
    ("bad_time", encoded(LOGOUT, time="2026-01-01T00:00:00")),
    ("bad_time", encoded(LOGOUT, time="2026-02-30T00:00:00Z")),
    ("bad_time", encoded(LOGOUT, time=1790000000)),
    ("bad_time", encoded(LOGOUT, time=10**30)),
    ("bad_time", encoded(LOGOUT, time=-1)),
    ("bad_address", encoded(LOGOUT, ip="host.example")),
    ("bad_address", encoded(LOGOUT, ip="1.2.3")),
    ("bad_address", encoded(LOGOUT, ip="01.2.3.4")),
    ("bad_address", encoded(LOGOUT, ip="fe80::1%eth0")),
    ("too_long", encoded(LOGOUT, event_id="x" * 129)),
    ("too_long", encoded(LOGOUT, account_id="x" * 129)),
]


@pytest.mark.parametrize(("reason", "value"), BAD)
def test_a_bad_message_is_rejected_with_its_reason(reason: str, value: bytes | None) -> None:
    assert [reason] == [why.reason for _, why in read(value).rejected]


@pytest.mark.parametrize(("reason", "value"), BAD)
def test_a_bad_message_disturbs_no_other(reason: str, value: bytes | None) -> None:
    decoded = read(encoded(LOGOUT, event_id="before"), value, encoded(LOGOUT, event_id="after"))
    assert ["before", "after"] == [event.event_id for event in decoded.events]
    assert [0, 2] == decoded.positions
    assert [(1, reason)] == [(place, why.reason) for place, why in decoded.rejected]


def test_two_objects_in_one_message_never_stand_in_for_a_blank_neighbour() -> None:
    decoded = read(encoded(LOGOUT) + encoded(LOGOUT), b"   ")
    assert [] == decoded.events
    assert [0, 1] == [place for place, _ in decoded.rejected]


def test_a_pretty_printed_event_is_an_event() -> None:
    assert 1 == len(read(json.dumps(LOGOUT, indent=2).encode()).events)


def test_unknown_fields_are_ignored() -> None:
    assert 1 == len(read(encoded(LOGOUT, colour={"r": [1, 2]})).events)


def test_nesting_up_to_the_limit_is_read() -> None:
    assert 1 == len(read(nested(MAX_DEPTH)).events)


def test_brackets_inside_strings_do_not_nest() -> None:
    assert 1 == len(read(encoded(LOGOUT, path="[" * 500 + '\\"{')).events)


def test_of_duplicate_keys_the_last_one_counts() -> None:
    assert "b" == read(encoded(LOGOUT)[:-1] + b',"account_id":"b"}').events[0].account_id


@pytest.mark.parametrize(
    "time",
    [
        "2026-09-21T14:13:20Z",
        "2026-09-21T22:13:20+08:00",
        "2026-09-21T14:13:20.0009Z",
        1790000000000,
        1790000000000.0,
    ],
)
def test_one_moment_has_one_form(time: str | float) -> None:
    assert 1790000000000 == read(encoded(LOGOUT, time=time)).events[0].time


def test_a_leap_second_is_the_second_after_it() -> None:
    assert 1790000040000 == read(encoded(LOGOUT, time="2026-09-21T14:13:60Z")).events[0].time


def test_a_number_without_fraction_is_an_integer() -> None:
    (event,) = read(encoded(REQUEST, status=404.0, bytes=512.0)).events
    assert (404, 512) == (event.status, event.bytes)


@pytest.mark.parametrize(
    ("canonical", "ip"),
    [
        ("1.2.3.4", "::ffff:1.2.3.4"),
        ("2001:db8::1", "2001:0DB8:0000::0001"),
    ],
)
def test_one_address_has_one_form(canonical: str, ip: str) -> None:
    assert canonical == read(encoded(LOGOUT, ip=ip)).events[0].ip


@pytest.mark.parametrize(
    "event",
    [
        without(REQUEST, "account_id"),
        without(LOGOUT | {"type": "login_failure"}, "account_id"),
        without(LOGOUT | {"type": "registration", "registration": {"outcome": "refused"}}, "account_id"),
    ],
)
def test_a_visitor_is_known_by_the_address(event: bytes) -> None:
    assert "anon:1.2.3.4" == read(event).events[0].key


@pytest.mark.parametrize("ip", ["1.2.3.4", "2001:DB8::1", "::ffff:1.2.3.4"])
def test_a_visitors_home_is_the_address_as_it_is_written(ip: str) -> None:
    event = read(without(REQUEST | {"ip": ip}, "account_id")).events[0]
    assert (f"anon:{ip}", f"anon:{ip}") == (event.home, home_of(event.key))


def test_an_accounts_home_is_the_account() -> None:
    event = read(encoded(LOGOUT, ip="2001:DB8::1", account_id="a,b")).events[0]
    assert ("a,b", "a,b", "a,b") == (event.home, event.key, home_of(event.key))


@pytest.mark.parametrize("told", [7, ["anon:x"], "9.9.9.9"])
def test_a_foreign_field_never_moves_a_visitor(told: object) -> None:
    event = read(without(REQUEST | {"": told}, "account_id")).events[0]
    assert "anon:1.2.3.4" == event.key


def test_an_empty_id_is_an_absent_one() -> None:
    event = read(encoded(LOGOUT, device_id="", session_id="")).events[0]
    assert (None, None) == (event.device_id, event.session_id)


@given(st.lists(st.sampled_from([value for _, value in BAD] + [encoded(LOGOUT), encoded(REQUEST)])))
def test_a_batch_reads_like_its_messages_one_by_one(values: list[bytes | None]) -> None:
    together = read(*values)
    alone = [read(value) for value in values]
    assert [event for one in alone for event in one.events] == together.events
    assert [why for one in alone for _, why in one.rejected] == [why for _, why in together.rejected]


def test_the_memory_of_addresses_is_bounded() -> None:
    addresses = Addresses(capacity=2)
    assert ["1.1.1.1", "1.1.1.2", "1.1.1.3"] == [addresses.canonical(f"1.1.1.{i}") for i in (1, 2, 3)]
    assert ["1.1.1.3"] == list(addresses._known)

"""From when an entitlement counts, and what is none."""

import msgspec
import pytest

from detector.events import Rejected
from detector.policy import Entitlement, Stamped
from detector.stream.kafka import MAX_MESSAGE_BYTES
from detector.stream.stamp import AHEAD_MS, MAX_KEY_BYTES, MAX_VALUE_BYTES, stamp

SOURCE = "account-entitlements/0/7"
FRONTIER = 1_700_000_000_000
NOON = b'"2023-11-15T12:00:00+08:00"'
NOON_MS = 1_700_020_800_000


def stamped(key: bytes | None, value: bytes | None, frontier: int = FRONTIER) -> Stamped:
    answer = stamp(key, value, SOURCE, frontier)
    assert isinstance(answer, Stamped), answer
    return answer


@pytest.mark.parametrize(
    ("value", "frontier", "counts_from"),
    [
        (b"{}", FRONTIER, FRONTIER + AHEAD_MS),
        (None, FRONTIER, FRONTIER + AHEAD_MS),
        (b'{"valid_from": 1700000000001}', FRONTIER, FRONTIER + 1),
        (b'{"valid_from": 1700000000000}', FRONTIER, FRONTIER + AHEAD_MS),
        (b'{"valid_from": 5}', FRONTIER, FRONTIER + AHEAD_MS),
        (b'{"valid_from": %s}' % NOON, FRONTIER, NOON_MS),
        (b'{"valid_from": %s}' % NOON, 0, NOON_MS),
        (b'{"valid_from": 5}', 0, 5),
        (b"{}", 0, 0),
        (None, 0, 0),
    ],
)
def test_it_counts_from_the_declared_moment_or_from_behind_the_frontier(
    value: bytes | None, frontier: int, counts_from: int
) -> None:
    assert counts_from == stamped(b"acc", value, frontier).counts_from


def test_it_says_whose_it_is_and_which_message_said_so() -> None:
    found = stamped("org:有米".encode(), b'{"plan": "member", "seats": 5, "of_another_day": []}')
    assert found == Stamped(
        "org:有米", FRONTIER + AHEAD_MS, Entitlement(plan="member", seats=5), SOURCE, "entitlement"
    )


def test_a_null_value_removes() -> None:
    assert stamped(b"acc", None).entitlement is None


def test_an_unknown_plan_is_kept() -> None:
    assert Entitlement(plan="gold") == stamped(b"acc", b'{"plan": "gold"}').entitlement


def test_of_a_field_given_twice_the_last_counts() -> None:
    assert Entitlement(seats=2) == stamped(b"acc", b'{"seats": 1, "seats": 2}').entitlement


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        (None, b"{}", "missing_key"),
        (b"", b"{}", "missing_key"),
        (b"", None, "missing_key"),
        (b"\xff", b"{}", "not_utf8"),
        (b"a" * (MAX_KEY_BYTES + 1), b"{}", "too_long"),
        (b"acc", b'"' + b"a" * MAX_VALUE_BYTES, "too_long"),
        (b"acc", b"", "not_json"),
        (b"acc", b"{", "not_json"),
        (b"acc", b'{"plan": "\xff"}', "not_json"),
        (b"acc", b'{"plan": "\\ud800"}', "not_json"),
        (b"acc", b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "not_json"),
        (b"acc", b"null", "wrong_type"),
        (b"acc", b"[]", "wrong_type"),
        (b"acc", b'{"plan": 1}', "wrong_type"),
        (b"acc", b'{"seats": "5"}', "wrong_type"),
        (b"acc", b'{"seats": 1.5}', "wrong_type"),
        (b"acc", b'{"valid_from": true}', "wrong_type"),
        (b"acc", b'{"valid_from": "2023-11-15T12:00:00"}', "wrong_type"),
        (b"acc", b'{"allow": [{"kind": "shoe", "value": "1"}]}', "wrong_type"),
        (b"acc", b'{"allow": [{"kind": "cidr", "value": "10.0.0.0/99"}]}', "wrong_type"),
        (b"acc", b'{"allow": [{"kind": "device", "value": "d", "for": ["no_category"]}]}', "wrong_type"),
    ],
)
def test_what_is_no_entitlement_has_a_reason(key: bytes | None, value: bytes | None, reason: str) -> None:
    answer = stamp(key, value, SOURCE, FRONTIER)
    assert isinstance(answer, Rejected)
    assert reason == answer.reason
    assert answer.detail


def test_the_longest_entitlement_still_fits_in_a_message() -> None:
    entry = b'{"kind":"asn","value":1}'
    value = b'{"allow":[' + b",".join([entry] * (MAX_VALUE_BYTES // (len(entry) + 1) - 1)) + b"]}"
    found = stamped(b"\1" * MAX_KEY_BYTES, value)
    assert MAX_MESSAGE_BYTES * 0.75 < len(msgspec.json.encode(found)) < MAX_MESSAGE_BYTES * 0.9

"""From when an entitlement, a verdict or a policy counts, and what is none."""

import msgspec
import pytest

from detector.events import Rejected
from detector.feedback import Feedback, StampedFeedback
from detector.policy import Entitlement, Stamped
from detector.settings import Settings
from detector.stream.kafka import MAX_MESSAGE_BYTES
from detector.stream.stamp import (
    AHEAD_MS,
    MAX_FEEDBACK_BYTES,
    MAX_KEY_BYTES,
    MAX_VALUE_BYTES,
    policy_moment,
    stamp_entitlement,
    stamp_feedback,
    stamps,
)

SOURCE = "account-entitlements/0/7"
FRONTIER = 1_700_000_000_000
NOON = b'"2023-11-15T12:00:00+08:00"'
NOON_MS = 1_700_020_800_000


def stamped(key: bytes | None, value: bytes | None, frontier: int = FRONTIER) -> Stamped:
    answer = stamp_entitlement(key, value, SOURCE, frontier)
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
        (b"anon:203.0.113.7", b"{}", "not_an_account"),
        (b"anon:203.0.113.7", None, "not_an_account"),
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
    answer = stamp_entitlement(key, value, SOURCE, FRONTIER)
    assert isinstance(answer, Rejected)
    assert reason == answer.reason
    assert answer.detail


def test_the_longest_entitlement_still_fits_in_a_message() -> None:
    entry = b'{"kind":"asn","value":1}'
    value = b'{"allow":[' + b",".join([entry] * (MAX_VALUE_BYTES // (len(entry) + 1) - 1)) + b"]}"
    found = stamped(b"\1" * MAX_KEY_BYTES, value)
    assert MAX_MESSAGE_BYTES * 0.75 < len(msgspec.json.encode(found)) < MAX_MESSAGE_BYTES * 0.9


GOOD = {"alert_id": "a1", "verdict": "benign", "author": "ann", "time": 2 * 10**12}
PLACE = "detector-feedback/0/7"


def feedback(**changes: object) -> bytes:
    return msgspec.json.encode(GOOD | changes)


def without(name: str) -> bytes:
    return msgspec.json.encode({key: value for key, value in GOOD.items() if key != name})


@pytest.mark.parametrize(
    ("time", "frontier", "counts_from"),
    [
        (FRONTIER + 1, FRONTIER, FRONTIER + 1),
        (FRONTIER, FRONTIER, FRONTIER + AHEAD_MS),
        (FRONTIER - 1, FRONTIER, FRONTIER + AHEAD_MS),
        (FRONTIER, 0, FRONTIER),
        ("2023-11-15T12:00:00+08:00", FRONTIER, NOON_MS),
    ],
)
def test_feedback_counts_from_its_time_or_from_behind_the_frontier(
    time: int | str, frontier: int, counts_from: int
) -> None:
    answer = stamp_feedback(b"acc", feedback(time=time), PLACE, frontier)
    assert isinstance(answer, StampedFeedback)
    assert counts_from == answer.counts_from


def test_feedback_says_on_whose_alert_it_is_and_which_message_said_so() -> None:
    found = stamp_feedback(b"asn:4134", feedback(note="seen", of_another_day=[]), PLACE, 0)
    said = Feedback("a1", "benign", "ann", 2 * 10**12, "seen")
    assert StampedFeedback("asn:4134", 2 * 10**12, said, PLACE, "feedback") == found


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        (None, feedback(), "missing_key"),
        (b"", None, "missing_key"),
        (b"\xff", feedback(), "not_utf8"),
        (b"a" * (MAX_KEY_BYTES + 1), feedback(), "too_long"),
        (b"acc", b" " * (MAX_FEEDBACK_BYTES + 1), "too_long"),
        (b"acc", None, "null_value"),
        (b"acc", b"", "not_json"),
        (b"acc", b'{"alert_id": "\xff"}', "not_json"),
        (b"acc", b"null", "wrong_type"),
        (b"acc", b"[]", "wrong_type"),
        (b"acc", without("alert_id"), "missing_field"),
        (b"acc", without("verdict"), "missing_field"),
        (b"acc", without("author"), "missing_field"),
        (b"acc", without("time"), "missing_field"),
        (b"acc", feedback(alert_id=""), "wrong_type"),
        (b"acc", feedback(alert_id=7), "wrong_type"),
        (b"acc", feedback(alert_id="a" * 129), "too_long"),
        (b"acc", feedback(author="a" * 257), "too_long"),
        (b"acc", feedback(note="a" * 4_097), "too_long"),
        (b"acc", feedback(verdict="mistaken"), "wrong_type"),
        (b"acc", feedback(time=5), "bad_time"),
        (b"acc", feedback(time=10**18), "bad_time"),
        (b"acc", feedback(time="2023-11-15T12:00:00"), "wrong_type"),
    ],
)
def test_what_is_no_feedback_has_a_reason(key: bytes | None, value: bytes | None, reason: str) -> None:
    answer = stamp_feedback(key, value, PLACE, FRONTIER)
    assert isinstance(answer, Rejected)
    assert reason == answer.reason
    assert answer.detail


@pytest.mark.parametrize(
    "value", [feedback(verdict="Zhang San"), feedback(alert_id=["Zhang San"]), feedback(time="Zhang San")]
)
def test_why_feedback_is_none_says_nothing_of_what_it_said(value: bytes) -> None:
    answer = stamp_feedback(b"acc", value, PLACE, FRONTIER)
    assert isinstance(answer, Rejected)
    assert "Zhang" not in answer.detail


def test_the_longest_feedback_fits_in_a_message() -> None:
    value = feedback(note="\1" * 4_096, author="\1" * 256, alert_id="\1" * 128)
    found = stamp_feedback(b"\1" * MAX_KEY_BYTES, value, PLACE, FRONTIER)
    assert isinstance(found, StampedFeedback)
    assert len(msgspec.json.encode(found)) < MAX_MESSAGE_BYTES / 10


def test_entitlements_and_feedback_are_stamped() -> None:
    topics = Settings().topics
    assert {topics.entitlements: stamp_entitlement, topics.feedback: stamp_feedback} == stamps(topics)


@pytest.mark.parametrize(
    ("declared", "frontier", "moment"),
    [
        (None, 0, 0),
        (5_000, 0, 5_000),
        (None, FRONTIER, FRONTIER + AHEAD_MS),
        (None, FRONTIER + 1, FRONTIER + AHEAD_MS + 1_000),
        (5_000, FRONTIER, FRONTIER + AHEAD_MS),
        (FRONTIER + AHEAD_MS - 1, FRONTIER, FRONTIER + AHEAD_MS),
        (FRONTIER + AHEAD_MS + 1, FRONTIER, FRONTIER + AHEAD_MS + 1),
    ],
)
def test_a_policy_counts_from_its_own_moment_and_from_none_that_may_be_judged_already(
    declared: int | None, frontier: int, moment: int
) -> None:
    assert moment == policy_moment(declared, frontier)

"""The schemas of entitlements and feedback are made of the types, and take nothing that a worker refuses."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

import detector
from detector.categories import CLAUSES
from detector.events import Rejected
from detector.feedback import Feedback
from detector.policy.entitlements import EXPLAINS, Entitlement
from detector.policy.message_schemas import SCHEMAS, as_text
from detector.schema import load_schema
from detector.stream.stamp import stamp_entitlement, stamp_feedback

TYPES: dict[str, Any] = {"entitlement": Entitlement, "feedback": Feedback}
STAMPS = {"entitlement": stamp_entitlement, "feedback": stamp_feedback}
FEEDBACK = {
    "alert_id": "4c2be7",
    "verdict": "false_positive",
    "author": "ann",
    "time": "2026-06-01T12:30:00+08:00",
    "note": "a family",
}
ENTITLEMENT = {
    "plan": "member",
    "org_id": "acme",
    "seats": 5,
    "max_devices": 5,
    "max_sessions": 0,
    "max_cities": 3,
    "allow": [
        {"kind": "device", "value": "d-77f0", "reason": "a second laptop", "author": "kim", "for": []},
        {"kind": "ip", "value": "203.0.113.7", "expires": "2026-12-31T23:59:59.5+08:00"},
        {"kind": "cidr", "value": "2001:db8::/32", "for": list(CLAUSES)},
        {"kind": "asn", "value": "AS4134"},
        {"kind": "asn", "value": 4134, "expires": 1_780_243_200_000},
        {"kind": "user_agent", "value": "curl/8"},
        {"kind": "client", "value": "plugin:foo", "expires": None},
    ],
    "holder": "h-8821",
    "valid_from": "2026-06-01 00:00:00Z",
    "unknown": {"to": "us"},
}
NULLS = {name: None for name in ENTITLEMENT if name not in {"allow", "unknown"}}


def entry(**changed: Any) -> dict[str, Any]:
    return {"allow": [{"kind": "ip", "value": "203.0.113.7", **changed}]}


def takes(name: str, value: object) -> tuple[bool, bool]:
    """Return whether the schema takes a value, and whether a worker does."""
    checker = Draft202012Validator.FORMAT_CHECKER
    valid = Draft202012Validator(load_schema(name), format_checker=checker).is_valid(value)
    stamped = STAMPS[name](b"acc-1", msgspec.json.encode(value), "topic/0/1", 0)
    return valid, not isinstance(stamped, Rejected)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_file_is_the_codes(name: str) -> None:
    path = Path(detector.__file__).parent / "schemas" / f"{name}.json"
    assert as_text(name) == path.read_text()
    schema = load_schema(name)
    kind = schema["$defs"][TYPES[name].__name__]
    assert set(TYPES[name].__struct_encode_fields__) == set(kind["properties"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("feedback", FEEDBACK),
        ("feedback", FEEDBACK | {"time": 1_780_243_200_000, "note": None, "more": 1}),
        ("entitlement", ENTITLEMENT),
        ("entitlement", NULLS),
        ("entitlement", {}),
    ],
)
def test_what_is_good_passes(name: str, value: object) -> None:
    assert (True, True) == takes(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("feedback", {key: said for key, said in FEEDBACK.items() if key != left_out})
            for left_out in ("alert_id", "verdict", "author", "time")
        ),
        *(
            ("feedback", FEEDBACK | changed)
            for changed in (
                {"alert_id": ""},
                {"alert_id": "a" * 129},
                {"verdict": "maybe"},
                {"author": ""},
                {"author": "a" * 257},
                {"note": "n" * 4_097},
                {"time": "2026-06-01T12:30:00"},
                {"time": "1999-06-01T12:30:00Z"},
                {"time": 1_780_243_200},
                {"time": 4_102_444_800_000},
                {"time": 1.5},
                {"time": None},
            )
        ),
        ("feedback", []),
        *(
            ("entitlement", changed)
            for changed in (
                {"plan": 7},
                {"seats": -1},
                {"max_cities": "3"},
                {"max_devices": 1.5},
                {"allow": None},
                {"allow": [{"kind": "ip"}]},
                {"allow": [{"value": "d-1"}]},
                {"valid_from": "2026-06-01"},
                {"valid_from": "now"},
                entry(kind="town"),
                entry(value="home"),
                entry(value=[]),
                entry(value=4134),
                entry(kind="cidr", value="203.0.113/24/7"),
                entry(kind="asn", value="ASN4134"),
                entry(expires="2026-12-31"),
                {"allow": [{"kind": "ip", "value": "203.0.113.7", "for": ["everything"]}]},
                {"allow": [{"kind": "ip", "value": "203.0.113.7", "for": None}]},
            )
        ),
        ("entitlement", "member"),
    ],
)
def test_what_is_bad_passes_neither(name: str, value: object) -> None:
    assert (False, False) == takes(name, value)


def test_every_kind_of_entry_says_what_it_goes_by() -> None:
    rules = load_schema("entitlement")["$defs"]["Allow"]["allOf"]
    assert set(EXPLAINS) == {rule["if"]["properties"]["kind"]["const"] for rule in rules}

"""Each schema takes its good examples and refuses one bad one per constraint."""

import copy
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from detector.alerts import Alert, Evidence, Reason
from detector.categories import CATEGORIES
from detector.enrich.network_class import NetworkClass
from detector.events import Addresses, SessionEvent, decode
from detector.schema import SCHEMAS, load_schema

SHA = "0f" * 32
GONE: Any = object()

ALERT: dict[str, Any] = {
    "schema": "alert/1",
    "alert_id": "a-1",
    "category": "city_switching",
    "rule": "city_switching",
    "rule_version": 1,
    "policy_version": "2026-01",
    "policy_hash": SHA,
    "clauses": ["9.1(3)(c)"],
    "agreement": "2024-08-08",
    "subject": {"type": "account", "id": "u1"},
    "related": [{"type": "account", "id": "u2"}],
    "related_total": 7,
    "purpose": "enforce",
    "notify": "holder",
    "account_id": "u1",
    "action": "warn",
    "approval": "automatic",
    "expires": 1_760_003_600_000,
    "mode": "live",
    "case_id": "c-1",
    "sequence": 2,
    "suppressed": 0,
    "severity": "low",
    "score": 0.5,
    "first_event_time": 1_760_000_000_000,
    "last_event_time": 1_760_000_500_000,
    "decided_time": 1_760_000_500_000,
    "detected_at": 1_760_000_505_123,
    "reasons": [{"signal": "metros_24h", "value": 4, "threshold": 3, "weight": 0.6}],
    "evidence": [
        {
            "event_id": "e1",
            "time": 1_760_000_000_000,
            "type": "login_success",
            "device_id": "d1",
            "session_id": "s1",
            "city": "Chengdu",
            "region": "Sichuan",
            "country": "CN",
            "asn": 4134,
            "network": "residential",
            "ip": "203.0.113.7",
            "origin": {"topic": "session-events", "partition": 3, "offset": 12},
        }
    ],
    "enrichment": {"city": "dbip-2026.06", "asn": "2026.06"},
    "not_evaluated": [{"signal": "travel_kmh", "code": "low_precision"}],
    "notice": {"zh": "您的账号在多个城市之间切换使用。", "en": "Your account hops among several cities."},
    "chain": {"previous": SHA, "hash": SHA},
    "previous": "a-0",
}
EVENT: dict[str, Any] = {
    "event_id": "e1",
    "type": "request",
    "time": 1_760_000_000_000,
    "ip": "203.0.113.7",
    "method": "GET",
    "path": "/",
    "status": 200,
}
LOGIN: dict[str, Any] = {
    "event_id": "e1",
    "type": "login_success",
    "time": 1_760_000_000_000,
    "ip": "::1",
    "account_id": "u",
}
SIGN_UP: dict[str, Any] = {
    "event_id": "e1",
    "type": "registration",
    "time": "2026-01-01T00:00:00.5+08:00",
    "ip": "203.0.113.7",
    "registration": {"email_domain": "example.com", "outcome": "refused"},
}
LABEL: dict[str, Any] = {
    "subject_type": "account",
    "subject_id": "u1",
    "category": "account_sharing",
    "from": 1,
    "to": 2,
    "profile": "pair_in_one_city",
    "difficulty": "subtle",
    "also": ["account_transfer"],
    "alt_subjects": [{"type": "device", "id": "d1"}],
    "incident": "i1",
}


def changed(example: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """Return `example` with the value at `path` (dotted; numbers are places) replaced, or taken out."""
    example = copy.deepcopy(example)
    *parents, last = path.split(".")
    holder: Any = example
    for step in parents:
        holder = holder[int(step) if step.isdigit() else step]
    if value is GONE:
        del holder[last]
    else:
        holder[last] = value
    return example


def valid(name: str, example: object) -> bool:
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(load_schema(name), format_checker=checker).is_valid(example)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(load_schema(name))


def test_an_unknown_schema_is_named() -> None:
    with pytest.raises(ValueError, match="no schema 'alert-2'"):
        load_schema("alert-2")


def test_the_enums_are_the_code_s() -> None:
    alert = load_schema("alert-1")
    categories = [category.name for category in CATEGORIES]
    assert alert["properties"]["category"]["enum"] == categories
    assert load_schema("label")["properties"]["category"]["enum"] == [*categories, "benign"]
    networks = alert["$defs"]["evidence"]["properties"]["network"]["enum"]
    assert networks == [network.name.lower() for network in NetworkClass]


RELEASE = changed(changed(changed(ALERT, "action", "release"), "reasons", []), "evidence", [])
FIRST = changed(changed(changed(ALERT, "sequence", 1), "chain.previous", ""), "previous", GONE)
OF_ORG = changed(changed(ALERT, "subject", {"type": "org", "id": "o1"}), "org_id", "o1")


def test_the_fields_are_the_code_s() -> None:
    schema = load_schema("alert-1")
    assert set(Alert.__struct_encode_fields__) == set(schema["properties"])
    assert set(Evidence.__struct_encode_fields__) == set(schema["$defs"]["evidence"]["properties"])
    assert set(Reason.__struct_encode_fields__) == set(schema["$defs"]["reason"]["properties"])
    # What has no name is no field of a message: see `SessionEvent.peer`.
    assert set(SessionEvent.__struct_encode_fields__) - {""} == set(
        load_schema("session-event")["properties"]
    )


@pytest.mark.parametrize("example", [ALERT, RELEASE, FIRST, OF_ORG])
def test_a_good_alert_passes(example: dict[str, Any]) -> None:
    assert valid("alert-1", example)


@pytest.mark.parametrize(
    "field", ["account_id", "org_id", "expires", "previous", "evidence.0.origin", "evidence.0.city"]
)
def test_what_an_alert_need_not_have_may_be_absent_but_not_null(field: str) -> None:
    example = changed(changed(ALERT, "org_id", "o"), "subject", {"type": "network", "id": "203.0.113.0/24"})
    assert valid("alert-1", changed(example, field, GONE))
    assert not valid("alert-1", changed(example, field, None))


@pytest.mark.parametrize("field", sorted(load_schema("alert-1")["required"]))
def test_an_alert_without_a_required_field_fails(field: str) -> None:
    assert not valid("alert-1", changed(ALERT, field, GONE))


@pytest.mark.parametrize("network", ["203.0.113.7", "203.0.113.0/24", "2001:db8:1:2::/64", "asn:4134"])
def test_a_network_is_an_address_a_prefix_or_an_asn(network: str) -> None:
    assert valid("alert-1", changed(ALERT, "subject", {"type": "network", "id": network}))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("schema", "alert/2"),
        ("alert_id", ""),
        ("category", "sharing"),
        ("rule", ""),
        ("rule_version", 0),
        ("policy_version", ""),
        ("policy_hash", "0f"),
        ("clauses", []),
        ("clauses", ["7.4", "7.4"]),
        ("clauses", [""]),
        ("agreement", "2024"),
        ("subject.type", "person"),
        ("subject.id", ""),
        ("subject.name", "x"),
        ("subject.id", GONE),
        ("subject", {"type": "network", "id": "home"}),
        ("related", GONE),
        ("related_total", GONE),
        ("related_total", -1),
        ("related", [{"type": "account", "id": "u2"}] * 2),
        ("related", [{"type": "account"}]),
        ("purpose", "punish"),
        ("notify", "everybody"),
        ("account_id", GONE),
        ("account_id", ""),
        ("action", "ban"),
        ("approval", "maybe"),
        ("expires", -1),
        ("mode", "test"),
        ("case_id", ""),
        ("sequence", 0),
        ("sequence", 1),
        ("suppressed", -1),
        ("severity", "huge"),
        ("score", 1.01),
        ("score", -0.01),
        ("first_event_time", "2026-01-01T00:00:00Z"),
        ("last_event_time", 1.5),
        ("decided_time", -1),
        ("detected_at", None),
        ("reasons", []),
        ("reasons.0.signal", "Metros"),
        ("reasons.0.value", "4"),
        ("reasons.0.threshold", GONE),
        ("reasons.0.weight", -1),
        ("reasons.0.unit", "km"),
        ("evidence", []),
        ("evidence.0.event_id", "e" * 129),
        ("evidence.0.time", GONE),
        ("evidence.0.type", "login"),
        ("evidence.0.asn", 2**32),
        ("evidence.0.network", "home"),
        ("evidence.0.user_agent", "curl"),
        ("evidence.0.origin.offset", -1),
        ("evidence.0.origin.partition", GONE),
        ("enrichment", {"city": 202606}),
        ("enrichment", {"City file": "x"}),
        ("not_evaluated", [{"signal": "travel_kmh"}]),
        ("not_evaluated", [{"signal": "travel_kmh", "code": "Low precision"}]),
        ("not_evaluated", [{"signal": "a", "code": "b"}] * 2),
        ("notice", {"en": "x"}),
        ("notice.fr", "x"),
        ("chain.hash", "xyz"),
        ("chain.previous", ""),
        ("chain.previous", GONE),
        ("previous", ""),
        ("colour", "red"),
    ],
)
def test_a_bad_alert_fails(path: str, value: object) -> None:
    assert not valid("alert-1", changed(ALERT, path, value))


def test_an_alert_of_an_organisation_names_it() -> None:
    assert not valid("alert-1", changed(OF_ORG, "org_id", GONE))


def test_the_first_alert_of_a_case_has_nothing_before_it() -> None:
    assert not valid("alert-1", changed(FIRST, "chain.previous", SHA))


@pytest.mark.parametrize(
    "example",
    [
        EVENT,
        LOGIN,
        SIGN_UP,
        changed(EVENT, "extra", {"any": "thing"}),
        changed(EVENT, "user_agent", None),
        changed(EVENT, "forwarded_for", ["198.51.100.1"]),
        changed(LOGIN, "type", "login_failure"),
        changed(EVENT, "time", 1_760_000_000_000.0),
        changed(EVENT, "status", 200.0),
        changed(EVENT, "bytes", 512.0),
        changed(EVENT, "time", "2016-12-31T23:59:60Z"),
    ],
)
def test_a_good_event_passes_schema_and_decoder(example: dict[str, Any]) -> None:
    assert valid("session-event", example)
    assert not decode([msgspec.json.encode(example)], Addresses()).rejected


@pytest.mark.parametrize(
    ("example", "path", "value"),
    [
        (EVENT, "event_id", GONE),
        (EVENT, "event_id", ""),
        (EVENT, "event_id", "e" * 129),
        (EVENT, "type", "click"),
        (EVENT, "time", GONE),
        (EVENT, "time", 1_760_000_000),
        (EVENT, "time", 4_102_444_800_000),
        (EVENT, "time", "2026-01-01T00:00:00"),
        (EVENT, "time", "yesterday"),
        (EVENT, "time", True),
        (EVENT, "time", 1_760_000_000_000.5),
        (EVENT, "time", "2016-12-31T23:59:61Z"),
        (EVENT, "ip", GONE),
        (EVENT, "ip", "example.com"),
        (EVENT, "ip", None),
        (EVENT, "account_id", "u" * 129),
        (EVENT, "role", "boss"),
        (EVENT, "session_id", 5),
        (EVENT, "forwarded_for", "198.51.100.1"),
        (EVENT, "forwarded_for", [1]),
        (EVENT, "method", GONE),
        (EVENT, "path", None),
        (EVENT, "status", "200"),
        (EVENT, "status", 1000),
        (EVENT, "status", -1),
        (EVENT, "bytes", -1),
        (EVENT, "bytes", 1.5),
        (EVENT, "registration", "created"),
        (LOGIN, "account_id", GONE),
        (LOGIN, "account_id", ""),
        (LOGIN, "account_id", None),
        (SIGN_UP, "registration", GONE),
        (SIGN_UP, "registration.outcome", "created"),
        (SIGN_UP, "registration.outcome", GONE),
        (SIGN_UP, "registration.outcome", "perhaps"),
        (SIGN_UP, "registration.username", 7),
    ],
)
def test_a_bad_event_fails_schema_and_decoder(example: dict[str, Any], path: str, value: object) -> None:
    bad = changed(example, path, value)
    assert not valid("session-event", bad)
    assert decode([msgspec.json.encode(bad)], Addresses()).rejected


def test_a_good_label_passes() -> None:
    assert valid("label", LABEL)


def test_a_label_needs_no_more_than_its_required_fields() -> None:
    least = {name: LABEL[name] for name in load_schema("label")["required"]}
    assert valid("label", least | {"category": "benign"})


@pytest.mark.parametrize("field", sorted(load_schema("label")["required"]))
def test_a_label_without_a_required_field_fails(field: str) -> None:
    assert not valid("label", changed(LABEL, field, GONE))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("subject_type", "person"),
        ("subject_id", ""),
        ("category", "nice"),
        ("from", -1),
        ("to", "2026"),
        ("profile", ""),
        ("difficulty", "hard"),
        ("also", ["benign"]),
        ("also", ["crawler", "crawler"]),
        ("alt_subjects", [{"type": "device"}]),
        ("alt_subjects", [{"type": "thing", "id": "x"}]),
        ("incident", 4),
        ("colour", "red"),
    ],
)
def test_a_bad_label_fails(path: str, value: object) -> None:
    assert not valid("label", changed(LABEL, path, value))

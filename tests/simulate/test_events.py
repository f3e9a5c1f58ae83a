"""Every simulated event against the contract's table of session events."""

import ipaddress
from collections.abc import Callable
from typing import Any

from detector.simulate import History, simulate

TYPES = {
    *("login_success", "login_failure", "logout", "heartbeat", "request"),
    *("registration", "password_change", "compromise_report"),
}
OF_A_REQUEST = {"method", "path", "status", "bytes"}
OF_A_REGISTRATION = {"email_domain", "phone_prefix", "username", "invite_code", "outcome"}


def is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def is_id(value: Any) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= 128


def is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_address(value: str) -> bool:
    try:
        return str(ipaddress.ip_address(value)) == value
    except ValueError:
        return False


FIELDS: dict[str, Callable[[Any], bool]] = {
    "event_id": is_id,
    "type": lambda value: value in TYPES,
    "time": is_count,
    "account_id": is_id,
    "org_id": is_text,
    "role": lambda value: value in ("admin", "seat", "member"),
    "product": is_text,
    "session_id": is_text,
    "device_id": is_text,
    "ip": is_address,
    "user_agent": is_text,
    "tls_fingerprint": is_text,
    "client": is_text,
    "method": lambda value: value in ("GET", "POST"),
    "path": lambda value: is_text(value) and value.startswith("/"),
    "status": lambda value: is_count(value) and 100 <= value < 600,
    "bytes": is_count,
    "registration": lambda value: value.keys() <= OF_A_REGISTRATION and all(map(is_text, value.values())),
    "reason": is_text,
}


def must(kind: Any) -> set[str]:
    """The fields that an event of this type has to have."""
    account = set() if kind in ("request", "login_failure") else {"account_id"}
    request = OF_A_REQUEST if kind == "request" else set()
    return {"event_id", "type", "time", "ip"} | account | request


def faults(event: dict[str, Any]) -> set[str]:
    """The fields that the contract would not take: missing, unknown, out of place or with a wrong value."""
    kind = event.get("type")
    out_of_place = {"registration"} if kind != "registration" else set()
    out_of_place |= {"reason"} if kind != "login_failure" else set()
    out_of_place |= OF_A_REQUEST if kind != "request" else set()
    wrong = {name for name, value in event.items() if name not in FIELDS or not FIELDS[name](value)}
    return wrong | (must(kind) - event.keys()) | (out_of_place & event.keys())


def test_every_event_is_as_the_contract_has_it(history: History) -> None:
    assert [] == [(event, wrong) for event in simulate(history) if (wrong := faults(event))]


def test_the_check_finds_what_is_wrong() -> None:
    good = {"event_id": "1", "type": "logout", "time": 1, "account_id": "a", "ip": "192.0.2.1"}
    assert set() == faults(good)
    assert {"account_id"} == faults({key: good[key] for key in good if key != "account_id"})
    assert {"type", "ip"} == faults(good | {"type": "coffee", "ip": "192.0.2.300"})
    assert OF_A_REQUEST == faults(good | {"type": "request", "path": 1})
    assert {"status", "colour"} == faults(good | {"status": 200, "colour": "red"})


def test_all_types_that_fit_occur(history: History) -> None:
    assert TYPES - {"compromise_report"} == {str(event["type"]) for event in simulate(history)}


def test_people_sometimes_mistype_and_browsers_fetch_assets(history: History) -> None:
    innocent = {label.subject_id for label in history.labels() if label.profile == "one_device"}
    events = [event for event in simulate(history) if event.get("account_id") in innocent]
    assert any(event["type"] == "login_failure" and event["reason"] == "bad_password" for event in events)
    assert any(str(event.get("path")).endswith(".js") for event in events)


def test_both_ip_versions_occur(history: History) -> None:
    assert {4, 6} == {ipaddress.ip_address(str(event["ip"])).version for event in simulate(history)}

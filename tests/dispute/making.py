"""A case made by hand, and the dossier of one of its alerts: no replay, no kernels."""

import json
from collections.abc import Sequence
from typing import Any

import msgspec

from detector.alerts import Alert, Chain, Evidence, NotEvaluated, Reason, Subject, chained, encode
from detector.categories import CLAUSES
from detector.dispute import Again, Dossier, Exhibit, Filed, Found, PolicyFile, exhibits, in_force, key_of
from detector.events import Addresses
from detector.policy.files import default_book, default_sheet, default_text
from detector.stages.proxies import Proxies

NOON_MS = 1_780_286_400_000
"""2026-06-01T12:00:00+08:00."""
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
POLICY = PolicyFile(default_sheet(), default_text().encode())
IN_FORCE = default_book().at(NOON_MS)
THRESHOLD = 0.7316
"""Of a reason, and nowhere else."""
RULE = "city_rounds"


def event(number: int, time: int = NOON_MS, **changed: Any) -> bytes:
    """A login of `acc-1` from a city's network, as the platform wrote it."""
    said = {
        "event_id": f"e-{number}",
        "time": time,
        "type": "login_success",
        "account_id": "acc-1",
        "ip": "203.0.113.7",
        "device_id": "d-1",
        "session_id": "s-1",
    }
    return json.dumps({**said, **changed}).encode()


def evidence(number: int, time: int = NOON_MS, **changed: Any) -> Evidence:
    """What an alert says of that event."""
    said = Evidence(f"e-{number}", time, "login_success", "203.0.113.7", 4134, "residential", "d-1", "s-1")
    return msgspec.structs.replace(said, **{"city": "Chengdu", "country": "CN", **changed})


def alert(**changed: Any) -> Alert:
    """The first alert of a case, not chained yet."""
    fields: dict[str, Any] = {
        "alert_id": "a-1",
        "category": "city_switching",
        "rule": RULE,
        "rule_version": 1,
        "policy_version": IN_FORCE.version,
        "policy_hash": IN_FORCE.hash,
        "clauses": CLAUSES["city_switching"],
        "agreement": "2024-08-08",
        "subject": Subject("account", "acc-1"),
        "purpose": "enforce",
        "notify": "holder",
        "account_id": "acc-1",
        "action": "warn",
        "approval": "automatic",
        "mode": "live",
        "case_id": "c-1",
        "sequence": 1,
        "suppressed": 0,
        "severity": "low",
        "score": 0.5,
        "first_event_time": NOON_MS,
        "last_event_time": NOON_MS,
        "decided_time": NOON_MS,
        "detected_at": NOON_MS + 5_000,
        "reasons": (Reason(RULE, 0.9137, THRESHOLD, 0.4261),),
        "evidence": (evidence(1), evidence(2)),
        "enrichment": {"city": "DBIP-City-Lite 2026-06-01"},
        "not_evaluated": (NotEvaluated(RULE, "low_precision"),),
        "notice": {
            "zh": "您的账号在多个城市之间切换使用。",
            "en": "Your account is used from several cities.",
        },
        "chain": Chain("", ""),
    }
    return Alert(**{**fields, **changed})


def case(count: int) -> list[Alert]:
    """A case whose alerts are two and a half days apart, graver and graver, the last one a release."""
    steps = ["observe", "warn", "warn", "restrict", "restrict", "suspend"]
    alerts: list[Alert] = []
    for number in range(count):
        time = NOON_MS + number * 5 * DAY_MS // 2
        last = number == count - 1 and count > 1
        shown = tuple(
            evidence(10 * number + each, time - each * HOUR_MS, city=f"City {(number + each) % 11}")
            for each in range(5, 0, -1)
        )
        made = alert(
            alert_id=f"a-{number + 1}",
            sequence=number + 1,
            action="release" if last else steps[number % len(steps)],
            evidence=() if last else shown,
            decided_time=time,
            **({} if last else {"expires": time + DAY_MS}),
        )
        alerts.append(chained(made, alerts[-1].chain.hash if alerts else ""))
    return alerts


def dossier(alerts: Sequence[Alert], values: Sequence[bytes] = (), **changed: Any) -> Dossier:
    """What is gathered about the last of some alerts where `values` are the events; found the same again."""
    filed = [Filed(encode(each), each) for each in alerts]
    given: dict[str, Any] = {
        "filed": filed[-1],
        "case": tuple(filed),
        "exhibits": held_against(alerts[-1], values),
        "policies": (POLICY,),
        "policy": in_force((POLICY,), alerts[-1].policy_hash),
        "again": Again("same", "subject", alert=filed[-1].text),
        "attributions": ("IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0",),
    }
    return Dossier(**{**given, **changed})


def held_against(said: Alert, values: Sequence[bytes]) -> tuple[Exhibit, ...]:
    """The alert's exhibits where these events were found."""
    decoded = [json.loads(value) for value in values]
    found = {
        (one["time"], one["event_id"]): Found(value, f"events.jsonl, line {number}")
        for number, (one, value) in enumerate(zip(decoded, values, strict=True), start=1)
    }
    keys = set(map(key_of, said.evidence))
    return exhibits(said, {key: one for key, one in found.items() if key in keys}, {}, proxies())


def proxies() -> Proxies:
    return Proxies(None, Addresses())

"""The alert, its canonical form, its id and its place in its case's chain."""

from hashlib import sha256
from typing import Any, Literal, TypeAlias

import msgspec
import rfc8785
from msgspec import UNSET, UnsetType

SCHEMA = "alert/1"
SubjectType: TypeAlias = Literal["account", "org", "network", "device", "group"]


class Subject(msgspec.Struct, frozen=True, order=True):
    """Whom or what an alert is about."""

    type: SubjectType
    id: str


class Origin(msgspec.Struct, frozen=True):
    """Where in Kafka an event lies."""

    topic: str
    partition: int
    offset: int


class Evidence(msgspec.Struct, frozen=True):
    """One event that an alert rests on, and what was known of its address."""

    event_id: str
    time: int
    type: str
    ip: str
    asn: int
    network: str
    device_id: str | UnsetType = UNSET
    session_id: str | UnsetType = UNSET
    city: str | UnsetType = UNSET
    region: str | UnsetType = UNSET
    country: str | UnsetType = UNSET
    origin: Origin | UnsetType = UNSET


class Reason(msgspec.Struct, frozen=True):
    """A signal with its value, its threshold and how much it weighs."""

    signal: str
    value: float
    threshold: float
    weight: float


class NotEvaluated(msgspec.Struct, frozen=True, order=True):
    """What could not be judged, and why."""

    signal: str
    code: str


class Chain(msgspec.Struct, frozen=True):
    """The link to the case's alert before."""

    previous: str
    hash: str


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One alert; CONTRACT's table of its fields is shipped as schemas/alert-1.json."""

    schema: str = SCHEMA
    alert_id: str
    category: str
    rule: str
    rule_version: int
    policy_version: str
    policy_hash: str
    clauses: tuple[str, ...]
    agreement: str
    subject: Subject
    related: tuple[Subject, ...] = ()
    related_total: int = 0
    purpose: Literal["enforce", "protect"]
    notify: Literal["holder", "org_admin", "nobody"]
    account_id: str | UnsetType = UNSET
    org_id: str | UnsetType = UNSET
    action: str
    approval: Literal["automatic", "required"]
    expires: int | UnsetType = UNSET
    mode: Literal["live", "shadow"]
    case_id: str
    sequence: int
    suppressed: int
    severity: str
    score: float
    first_event_time: int
    last_event_time: int
    decided_time: int
    detected_at: int
    reasons: tuple[Reason, ...]
    evidence: tuple[Evidence, ...]
    enrichment: dict[str, str]
    not_evaluated: tuple[NotEvaluated, ...]
    notice: dict[str, str]
    chain: Chain
    previous: str | UnsetType = UNSET

    @property
    def order(self) -> tuple[int, str, int]:
        """The alert's place in a file of alerts."""
        return (self.decided_time, self.case_id, self.sequence)


def canonical(alert: dict[str, Any]) -> bytes:
    """Return the canonical JSON (RFC 8785) of what may not differ in a replay.

    Without `detected_at`, `chain` and any `origin`. `alert` is decoded JSON and is left as it was.
    """
    kept = {name: value for name, value in alert.items() if name not in {"detected_at", "chain"}}
    kept["evidence"] = [
        {name: value for name, value in event.items() if name != "origin"} for event in alert["evidence"]
    ]
    return rfc8785.dumps(kept)


def chained(alert: Alert, previous_hash: str) -> Alert:
    """Return the alert linked to the hash of its case's alert before, "" for the first."""
    link = link_hash(msgspec.to_builtins(alert), previous_hash)
    return msgspec.structs.replace(alert, chain=Chain(previous_hash, link))


def link_hash(alert: dict[str, Any], previous_hash: str) -> str:
    """Return the hash that links an alert, decoded JSON, to that of its case's alert before."""
    return sha256(previous_hash.encode() + canonical(alert)).hexdigest()


def short_hash(*parts: str | int) -> str:
    """Return 32 hex digits that depend on the parts alone."""
    return sha256(rfc8785.dumps(list(parts))).hexdigest()[:32]


def encode(alert: Alert) -> bytes:
    """Return an alert as JSON."""
    return msgspec.json.encode(alert)

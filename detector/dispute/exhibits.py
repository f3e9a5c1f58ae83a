"""Exhibits: the original events on which an alert rests, held against what the alert says of them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_network
from typing import Any, Final, Literal, TypeAlias

from msgspec import UNSET

from detector.alerts import Alert, Evidence, Subject
from detector.clipping import clipped
from detector.events import Addresses, Registration, SessionEvent, decode
from detector.rules.crowds import CROWD_RULES
from detector.stages.masks import truncated
from detector.stages.proxies import Proxies

State: TypeAlias = Literal["as_said", "differs", "missing"]
Why: TypeAlias = Literal["gone", "not_there", "other_there"]
Whose: TypeAlias = Literal["subject", "others", "unknown"]
Key: TypeAlias = tuple[int, str]
"""An event's time, Unix ms, and its id: equal ones are the same event."""
_READ: Final = frozenset(SessionEvent.__struct_encode_fields__) - {""}
_READ_OF_A_REGISTRATION: Final = frozenset(Registration.__struct_encode_fields__)
_BEHIND_A_PATH: Final = re.compile("[?#;]")
_OF_CROWDS: Final = frozenset(rule.name for rule in CROWD_RULES)


@dataclass(frozen=True, slots=True)
class Found:
    """An event as it was fetched: its bytes, and where it lay."""

    value: bytes
    place: str


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One piece of an alert's evidence, with what was fetched for it.

    `differs` names the fields in which the event is not as the alert says; `whose` is the event's owner, by
    the event itself, or by the rule where the event could not be fetched.
    """

    said: Evidence
    whose: Whose
    found: Found | None = None
    differs: tuple[str, ...] = ()
    why: Why | None = None

    @property
    def state(self) -> State:
        """Whether it was fetched, and is as the alert says."""
        if self.found is None:
            return "missing"
        return "differs" if self.differs else "as_said"

    def entry(self) -> dict[str, Any]:
        """Return it as an entry of exhibits.json."""
        entry: dict[str, Any] = {"event_id": self.said.event_id, "time": self.said.time, "state": self.state}
        if self.found is None:
            return {**entry, "why": self.why}
        digest = sha256(self.found.value).hexdigest()
        entry |= {"place": self.found.place, "sha256": digest, "enclosed": self.whose == "subject"}
        return {**entry, "differs": list(self.differs)} if self.differs else entry


def key_of(said: Evidence) -> Key:
    """Return by what an event is known."""
    return said.time, said.event_id


def exhibits(
    alert: Alert,
    found: Mapping[Key, Found],
    missing: Mapping[Key, Why],
    proxies: Proxies,
    holder: str | None = None,
) -> tuple[Exhibit, ...]:
    """Return an alert's evidence with the events that were found for it; `missing`: why others were not.

    `holder`: the account whose events are the subject's, where the alert is about a group.
    """
    subject = alert.subject if holder is None else Subject("account", holder)
    otherwise: Whose = "unknown" if alert.rule in _OF_CROWDS else "subject"
    return tuple(
        _exhibit(subject, said, known, proxies)
        if (known := found.get(key_of(said))) is not None
        else Exhibit(said, otherwise, why=missing.get(key_of(said), "not_there"))
        for said in alert.evidence
    )


def shows_networks(said: Evidence) -> bool | None:
    """Tell whether evidence shows its address by the network; None where it shows neither."""
    try:
        ip_network(said.ip)
    except ValueError:
        return None
    return "/" in said.ip


def _exhibit(subject: Subject, said: Evidence, known: Found, proxies: Proxies) -> Exhibit:
    events = decode([known.value], Addresses()).events
    if not events:
        return Exhibit(said, "unknown", known, ("no event",))
    proxies.resolve(events)
    (event,) = events
    return Exhibit(said, _whose(subject, event), known, tuple(_differences(said, event)))


def _differences(said: Evidence, event: SessionEvent) -> Iterator[str]:
    cut = shows_networks(said)
    address = said.ip if cut is None else truncated(event.ip) if cut else event.ip
    for name, claimed, fact in (
        ("event_id", said.event_id, event.event_id),
        ("time", said.time, event.time),
        ("type", said.type, event.type),
        ("ip", said.ip, address),
        ("device_id", said.device_id, clipped(event.device_id)),
        ("session_id", said.session_id, clipped(event.session_id)),
    ):
        if (None if claimed is UNSET else claimed) != fact:
            yield name


def _whose(subject: Subject, event: SessionEvent) -> Whose:
    """Tell whether an event is the subject's; of networks, devices and groups only what no account did."""
    if subject.type == "account":
        return "subject" if event.account_id == subject.id else "others"
    if subject.type == "org":
        return "subject" if clipped(event.org_id) == subject.id else "others"
    return "subject" if event.account_id is None else "others"


def enclosed(value: bytes, *, cut: bool) -> bytes:
    """Return what the detector reads of an event, for its subject: no password, token or body lies in it.

    Other fields are left out, and what stands behind a path. With `cut` the address is its network, and the
    chain of forwarders is left out as well.
    """
    told = json.loads(value)
    event = {name: told[name] for name in told if name in _READ}
    if isinstance(event.get("path"), str):
        event["path"] = _BEHIND_A_PATH.split(event["path"], maxsplit=1)[0]
    if isinstance(event.get("registration"), dict):
        event["registration"] = {
            name: said for name, said in event["registration"].items() if name in _READ_OF_A_REGISTRATION
        }
    if cut:
        event["ip"] = truncated(decode([value], Addresses()).events[0].ip)
        event.pop("forwarded_for", None)
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()

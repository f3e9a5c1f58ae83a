"""The session event, and how bytes become one or an error with a reason.

A batch is decoded in one call of msgspec; only when something in it is wrong are its messages looked at one
by one. What a message means does not depend on which of the two ways it took.

Decided where the contract leaves it open:

- a null value, a byte-order mark, a lone surrogate and `NaN` are no JSON text: dead letters;
- of duplicate keys the last one counts, as in every common parser;
- a missing Kafka key is no error, the event itself says whose it is;
- an event's home, which its Kafka key should be, is its `account_id`, or `anon:` and the `ip` as it is
  written; a visitor whose address is written otherwise than canonically, or is believed to be another than
  the peer's, is known by both;
- an IPv4-mapped IPv6 address is the IPv4 address; an address with a zone id (`fe80::1%eth0`) means something
  on one machine only and is a bad address;
- a `device_id`, a `session_id`, an `org_id` or what a registration tells may be as long as the message; where
  it is remembered or shown, one of more than 256 characters is its first 224 and a hash (see `clipping`);
- an empty `account_id`, `device_id` or `session_id` is an absent one; an optional field may be null;
- an integer time is Unix milliseconds, and one before the year 2000 was never meant as such (seconds);
- a number without fraction is an integer, as `200.0` is; a leap second is the second after it (moments.py).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from typing import Annotated, Any, Final, Literal

import msgspec
import numpy as np

from detector.moments import Instant, instant_ms, moment_ms, whole

MAX_BYTES: Final = 64 * 1024
"""A longer message is no session event."""
MAX_DEPTH: Final = 64
"""Arrays and objects inside one another; the contract's own fields need two."""
EARLIEST_MS: Final = 946_684_800_000
"""2000-01-01: before it, a clock was not set or seconds were sent as milliseconds."""
LATEST_MS: Final = 4_102_444_800_000
"""2100-01-01."""

EventType = Literal[
    "login_success",
    "login_failure",
    "logout",
    "heartbeat",
    "request",
    "registration",
    "password_change",
    "compromise_report",
]
Text = Annotated[str, msgspec.Meta(max_length=128)]


class Registration(msgspec.Struct, gc=False):
    """What a registration event says about the account asked for."""

    email_domain: str | None = None
    phone_prefix: str | None = None
    username: str | None = None
    invite_code: str | None = None
    outcome: Literal["created", "refused"] = "created"


class SessionEvent(msgspec.Struct, gc=False):
    """One event as the platform wrote it.

    After `decode`, `time` is an integer, Unix ms, `ip` is canonical text, and empty ids are None; `peer` is
    the address as it was written, where that is not `ip`.
    """

    event_id: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    type: EventType
    time: Instant
    ip: str
    account_id: Text | None = None
    org_id: str | None = None
    role: Literal["admin", "seat", "member"] | None = None
    product: str | None = None
    session_id: str | None = None
    device_id: str | None = None
    forwarded_for: list[str] | None = None
    user_agent: str | None = None
    tls_fingerprint: str | None = None
    client: str | None = None
    method: str | None = None
    path: str | None = None
    status: Annotated[int, msgspec.Meta(ge=0, le=999)] | None = None
    bytes: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)] | None = None
    registration: Registration | None = None
    reason: str | None = None
    # No field of the message: `decode` writes over what a message may have under the empty name.
    peer: Any = msgspec.field(default=None, name="")

    @property
    def home(self) -> str:
        """What the message's key should be: the account, or `anon:` and the address as it was written."""
        return self.account_id or f"anon:{self.peer or self.ip}"

    @property
    def key(self) -> str:
        """Whose event it is, the name of a row: the home, and of a visitor the address that is believed."""
        return self.home if self.account_id or self.peer is None else f"{self.home},{self.ip}"


def home_of(key: str) -> str:
    """Return the home of an event's `key`; it tells where the row is."""
    return key.partition(",")[0] if key.startswith("anon:") else key


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why a message is no session event: a reason code for machines, a detail for people."""

    reason: str
    detail: str


@dataclass(slots=True)
class Decoded:
    """What a batch of messages held.

    `positions[i]` is the place in the batch of `events[i]`; `rejected` pairs a place with its reason. Both
    are in the batch's order, and every place is in exactly one of them.
    """

    events: list[SessionEvent] = field(default_factory=list)
    positions: Sequence[int] = ()
    rejected: list[tuple[int, Rejected]] = field(default_factory=list)


_EVENTS = msgspec.json.Decoder(SessionEvent)
_ANYTHING = msgspec.json.Decoder()
_REQUIRED = ("event_id", "type", "time", "ip")
_OF_A_REQUEST = ("method", "path", "status")
_INTEGERS = {"status", "bytes"}
_BREAK, _OPEN, _OPEN_ARRAY = b"\n{["
_NEITHER_OPENS_NOR_ENDS = bytes(set(range(256)) - set(b"[{\n"))
"""All but the brackets that open something, and the end of a line."""
_FIELD = re.compile(r"`\$\.([\w.]+)")


class Addresses:
    """Canonical text of addresses, kept in a bounded memory; None where a text is no address."""

    def __init__(self, capacity: int = 200_000) -> None:
        self._capacity = capacity
        self._known: dict[str, str | None] = {}

    def canonical(self, text: str) -> str | None:
        """Return the address as text that equal addresses share, or None."""
        try:
            return self._known[text]
        except KeyError:
            if len(self._known) >= self._capacity:
                self._known.clear()
            return self._known.setdefault(text, _canonical(text))


def _canonical(text: str) -> str | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return None
        address = address.ipv4_mapped or address
    return str(address)


def decode(values: Sequence[bytes | None], addresses: Addresses) -> Decoded:
    """Decode a batch of messages; a bad one is rejected with its reason and disturbs no other."""
    quick = _decode_together(values)
    found: list[SessionEvent | Rejected] = list(quick or map(_decode_alone, values))
    unchecked = range(len(found)) if quick is None else _unusual(quick, addresses)
    for place in unchecked:
        event = found[place]
        if not isinstance(event, Rejected):
            found[place] = _checked(event, addresses)
    rejected = [(place, event) for place in unchecked if isinstance(event := found[place], Rejected)]
    bad = {place for place, _ in rejected}
    positions = [place for place in range(len(found)) if place not in bad] if bad else range(len(found))
    return Decoded([event for event in found if type(event) is SessionEvent], positions, rejected)


def _decode_together(values: Sequence[bytes | None]) -> list[SessionEvent] | None:
    """Return the events of a batch without fault, or None where its messages need a look one by one."""
    try:
        joined = b"\n".join(values)  # type: ignore[arg-type]  # a None is the TypeError below
    except TypeError:
        return None
    text = np.frombuffer(joined, np.uint8)
    breaks = np.flatnonzero(text == _BREAK)
    if len(breaks) != len(values) - 1 or not joined.startswith(b"{") or joined.endswith(b"\n"):
        return None
    if not (text[breaks + 1] == _OPEN).all():
        return None  # two objects in one message and a blank one beside it would count as two messages
    opened = np.count_nonzero(text == _OPEN) + np.count_nonzero(text == _OPEN_ARRAY)
    if opened > len(values) + MAX_DEPTH - 1:
        brackets = joined.translate(None, _NEITHER_OPENS_NOR_ENDS)
        if max(map(len, brackets.split(b"\n"))) > MAX_DEPTH:
            return None
    try:
        if not joined.isascii():
            joined.decode()
        events = _EVENTS.decode_lines(joined)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if len(events) != len(values) or (len(joined) > MAX_BYTES and max(map(len, values)) > MAX_BYTES):  # type: ignore[arg-type]  # no None came this far
        return None
    return events


def _decode_alone(value: bytes | None) -> SessionEvent | Rejected:
    if value is None:
        return Rejected("null_value", "the message has no value")
    if len(value) > MAX_BYTES:
        return Rejected("too_large", f"{len(value)} bytes, at most {MAX_BYTES} are read")
    try:
        value.decode()
    except UnicodeDecodeError as error:
        return Rejected("not_utf8", f"byte {error.start}: {error.reason}")
    if _depth(value) > MAX_DEPTH:
        return Rejected("too_deep", f"more than {MAX_DEPTH} arrays or objects inside one another")
    try:
        return _EVENTS.decode(value)
    except msgspec.ValidationError:
        return _leniently(value)
    except msgspec.DecodeError as error:
        return Rejected("not_json", str(error))


def _depth(value: bytes) -> int:
    """Return how deep arrays and objects are nested outside of strings; 0 where that cannot be too deep."""
    if value.count(b"{") + value.count(b"[") <= MAX_DEPTH:
        return 0
    depth = deepest = 0
    for bracket in re.findall(rb"[{}\[\]]", re.sub(rb'"(?:[^"\\]|\\.)*"', b"", value)):
        depth += 1 if bracket in b"{[" else -1
        deepest = max(deepest, depth)
    return deepest


def _leniently(value: bytes) -> SessionEvent | Rejected:
    """Take a message with an integer or a moment in an unusual form; else name what is wrong with it."""
    try:
        found = _ANYTHING.decode(value)
    except msgspec.DecodeError as error:  # a wrong type was met before the text proved to be no JSON
        return Rejected("not_json", str(error))
    if not isinstance(found, dict):
        return Rejected("not_an_object", f"a JSON object is expected, this is {type(found).__name__}")
    for name in _INTEGERS & found.keys():
        found[name] = whole(found[name])
    moment = moment_ms(found.get("time"))
    found |= {} if moment is None else {"time": moment}
    try:
        return msgspec.convert(found, SessionEvent)
    except msgspec.ValidationError as error:
        return _not_an_event(found, str(error))


def _not_an_event(found: dict[str, object], complaint: str) -> Rejected:
    """Name what is wrong with a JSON object that is no session event."""
    missing = [name for name in _REQUIRED if name not in found]
    if missing:
        return Rejected("missing_field", f"`{missing[0]}` is missing")
    match = _FIELD.search(complaint)
    name = match[1] if match else ""
    if name == "type" and isinstance(found["type"], str):
        return Rejected("unknown_type", complaint)
    if name == "time" and isinstance(found["time"], str):
        return Rejected("bad_time", complaint)
    if "length" in complaint:
        return Rejected("too_long" if "<=" in complaint else "wrong_value", complaint)
    if "Invalid enum value" in complaint or ">=" in complaint or "<=" in complaint:
        return Rejected("wrong_value", complaint)
    return Rejected("wrong_type", complaint)


def _checked(event: SessionEvent, addresses: Addresses) -> SessionEvent | Rejected:
    """Check what the types cannot say, and bring time, address and ids to one form."""
    time = event.time
    if not isinstance(time, int):
        event.time = time = instant_ms(time)
    if not EARLIEST_MS <= time < LATEST_MS:
        return Rejected("bad_time", f"`time` {time} is no Unix milliseconds of the years 2000 to 2099")
    ip = addresses.canonical(event.ip)
    if ip is None:
        return Rejected("bad_address", f"`ip` {event.ip[:64]!r} is no IPv4 or IPv6 address")
    if ip != event.ip:
        event.peer, event.ip = event.ip, ip
    elif event.peer is not None:
        event.peer = None
    kind = event.type
    if not event.account_id:
        event.account_id = None
        if not (kind in {"request", "login_failure"} or _refused(event)):
            return Rejected("missing_field", f"`account_id` is missing, a {kind} needs one")
    if kind == "request" and (event.method is None or event.path is None or event.status is None):
        missing = next(name for name in _OF_A_REQUEST if getattr(event, name) is None)
        return Rejected("missing_field", f"`{missing}` is missing, a request needs it")
    if event.device_id == "" or event.session_id == "":
        event.device_id, event.session_id = event.device_id or None, event.session_id or None
    return event


def _unusual(events: Sequence[SessionEvent], addresses: Addresses) -> list[int]:
    """Return the places of the events that `_checked` might reject or change; most need no call of it."""
    canonical = addresses.canonical
    return [
        place
        for place, event in enumerate(events)
        if not (
            event.account_id
            and type(event.time) is int
            and EARLIEST_MS <= event.time < LATEST_MS
            and event.peer is None
            and canonical(event.ip) == event.ip
            and (
                event.type != "request"
                or not (event.method is None or event.path is None or event.status is None)
            )
            and event.device_id != ""
            and event.session_id != ""
        )
    ]


def _refused(event: SessionEvent) -> bool:
    sign_up = event.registration
    return event.type == "registration" and sign_up is not None and sign_up.outcome == "refused"

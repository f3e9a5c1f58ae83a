"""What is agreed with one account or organisation: plan, limits and allow entries, each from a moment on."""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec

from detector.categories import BITS
from detector.events import SessionEvent
from detector.moments import Instant, instant_ms

Kind: TypeAlias = Literal["ip", "cidr", "asn", "device", "user_agent", "client"]
"""What an allow entry goes by."""
PLACE = ("account_sharing", "seat_sharing", "datacenter_access", "city_switching", "ip_spoofing")
EXPLAINS: Final = {
    "ip": PLACE,
    "cidr": PLACE,
    "asn": PLACE,
    "device": ("account_sharing", "seat_sharing", "city_switching"),
    "user_agent": ("crawler", "unauthorized_client"),
    "client": ("crawler", "unauthorized_client"),
}
"""The categories that each kind of entry excuses where it does not name them; no place excuses a takeover."""
NEVER: Final = {"ip": "account_takeover", "cidr": "account_takeover", "asn": "account_takeover"}

WIDE: Final = "covers a large part of the internet"
_WIDE_IPV4: Final = 8
_WIDE_IPV6: Final = 16
"""A prefix so short, or shorter, is nobody's own network: registries get a /8 and more than a /16 of them."""
Limit = Annotated[int, msgspec.Meta(ge=0)]


def is_visitor(key: str) -> bool:
    """Return whether a key is no account's or organisation's, but that of events without an account."""
    return key.startswith("anon:")


class Allow(msgspec.Struct, frozen=True):
    """One thing that an account may do although a rule would speak of it."""

    kind: Kind
    value: str | int
    reason: str | None = None
    author: str | None = None
    expires: Instant | None = None
    for_: list[str] = msgspec.field(default_factory=list, name="for")

    def __post_init__(self) -> None:
        """Refuse, with a ValueError, what could never match or names no category."""
        unknown = [name for name in self.for_ if name not in BITS]
        if unknown:
            raise ValueError(f"`for` names no category: {unknown[0]!r}")
        if self.kind in {"ip", "cidr"}:
            ip_network(str(self.value), strict=False)
        elif self.kind == "asn":
            _asn(self.value)

    @property
    def excuses(self) -> int:
        """The bits of the categories it excuses."""
        names = self.for_ or EXPLAINS[self.kind]
        return sum(BITS[name] for name in set(names) if name != NEVER.get(self.kind))

    @property
    def name(self) -> str:
        """Its kind and value in one spelling, whoever wrote it and until whenever it counts."""
        return _named(self.kind, self.value)

    @property
    def doubts(self) -> tuple[str, ...]:
        """What of the entry itself needs a look: how far it reaches, for how long, and who answers for it."""
        wide = self.kind in {"ip", "cidr"} and _is_wide(str(self.value))
        missing = (name for name in ("expires", "reason", "author") if getattr(self, name) is None)
        return (*([WIDE] if wide else []), *(f"no `{name}`" for name in missing))

    @property
    def is_program(self) -> bool:
        """Whether it goes by the program that is used."""
        return self.kind in {"user_agent", "client"}

    def is_valid(self, now: int) -> bool:
        """Return whether the entry has not expired at a moment, Unix ms."""
        return self.expires is None or now < instant_ms(self.expires)

    def matches(self, event: SessionEvent, asn: int) -> bool:
        """Return whether an event, whose address `asn` announces, is what the entry allows."""
        if not self.is_valid(instant_ms(event.time)):
            return False
        match self.kind:
            case "ip" | "cidr":
                return _lies_in(event.ip, str(self.value))
            case "asn" | "device":
                return self.covers(event.ip, asn, event.device_id)
            case "user_agent":
                return event.user_agent == self.value
            case "client":
                return event.client == self.value

    def covers(self, ip: str, asn: int, device_id: str | None) -> bool:
        """Return whether the entry allows what was seen from there; of a program that says nothing."""
        match self.kind:
            case "ip" | "cidr":
                return _is_part_of(ip, str(self.value))
            case "asn":
                return asn == _asn(self.value)
            case "device":
                return device_id == self.value
            case "user_agent" | "client":
                return False


def _is_wide(network: str) -> bool:
    whole = ip_network(network, strict=False)
    return whole.prefixlen <= (_WIDE_IPV4 if whole.version == 4 else _WIDE_IPV6)  # noqa: PLR2004


def _is_part_of(ip: str, network: str) -> bool:
    part: Any = ip_network(ip)  # what an older case remembers may be a network already
    whole: Any = ip_network(network, strict=False)
    return bool(part.version == whole.version and part.subnet_of(whole))


@lru_cache(maxsize=100_000)
def _lies_in(ip: str, network: str) -> bool:
    return ip_address(ip) in ip_network(network, strict=False)


@lru_cache(maxsize=100_000)
def _named(kind: str, value: str | int) -> str:
    match kind:
        case "ip" | "cidr":
            return f"{kind} {ip_network(str(value), strict=False)}"
        case "asn":
            return f"{kind} {_asn(value)}"
    return f"{kind} {value}"


def _asn(value: str | int) -> int:
    return int(str(value).upper().removeprefix("AS"))


class Entitlement(msgspec.Struct, frozen=True):
    """What the platform says of one account (`account_id`) or organisation (`org:<org_id>`)."""

    plan: str | None = None
    org_id: str | None = None
    seats: Limit | None = None
    max_devices: Limit | None = None
    max_sessions: Limit | None = None
    max_cities: Limit | None = None
    allow: list[Allow] = []
    holder: str | None = None
    valid_from: Instant | None = None


class Stamped(msgspec.Struct, frozen=True):
    """An entitlement on the control topic: whose, from which moment on, and which message said so.

    `source` is `topic/partition/offset` of that message, so that a stamp made twice counts once; a removed
    entitlement is None.
    """

    key: str
    counts_from: int
    entitlement: Entitlement | None
    source: str = ""
    kind: Literal["entitlement"] = "entitlement"


@dataclass(frozen=True, slots=True)
class Grant:
    """What holds for one account at one moment."""

    plan: str | None = None
    max_cities: int = 0
    max_devices: int = 0
    seats: int = 0
    """That the organisation bought; 0 where that is not known."""
    allow: tuple[Allow, ...] = ()
    owners: tuple[str, ...] = ()
    """Whose each entry is: the account's, or `org:` and its organisation's."""


NOTHING: Final = Grant()
OF_ORGANISATIONS: Final = "org:"
"""Begins the key of what is said of an organisation."""
NO_ACCOUNT: Final = "a visitor without an account has no entitlement"
_EVER: Final = (0, 2**63 - 1)
_CAPACITY: Final = 200_000


@dataclass(slots=True)
class Entitlements:
    """Every entitlement with the moment from which it counts; asked by account and event time.

    What was said last of an account is remembered, with the time for which it holds; within bounds.
    """

    _changes: list[str] = field(default_factory=list)
    _moments: list[int] = field(default_factory=list)
    """From when on each of them counts."""
    _timelines: dict[str, list[tuple[int, Entitlement | None]]] = field(default_factory=dict)
    _handovers: dict[str, list[int]] = field(default_factory=dict)
    _sources: set[str] = field(default_factory=set)
    _allowing: set[str] = field(default_factory=set)
    _said: dict[tuple[str | None, str | None], tuple[int, int, Grant]] = field(default_factory=dict)

    def put(self, stamped: Stamped) -> None:
        """Take one in; of two from the same moment on, the one that came later holds."""
        if stamped.source:
            if stamped.source in self._sources:
                return
            self._sources.add(stamped.source)
        timeline = self._timelines.setdefault(stamped.key, [])
        place = bisect_right(timeline, stamped.counts_from, key=lambda entry: entry[0])
        timeline.insert(place, (stamped.counts_from, stamped.entitlement))
        if stamped.entitlement is not None and stamped.entitlement.allow:
            self._allowing.add(stamped.key)
        self._note_handovers(stamped.key, timeline)
        self._said.clear()
        self._changes.append(stamped.key)
        self._moments.append(stamped.counts_from)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._timelines)

    @property
    def version(self) -> int:
        """How many were put in."""
        return len(self._changes)

    def changed_since(self, version: int) -> Sequence[str]:
        """Return whose entitlements were put in since there were so many."""
        return self._changes[version:]

    def late_since(self, version: int, moment: int) -> set[str]:
        """Return whose entitlements were put in since there were so many, and count from before a moment."""
        news = zip(self._changes[version:], self._moments[version:], strict=True)
        return {key for key, counts_from in news if counts_from < moment}

    def at(self, account_id: str | None, org_id: str | None, time_ms: int) -> Grant:
        """Return what holds for an account: its own limits before its organisation's, all allow entries."""
        return self.lasting(account_id, org_id, time_ms)[2]

    def plan_at(self, account_id: str | None, org_id: str | None, time_ms: int) -> str | None:
        """Return an account's plan at a moment, its own before its organisation's; None for none."""
        return self.at(account_id, org_id, time_ms).plan

    def of(self, key: str) -> Sequence[tuple[int, Entitlement | None]]:
        """Return what was said of an account, or of `org:` and an organisation: since when, and what."""
        return self._timelines.get(key, ())

    def stamped(self) -> Iterator[Stamped]:
        """Yield all that was put in, by key and moment."""
        for key, timeline in sorted(self._timelines.items()):
            for since, entitlement in timeline:
                yield Stamped(key, since, entitlement)

    def entries(self, time_ms: int) -> Iterator[tuple[str, Allow]]:
        """Yield the allow entries that are valid at a moment, Unix ms, each with whose it is."""
        for key in sorted(self._allowing):
            current = self._current(key, time_ms)[2]
            for entry in () if current is None else current.allow:
                if entry.is_valid(time_ms):
                    yield key, entry

    @property
    def allowing(self) -> Collection[str]:
        """Whose entitlements ever had allow entries."""
        return self._allowing

    @property
    def handed_over(self) -> Collection[str]:
        """The accounts that ever got another holder."""
        return self._handovers.keys()

    def handovers(self, account_id: str) -> Sequence[int]:
        """Return the moments, Unix ms, from which on an account has another holder than before, in order."""
        return self._handovers.get(account_id, ())

    def _note_handovers(self, key: str, timeline: Sequence[tuple[int, Entitlement | None]]) -> None:
        moments, holder = [], None
        for since, entitlement in timeline:
            new = None if entitlement is None else entitlement.holder
            if new is not None:
                if holder not in {None, new}:
                    moments.append(since)
                holder = new
        if moments:
            self._handovers[key] = moments
        else:
            self._handovers.pop(key, None)

    def lasting(self, account_id: str | None, org_id: str | None, time_ms: int) -> tuple[int, int, Grant]:
        """Return what holds for an account at a moment, with the time for which: [since, until), Unix ms."""
        key = (account_id, org_id)
        said = self._said.get(key)
        if said is None or not said[0] <= time_ms < said[1]:
            if len(self._said) >= _CAPACITY:
                self._said.clear()
            said = self._said[key] = self._worked_out(account_id, org_id, time_ms)
        return said

    def _worked_out(self, account_id: str | None, org_id: str | None, time_ms: int) -> tuple[int, int, Grant]:
        """Return what holds at a moment, and the time for which it does: [from, until), Unix ms."""
        since, until, own = self._current(account_id, time_ms) if account_id else (*_EVER, None)
        org_id = org_id or (own.org_id if own else None)
        org = None
        if org_id:
            org_since, org_until, org = self._current(f"{OF_ORGANISATIONS}{org_id}", time_ms)
            since, until = max(since, org_since), min(until, org_until)
        said = ((account_id or "", own), (f"org:{org_id}", org))
        found = [(owner, entitlement) for owner, entitlement in said if entitlement is not None]
        return since, until, _granted(found, org) if found else NOTHING

    def _current(self, key: str, time_ms: int) -> tuple[int, int, Entitlement | None]:
        """Return the time for which the entitlement of a moment holds, and that entitlement, if any."""
        timeline = self._timelines.get(key)
        if timeline is None:
            return (*_EVER, None)
        place = bisect_right(timeline, time_ms, key=lambda entry: entry[0])
        since, current = timeline[place - 1] if place else (_EVER[0], None)
        until = timeline[place][0] if place < len(timeline) else _EVER[1]
        return since, until, current


def _granted(found: Sequence[tuple[str, Entitlement]], org: Entitlement | None) -> Grant:
    return Grant(
        plan=next((e.plan for _, e in found if e.plan is not None), None),
        max_cities=next((e.max_cities for _, e in found if e.max_cities is not None), 0),
        max_devices=next((e.max_devices for _, e in found if e.max_devices is not None), 0),
        seats=(org.seats or 0) if org is not None else 0,
        allow=tuple(entry for _, e in found for entry in e.allow),
        owners=tuple(owner for owner, e in found for _ in e.allow),
    )

"""Which events of a history are replayed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from detector.errors import InputError, UsageError
from detector.events import Addresses, decode
from detector.formats import open_lines
from detector.moments import Instant, instant_ms, moment_ms
from detector.replay.records import FileRecord
from detector.stages.proxies import Proxies

VISITOR: Final = "anon:"


class _Head(msgspec.Struct, gc=False):
    """What tells whether an event is wanted."""

    event_id: str
    time: Instant
    account_id: str | None = None


class _AnyHead(msgspec.Struct, gc=False):
    event_id: str
    time: str | float
    account_id: str | None = None


_HEAD = msgspec.json.Decoder(_Head)
_ANY_HEAD = msgspec.json.Decoder(_AnyHead)


@dataclass(frozen=True, slots=True)
class Whose:
    """The account whose events are wanted, or the visitor, by the address that is believed.

    A visitor is `anon:<ip>`, or as `detector inspect` names one behind a proxy, `anon:<proxy>,<ip>`.
    """

    name: str
    proxies: Proxies
    addresses: Addresses = field(default_factory=Addresses)

    def __post_init__(self) -> None:
        """Refuse a visitor without address; raises `UsageError`."""
        if self.name.startswith(VISITOR) and self._ip is None:
            raise UsageError(
                f"{self.name}: a visitor is named by an IPv4 or IPv6 address, as anon:203.0.113.7"
            )

    @property
    def _ip(self) -> str | None:
        return self.addresses.canonical(self.name.removeprefix(VISITOR).rpartition(",")[2])

    def owns(self, account_id: str | None, value: bytes) -> bool:
        """Return whether an event is theirs; `account_id` is what it says, `value` the whole of it."""
        if account_id or not self.name.startswith(VISITOR):
            return account_id == self.name
        events = decode([value], self.addresses).events
        self.proxies.resolve(events)
        return not events or events[0].ip == self._ip


@dataclass(frozen=True, slots=True)
class Selection:
    """Events from `start` up to before `end` (Unix ms), of one account or visitor, but for late ones.

    What cannot be read as an event is always selected: it must be counted, not lost. Raises `UsageError` for
    a span that holds nothing.
    """

    start: int | None = None
    end: int | None = None
    whose: Whose | None = None
    late: frozenset[tuple[int, str]] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a span that holds nothing."""
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise UsageError("--from is not before --to: nothing lies between them")

    @property
    def is_everything(self) -> bool:
        """Whether every event is wanted."""
        return (self.start, self.end, self.whose) == (None, None, None) and not self.late

    def of(self, records: Sequence[FileRecord]) -> Sequence[FileRecord]:
        """Return the records that are wanted."""
        if self.is_everything:
            return records
        return [record for record in records if self._wanted(record.value)]

    def _wanted(self, value: bytes) -> bool:
        head = head_of(value)
        if head is None:
            return True
        time, event_id, account_id = head
        return (
            (self.start is None or time >= self.start)
            and (self.end is None or time < self.end)
            and (self.whose is None or self.whose.owns(account_id, value))
            and (time, event_id) not in self.late
        )


def read_late(path: Path) -> frozenset[tuple[int, str]]:
    """Return time and id of the events in a file; raises `InputError` for a line that is none."""
    found = set()
    for number, line in open_lines(path):
        head = head_of(line)
        if head is None:
            raise InputError(f"{path}, line {number}: no event: it has no `event_id` or no `time`")
        found.add(head[:2])
    return frozenset(found)


def head_of(value: bytes) -> tuple[int, str, str | None] | None:
    """Return time, id and account of an event, None where it is none."""
    try:
        head = _HEAD.decode(value)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return _unusual_head(value)
    return instant_ms(head.time), head.event_id, head.account_id


def _unusual_head(value: bytes) -> tuple[int, str, str | None] | None:
    try:
        head = _ANY_HEAD.decode(value)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return None
    time_ms = moment_ms(head.time)
    return None if time_ms is None else (time_ms, head.event_id, head.account_id)

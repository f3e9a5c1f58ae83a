"""Which events of a history are replayed."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from detector.errors import InputError
from detector.formats import open_lines
from detector.policy.entitlements import Instant, instant_ms
from detector.replay.inputs import FileRecord


class _Head(msgspec.Struct, gc=False):
    """What tells whether an event is wanted."""

    event_id: str
    time: Instant
    account_id: str | None = None


_HEAD = msgspec.json.Decoder(_Head)


@dataclass(frozen=True, slots=True)
class Selection:
    """Events from `start` up to before `end` (Unix ms), of one account, but for those given as late.

    What cannot be read as an event is always selected: it must be counted, not lost.
    """

    start: int | None
    end: int | None
    account: str | None
    late: frozenset[tuple[int, str]]

    def of(self, records: Sequence[FileRecord]) -> Sequence[FileRecord]:
        """Return the records that are wanted."""
        if (self.start, self.end, self.account) == (None, None, None) and not self.late:
            return records
        return [record for record in records if self._wanted(record.value)]

    def _wanted(self, value: bytes) -> bool:
        try:
            head = _HEAD.decode(value)
        except (msgspec.MsgspecError, RecursionError, ValueError):
            return True
        time = instant_ms(head.time)
        return (
            (self.start is None or time >= self.start)
            and (self.end is None or time < self.end)
            and (self.account is None or head.account_id == self.account)
            and (time, head.event_id) not in self.late
        )


def read_late(path: Path) -> frozenset[tuple[int, str]]:
    """Return time and id of the events in a file; raises `InputError` for a line that is none."""
    found = set()
    for number, line in open_lines(path):
        try:
            head = _HEAD.decode(line)
        except (msgspec.MsgspecError, RecursionError, ValueError) as error:
            raise InputError(f"{path}, line {number}: no event: {error}") from error
        found.add((instant_ms(head.time), head.event_id))
    return frozenset(found)

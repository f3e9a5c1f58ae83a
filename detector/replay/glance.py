"""What is read of events before they are judged: when they were, and whose they are."""

from collections.abc import Sequence
from typing import Final
from zlib import crc32

import msgspec
import numpy as np

from detector.formats import Places
from detector.moments import Instant, instant_ms, moment_ms


class _Moment(msgspec.Struct, gc=False):
    time: Instant


class _AnyMoment(msgspec.Struct, gc=False):
    time: str | float


class _Home(msgspec.Struct, gc=False):
    """Whose an event is; see `SessionEvent.home`."""

    ip: str
    account_id: str | None = None


class _Both(msgspec.Struct, gc=False):
    time: Instant
    ip: str
    account_id: str | None = None


_MOMENT: Final = msgspec.json.Decoder(_Moment)
_ANY_MOMENT: Final = msgspec.json.Decoder(_AnyMoment)
_HOME: Final = msgspec.json.Decoder(_Home)
_BOTH: Final = msgspec.json.Decoder(_Both)
_UNREADABLE: Final = (msgspec.MsgspecError, RecursionError, ValueError)


def times_of(values: Sequence[bytes]) -> Sequence[int | None]:
    """Return the times of events, Unix ms, None for what has none."""
    try:
        found = _MOMENT.decode_lines(b"\n".join(values))
        times = [instant_ms(moment.time) for moment in found]
    except _UNREADABLE:
        times = []
    return times if len(times) == len(values) else [time_of(value) for value in values]


def time_of(value: bytes) -> int | None:
    """Return the time of an event, Unix ms, None where it has none."""
    try:
        return instant_ms(_MOMENT.decode(value).time)
    except _UNREADABLE:
        pass
    try:
        return moment_ms(_ANY_MOMENT.decode(value).time)
    except _UNREADABLE:
        return None


def divided(values: Sequence[bytes], count: int) -> list[int]:
    """Return to which of `count` parts each event belongs: all of an account, or a visitor, to one.

    What is no event belongs anywhere.
    """
    try:
        homes = _HOME.decode_lines(b"\n".join(values))
    except _UNREADABLE:
        homes = []
    return [_part(home, count) for home in (homes if len(homes) == len(values) else map(_home, values))]


def times_and_parts(
    text: bytes, starts: Places, ends: Places, count: int
) -> tuple[list[int], list[int]] | None:
    """Return `times_of` and `divided` of the lines of a text, None where it must be cut into them first.

    Cutting takes as long as this, and is saved where every line is an event. Then each begins and ends with a
    brace; no event can go on behind such an end and beginning; and so, where there are as many events as
    lines, each line is one.
    """
    letters = np.frombuffer(text, np.uint8)
    if not len(letters) or ends[-1] == starts[-1]:
        return None
    if (letters[starts] != ord("{")).any() or (letters[ends - 1] != ord("}")).any():
        return None
    try:
        found = _BOTH.decode_lines(text)
        times = [instant_ms(event.time) for event in found]
    except _UNREADABLE:
        return None
    if len(times) != len(starts):
        return None
    return times, [_part(event, count) for event in found] if count > 1 else []


def _home(value: bytes) -> _Home | None:
    try:
        return _HOME.decode(value)
    except _UNREADABLE:
        return None


def _part(home: _Home | _Both | None, count: int) -> int:
    return 0 if home is None else crc32((home.account_id or home.ip).encode()) % count

"""A moment in every form that a message may give it.

The contract has integer Unix milliseconds, or RFC 3339 with an offset. RFC 8259 knows one kind of number, so
that `1780243200000.0` is the same integer; RFC 3339 has leap seconds, and `23:59:60` is taken for the second
after it, as clocks that know none show it.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

import msgspec

Instant = int | Annotated[datetime, msgspec.Meta(tz=True)]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_SECOND_MS: Final = 1_000
_LEAP_SECOND: Final = re.compile(
    r"(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:)60((?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d))", re.ASCII
)


def instant_ms(instant: Instant) -> int:
    """Return a decoded moment as Unix ms; what is finer is cut off."""
    return instant if isinstance(instant, int) else (instant - _EPOCH) // _MILLISECOND


def moment_text(time_ms: int) -> str:
    """Return Unix ms as RFC 3339, UTC, to the second."""
    return (_EPOCH + time_ms * _MILLISECOND).isoformat(timespec="seconds").replace("+00:00", "Z")


def whole(value: object) -> object:
    """Return a number without fraction as an integer, and anything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def moment_ms(value: object) -> int | None:
    """Return what JSON holds as a moment, as Unix ms; None where it is none."""
    leap = _LEAP_SECOND.fullmatch(value) if isinstance(value, str) else None
    text = value if leap is None else f"{leap[1]}59{leap[2]}"
    try:
        instant = instant_ms(msgspec.convert(whole(text), Instant))
    except (msgspec.ValidationError, ValueError):
        return None
    return instant if leap is None else instant + _SECOND_MS

"""A moment on the command line."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

import click

_CHINA: Final = timezone(timedelta(hours=8))


class Moment(click.ParamType):
    """An RFC 3339 date and time with its offset, as Unix ms."""

    name = "rfc3339"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Parse the text; a moment without offset is refused, because two machines would differ on it."""
        if isinstance(value, int):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            self.fail(
                f"{value!r} is no moment with an offset; write it as 2026-06-01T00:00:00+08:00", param, ctx
            )
        return round(moment.timestamp() * 1000)


def here_and_utc(time_ms: int) -> str:
    """Return Unix ms as a person in China reads them, and as logs and alerts have them."""
    moment = datetime.fromtimestamp(time_ms // 1000, UTC) + timedelta(milliseconds=time_ms % 1000)
    digits = "milliseconds" if time_ms % 1000 else "seconds"
    utc = moment.isoformat(timespec=digits).replace("+00:00", "Z")
    return f"{moment.astimezone(_CHINA).isoformat(timespec=digits)} ({utc})"

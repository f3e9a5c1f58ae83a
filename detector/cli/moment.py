"""A moment on the command line."""

from datetime import datetime

import click


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

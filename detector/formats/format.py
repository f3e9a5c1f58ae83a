"""What a format of histories is: a way from one line of a file to one event's bytes."""

from collections.abc import Callable
from dataclasses import dataclass

from detector.events import Rejected


@dataclass(frozen=True, slots=True)
class Format:
    """A named way to read lines.

    `convert(source, number, line)` takes what the file is called in ids (source.py), the line's number from 1
    and its bytes, and returns a session event as JSON bytes, or why the line is none. It never raises on what
    a line holds, and the same line in the same place always gives the same bytes. `of_events` says that it
    returns every line as it stands.
    """

    name: str
    summary: str
    convert: Callable[[str, int, bytes], bytes | Rejected]
    of_events: bool = False

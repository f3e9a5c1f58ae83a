"""JSON lines: each line is a session event already."""

from typing import Final

from detector.events import Rejected
from detector.formats.format import Format


def convert(_source: str, _number: int, line: bytes) -> bytes | Rejected:
    """See `Format.convert`; what a line is worth is decided where events are decoded."""
    return line


JSONL: Final = Format("jsonl", "session events as JSON lines", convert, of_events=True)

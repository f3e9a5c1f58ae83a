"""What a file is called in the ids of events that bring none of their own.

    access.log~3f9c0d1a5b77

The base name, for people, and twelve hex digits of the SHA-256 of what the file begins with, unpacked. Logs
of two hosts that are both called access.log are so told apart; and the same file has the same ids on every
machine, in whatever folder, beside whatever others, and when it has grown beyond its first 64 KiB. A copy
under the same name holds the same events again.
"""

import hashlib
from pathlib import PurePath
from typing import Final

from detector.formats.blocks import CutOffError, blocks

BEGINNING: Final = 64 * 1024
"""Bytes that tell files apart: hundreds of lines."""
_LONGEST_NAME: Final = 100
"""Within the 128 characters of an id, beside the digest and a line's number."""


def source_of(path: str) -> str:
    """Return what a file is called in ids; raises `InputError` where it cannot be read."""
    return f"{_base(path)}~{hashlib.sha256(_beginning(path)).hexdigest()[:12]}"


def _beginning(path: str) -> bytes:
    start = b""
    try:
        for block, _ in blocks(path):
            start += block
            if len(start) >= BEGINNING:
                break
    except CutOffError:
        pass  # whoever reads the lines says so
    return start[:BEGINNING]


def _base(path: str) -> str:
    """Return a base name that is JSON text and not too long."""
    name = PurePath(path).name.encode(errors="surrogateescape").decode(errors="backslashreplace")
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[: _LONGEST_NAME - 17]}~{hashlib.sha256(name.encode()).hexdigest()[:16]}"

"""A plain file in parts of whole lines, each to be read by itself, by whoever and in whatever order."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from detector.errors import InputError
from detector.formats.blocks import is_packed
from detector.formats.lines import MARK, UTF_16, LineBatch, Mask, lines_of

EXTENT_BYTES: Final = 1 << 23
"""What an extent has, to the end of the line; a file with a longer line has none."""


@dataclass(frozen=True, slots=True)
class Extent:
    """The lines of a file from the byte `start` up to before `end`."""

    path: str
    start: int
    end: int

    @property
    def size(self) -> int:
        """Bytes."""
        return self.end - self.start

    def text(self) -> bytes:
        """Return its lines, without the last one's end; raises `InputError` where they are gone."""
        try:
            with Path(self.path).open("rb") as file:
                file.seek(self.start)
                text = file.read(self.size)
        except OSError as error:
            raise InputError(f"{self.path}: cannot be read: {error.strerror or error}") from error
        if len(text) < self.size:
            raise InputError(f"{self.path}: has become shorter while it was read")
        return text.removesuffix(b"\n")

    def lines(self, first_line: int, wanted: Mask | None = None) -> LineBatch:
        """See `lines_of`; raises `InputError` where they are not those that `wanted` was made for."""
        try:
            return lines_of(self.text(), first_line, self.end, wanted)
        except ValueError as error:
            raise InputError(f"{self.path}: has changed while it was read: {error}") from error


def extents_of(path: str) -> list[Extent] | None:
    """Return the parts of a file, as large as it is now.

    None where it has none, because it is no file, is packed, is no UTF-8 or cannot be read, which
    `read_batches` tells, or has lines too long.
    """
    found = []
    try:
        with Path(path).open("rb") as file:
            state = os.fstat(file.fileno())
            first = file.read(4)
            if not stat.S_ISREG(state.st_mode) or is_packed(first) or first.startswith(UTF_16):
                return None
            start = len(MARK) if first.startswith(MARK) else 0
            while start < state.st_size:
                end = start + EXTENT_BYTES
                if end < state.st_size:
                    file.seek(end - 1)
                    ended = file.readline(EXTENT_BYTES).endswith(b"\n")
                    end = file.tell()
                    if not ended and end < state.st_size:
                        return None
                found.append(Extent(path, start, min(end, state.st_size)))
                start = end
    except OSError:
        return None
    return found

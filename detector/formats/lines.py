"""Lines of a file in large batches: plain, gzip or zstd, or standard input."""

import codecs
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from detector.errors import InputError
from detector.formats.blocks import CutOffError, blocks

MAX_LINE_BYTES: Final = 65 * 1024
"""A longer line is delivered cut to this: still seen to be too large for an event (64 KiB)."""
_MARK = codecs.BOM_UTF8
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class LineBatch:
    """Some lines of one file, in its order.

    `numbers[i]` is the number of `lines[i]`, counted from 1; blank lines have a number but are not here.
    A line has no line end. `position` is how many bytes of the file, as stored, were read so far.
    """

    numbers: list[int]
    lines: list[bytes]
    position: int

    @property
    def first_line(self) -> int:
        """The number of the first line."""
        return self.numbers[0]


def open_lines(path: str | os.PathLike[str]) -> Iterator[tuple[int, bytes]]:
    """Yield (number, line) of a file one by one; see `read_batches`."""
    for batch in read_batches(path):
        yield from zip(batch.numbers, batch.lines, strict=True)


def read_batches(
    path: str | os.PathLike[str], size: int = 40_000, longest: int = MAX_LINE_BYTES
) -> Iterator[LineBatch]:
    """Yield the lines of `path` (`-`: standard input), `size` in a batch, the last one smaller.

    A line of more than `longest` bytes is cut to that. A byte-order mark of UTF-8 before the first line is no
    part of it.
    Raises `InputError` where the file cannot be read, and, for a compressed file that is cut off or damaged,
    after its whole lines before that place were delivered.
    """
    splitter = _Splitter(longest)
    position = 0
    damage: CutOffError | None = None
    try:
        for block, position in _without_mark(os.fspath(path)):
            splitter.add(block)
            while len(splitter.lines) >= size:
                yield splitter.take(size, position)
        splitter.end()
    except CutOffError as error:
        damage = error  # the piece of a line before the damage is no line
    while splitter.lines:
        yield splitter.take(size, position)
    if damage is not None:
        raise InputError(
            f"{os.fspath(path)}: {damage}; the {splitter.last_number} lines before it were read: "
            "fetch or pack the file again to get the rest"
        ) from damage


def _without_mark(path: str) -> Iterator[tuple[bytes, int]]:
    """Yield the blocks of a file from behind the byte-order mark with which editors begin it."""
    start, position = b"", 0
    pieces = blocks(path)
    for block, read in pieces:
        start, position = start + block, read
        if len(start) >= len(_MARK):
            break
    if start.startswith(_UTF_16):
        raise InputError(f"{path}: is UTF-16; only UTF-8 is read: convert it first")
    yield start.removeprefix(_MARK), position
    yield from pieces


class _Splitter:
    """Cuts blocks into lines; holds those not yet taken, and the piece of a line not yet ended."""

    def __init__(self, longest: int = MAX_LINE_BYTES) -> None:
        self.lines: list[bytes] = []
        self.last_number = 0
        self._longest = longest
        self._numbers: list[int] = []
        self._piece = b""

    def add(self, block: bytes) -> None:
        """Take the lines that end in this block."""
        head, newline, tail = block.rpartition(b"\n")
        if newline:
            self._append(self._piece + head)
            self._piece = b""
        # A line without end must not fill the memory: what is beyond the limit is dropped as it comes. One
        # byte more than the limit, because the last may be half of a line end.
        self._piece += tail[: self._longest + 1 - len(self._piece)]

    def end(self) -> None:
        """Take the piece after the last line end as a line."""
        if self._piece:
            self._append(self._piece)
            self._piece = b""

    def take(self, size: int, position: int) -> LineBatch:
        """Give away the first `size` lines."""
        batch = LineBatch(self._numbers[:size], self.lines[:size], position)
        del self._numbers[:size], self.lines[:size]
        return batch

    def _append(self, text: bytes) -> None:
        lines = text.split(b"\n")
        if b"\r" in text:
            lines = [line.removesuffix(b"\r") for line in lines]
        if len(text) > self._longest and max(map(len, lines)) > self._longest:
            lines = [line[: self._longest] for line in lines]
        numbers = range(self.last_number + 1, self.last_number + 1 + len(lines))
        self.last_number += len(lines)
        if b"" in lines or any(map(bytes.isspace, lines)):
            kept = [
                (number, line)
                for number, line in zip(numbers, lines, strict=True)
                if line and not line.isspace()
            ]
            self._numbers += [number for number, _ in kept]
            self.lines += [line for _, line in kept]
        else:
            self._numbers += numbers
            self.lines += lines

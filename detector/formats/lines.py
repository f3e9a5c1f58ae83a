"""Lines of a file in large batches: plain, gzip or zstd, or standard input."""

import codecs
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress
from typing import Final

import numpy as np

from detector.errors import InputError
from detector.formats.blocks import CutOffError, blocks

MAX_LINE_BYTES: Final = 65 * 1024
"""A longer line is delivered cut to this: still seen to be too large for an event (64 KiB)."""
MARK = codecs.BOM_UTF8
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

Places = np.ndarray[tuple[int], np.dtype[np.int64]]
Mask = np.ndarray[tuple[int], np.dtype[np.bool]]


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
    splitter, whole = _Splitter(longest), _WholeLines(longest)
    position = 0
    damage: CutOffError | None = None
    try:
        for block, position in _without_mark(os.fspath(path)):
            text = whole.add(block)
            if text is not None:
                splitter.append(text)
            while len(splitter.lines) >= size:
                yield splitter.take(size, position)
        rest = whole.end()
        if rest is not None:
            splitter.append(rest)
    except CutOffError as error:
        damage = error  # the piece of a line before the damage is no line
    while splitter.lines:
        yield splitter.take(size, position)
    if damage is not None:
        raise _damaged(path, damage, splitter.last_number) from damage


def cut(text: bytes) -> tuple[Places, Places]:
    """Return where the lines of a text begin and end, the one behind the last line end included."""
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n"))
    return np.append(0, ends + 1), np.append(ends, len(text))


def lines_of(text: bytes, first_line: int, position: int, wanted: Mask | None = None) -> LineBatch:
    """Return the lines of a text, numbered from `first_line`, as `read_batches` does.

    Where `wanted` is given, only those of the lines that are not blank for which it is true; raises
    `ValueError` where there are not as many as it has.
    """
    starts, ends = cut(text)
    if _are_bare(text, starts, ends):
        numbers = np.arange(first_line, first_line + len(starts))
        if wanted is not None:
            _check(wanted, len(starts))
            starts, ends, numbers = starts[wanted], ends[wanted], numbers[wanted]
        spans = zip(starts.tolist(), ends.tolist(), strict=True)
        return LineBatch(numbers.tolist(), [text[start:end] for start, end in spans], position)
    splitter = _Splitter(MAX_LINE_BYTES, first_line - 1)
    splitter.append(text)
    batch = splitter.take(len(splitter.lines), position)
    if wanted is None:
        return batch
    _check(wanted, len(batch.lines))
    return LineBatch(list(compress(batch.numbers, wanted)), list(compress(batch.lines, wanted)), position)


def _check(wanted: Mask, lines: int) -> None:
    if len(wanted) != lines:
        raise ValueError(f"{lines} lines, {len(wanted)} expected")


def _are_bare(text: bytes, starts: Places, ends: Places) -> bool:
    """Return whether there is nothing to take away from any line."""
    letters = np.frombuffer(text, np.uint8)
    return bool(
        starts[-1] < len(text)
        and (letters[starts] > ord(" ")).all()
        and (letters[ends - 1] != ord("\r")).all()
        and (ends - starts).max() <= MAX_LINE_BYTES
    )


def _damaged(path: str | os.PathLike[str], damage: CutOffError, lines: int) -> InputError:
    return InputError(
        f"{os.fspath(path)}: {damage}; the {lines} lines before it were read: "
        "fetch or pack the file again to get the rest"
    )


def _without_mark(path: str) -> Iterator[tuple[bytes, int]]:
    """Yield the blocks of a file from behind the byte-order mark with which editors begin it."""
    start, position = b"", 0
    pieces = blocks(path)
    for block, read in pieces:
        start, position = start + block, read
        if len(start) >= len(MARK):
            break
    if start.startswith(UTF_16):
        raise InputError(f"{path}: is UTF-16; only UTF-8 is read: convert it first")
    yield start.removeprefix(MARK), position
    yield from pieces


class _WholeLines:
    """Puts the blocks of a file together to texts of whole lines; holds the piece of a line not yet ended."""

    def __init__(self, longest: int = MAX_LINE_BYTES) -> None:
        self.piece = b""
        self._longest = longest

    def add(self, block: bytes) -> bytes | None:
        """Return the lines that end in this block, without the last one's end; None where none does."""
        head, newline, tail = block.rpartition(b"\n")
        text = None
        if newline:
            text, self.piece = self.piece + head, b""
        # A line without end must not fill the memory: what is beyond the limit is dropped as it comes. One
        # byte more than the limit, because the last may be half of a line end.
        self.piece += tail[: self._longest + 1 - len(self.piece)]
        return text

    def end(self) -> bytes | None:
        """Return the piece after the last line end, which is a line; None where there is none."""
        text, self.piece = self.piece, b""
        return text or None


class _Splitter:
    """Cuts texts into lines; holds those not yet taken."""

    def __init__(self, longest: int = MAX_LINE_BYTES, last_number: int = 0) -> None:
        self.lines: list[bytes] = []
        self.last_number = last_number
        self._longest = longest
        self._numbers: list[int] = []

    def take(self, size: int, position: int) -> LineBatch:
        """Give away the first `size` lines."""
        batch = LineBatch(self._numbers[:size], self.lines[:size], position)
        del self._numbers[:size], self.lines[:size]
        return batch

    def append(self, text: bytes) -> None:
        """Take the lines of a text."""
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

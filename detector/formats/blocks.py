"""The bytes of a file in blocks, unpacked where it is gzip or zstd: its first bytes say so, not its name."""

import re
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO, Final, Protocol

import zstandard

from detector.errors import InputError

STDIN: Final = "-"
_PLAIN_BLOCK = 1 << 20
# A few bytes can stand for very many. Fed in such pieces, the worst gzip unpacks to 16 MB at a time and the
# worst zstd, whose blocks of four bytes can hold 128 KiB, to 64 MB.
_GZIP_PIECE = 1 << 14
_ZSTD_PIECE = 1 << 11
_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_OTHER_PACKINGS = {b"BZh": "bzip2", b"\xfd7zX": "xz", b"PK\x03\x04": "zip", b"PAR1": "Parquet"}
_ZSTD_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")  # parallel writers begin with such a frame


class CutOffError(Exception):
    """The compressed stream ends too early or is damaged; readers say so once they gave what came before."""


class _Unpacker(Protocol):
    """What zlib and zstandard have in common: one member or frame, and what lies behind it."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


def blocks(path: str) -> Iterator[tuple[bytes, int]]:
    """Yield (block, bytes of the file read so far) of `path`, `-` being standard input.

    Raises `InputError` where the file cannot be opened or read, or is packed in another way, `CutOffError`
    where it cannot be unpacked further.
    """
    try:
        # Not closed where it is standard input: it belongs to the process.
        with nullcontext(sys.stdin.buffer) if path == STDIN else Path(path).open("rb") as file:
            yield from _unpacked(path, file)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise InputError(
            f"{path}: {error.strerror}; give the path of a readable file, or - for stdin"
        ) from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error


def is_packed(first: bytes) -> bool:
    """Return whether a file that begins with these four bytes is packed, in whatever way."""
    ours = first.startswith(_GZIP_MAGIC) or first == _ZSTD_MAGIC or _ZSTD_SKIPPABLE.match(first) is not None
    return ours or first.startswith(tuple(_OTHER_PACKINGS))


def _unpacked(path: str, file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    first = file.read(len(_ZSTD_MAGIC))
    for magic, name in _OTHER_PACKINGS.items():
        if first.startswith(magic):
            raise InputError(f"{path}: is {name}; plain text, gzip and zstd are read: convert it first")
    if first.startswith(_GZIP_MAGIC):
        return _unpack(_pieces(file, first, _GZIP_PIECE), _gzip, padding=b"\0")
    if first == _ZSTD_MAGIC or _ZSTD_SKIPPABLE.match(first):
        return _unpack(_pieces(file, first, _ZSTD_PIECE), _zstd)
    return _pieces(file, first, _PLAIN_BLOCK)


def _gzip() -> _Unpacker:
    return zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)


def _zstd() -> _Unpacker:
    return zstandard.ZstdDecompressor().decompressobj()


def _pieces(file: BinaryIO, first: bytes, size: int) -> Iterator[tuple[bytes, int]]:
    position = len(first)
    yield first, position
    # read1: what a pipe holds is passed on at once, not when a whole block has come.
    read = getattr(file, "read1", file.read)
    while piece := read(size):
        position += len(piece)
        yield piece, position


def _unpack(
    pieces: Iterator[tuple[bytes, int]], begin: Callable[[], _Unpacker], padding: bytes = b""
) -> Iterator[tuple[bytes, int]]:
    """Unpack members or frames one behind the other; `padding` may follow the last one."""
    unpacker = begin()
    started = False
    for packed, position in pieces:
        rest = packed
        while rest:
            if not started:
                rest = rest.lstrip(padding) if padding else rest
                if not rest:
                    break
                unpacker, started = begin(), True
            try:
                block = unpacker.decompress(rest)
            except (zlib.error, zstandard.ZstdError) as error:
                raise CutOffError(f"the compressed data is damaged ({error})") from error
            yield block, position
            rest = unpacker.unused_data if unpacker.eof else b""
            started = not unpacker.eof
    if started:
        raise CutOffError("the compressed data ends too early")

"""Writing JSON-lines files, plain or compressed by their ending (.gz, .zst)."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import zstandard

from detector.errors import DetectorError


class SupportsWrite(Protocol):
    """What plain files and packing ones have in common."""

    def write(self, data: bytes, /) -> int:
        """Write some bytes."""
        ...


@contextmanager
def writing(path: Path) -> Iterator[SupportsWrite]:
    """Open a file to write to; the same content gives the same bytes, compressed too.

    Raises DetectorError where it cannot be written.
    """
    try:
        with path.open("wb") as raw:
            if path.suffix == ".gz":
                with gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as packed:
                    yield packed
            elif path.suffix == ".zst":
                with zstandard.ZstdCompressor().stream_writer(raw, closefd=False) as packed_zst:
                    yield packed_zst
            else:
                yield raw
    except OSError as error:
        raise DetectorError(f"cannot write {path}: {error.strerror or error}") from error

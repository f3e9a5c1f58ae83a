"""What a path says: which it is, which catalogue it belongs to, and whether it looks for a weakness."""

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from detector.enrich.cache import RowCache
from detector.enrich.scanners import probe_of
from detector.stages.queries import chosen_by

ASSETS: Final = frozenset(
    ("avif", "css", "eot", "gif", "ico", "jpeg", "jpg", "js", "map", "mjs", "otf", "png", "svg")
) | {"ttf", "webp", "woff", "woff2"}
"""Endings of what a browser asks for by itself to show a page."""
PATH: Final = np.dtype(
    [("path", "u4"), ("shape", "u4"), ("number", "u4"), ("probe", "u1"), ("asset", "u1"), ("bulk", "u1")],
    align=True,
)
"""One path; its fields are those of EVENT."""

_DIGITS: Final = re.compile(r"[0-9]+")
_NUMBER: Final = re.compile(r"/[0-9]+(?=/|$)")
"""A part of a path that is a number: what it says of a path, another number says as well."""
_LONGEST: Final = 9
"""Digits of a number that are read, the last ones."""
_NOTHING: Final = (0, 0, 0, 0, 0, 0)
_BULK: Final = re.compile(r"(?:^|[/._-])(?:exports?|downloads?|dump|backup|csv|xlsx?|zip)(?=$|[/._-])")
"""A word of a path by which an account's own data is taken away as a file."""


class AskedPaths:
    """Rows of paths, worked out once each and kept within bounds.

    Of paths that end with a number only that of number 0 is kept, and stands for all: most things that a
    platform shows have such a path, and hardly two people ask for the same thing.
    """

    def __init__(self, capacity: int) -> None:
        self._cache: RowCache[str | None] = RowCache(PATH, _row, capacity)

    def __len__(self) -> int:
        """Return how many paths are kept."""
        return len(self._cache)

    def rows(self, paths: Sequence[str | None]) -> NDArray[np.void]:
        """Return PATH, shape (n,), of n paths; None, of events that have none, is all zeros."""
        kept: list[str | None] = []
        numbers: list[int] = []
        for path in paths:
            before, _, last = (path or "").rpartition("/")
            if last.isdecimal() and _is_number(last) and "?" not in before and "#" not in before:
                kept.append(f"{before}/0")
                numbers.append(int(last))
            else:
                kept.append(path)
                numbers.append(0)
        found = self._cache.rows_of(kept)
        counted = np.array(numbers, np.uint32)
        numbered = counted > 0
        found["number"] = np.where(numbered, counted, found["number"])
        found["path"] = np.where(numbered, _scattered(found["path"] ^ _scattered(counted)), found["path"])
        return found


def _is_number(text: str) -> bool:
    """Return whether digits are a number that no other text stands for, of no more digits than are read."""
    return len(text) <= _LONGEST and text.isascii() and (text[0] != "0" or text == "0")


def _scattered(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return hashes whose neighbours are none: the last steps of MurmurHash3, by which no two become one."""
    hashes = hashes ^ (hashes >> np.uint32(16))
    hashes = hashes * np.uint32(0x85EBCA6B)
    hashes = hashes ^ (hashes >> np.uint32(13))
    hashes = hashes * np.uint32(0xC2B2AE35)
    return hashes ^ (hashes >> np.uint32(16))


def _row(path: str | None) -> tuple[int, ...]:
    """Return a row of PATH, with no more of the query than what it chooses (detector/stages/queries.py).

    The hash has no key: counts of distinct paths stand in alerts, which must not depend on a secret. It is no
    CRC either: that is linear, so that numbered paths would fall into a pattern and be counted wrong. A shape
    holds no numbers; that of a probe has the query, which is what probes. An asset belongs to no catalogue.
    """
    if path is None:
        return _NOTHING
    bare, _, query = path.partition("#")[0].partition("?")
    if bare.rpartition(".")[2].lower() in ASSETS:
        return _identity(bare), 0, 0, 0, 1, 0
    numbers = _DIGITS.findall(bare)
    number = int(numbers[-1][-_LONGEST:]) if numbers else 0
    shape, probe, bulk = _told_by(path if query else _NUMBER.sub("/0", path))
    if not query:
        return _identity(bare), shape, number, probe, 0, bulk
    chosen = chosen_by(query)
    if chosen.text:
        bare = f"{bare}?{chosen.text}"
        number = chosen.number or number
        shape = shape if probe else crc32(chosen.names.encode(), shape)
    return _identity(bare), shape, number, probe, 0, bulk


@lru_cache(maxsize=20_000)
def _told_by(path: str) -> tuple[int, int, int]:
    """Return what a path says but for its numbers: its shape, what it looks for, whether it takes files."""
    bare = path.partition("#")[0].partition("?")[0]
    probe = probe_of(path)
    shape = _DIGITS.sub("#", path if probe else bare)
    return crc32(shape.encode()), probe, int(_BULK.search(bare.lower()) is not None)


def _identity(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "little")

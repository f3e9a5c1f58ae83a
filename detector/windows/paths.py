"""Distinct paths by linear counting (Whang, Vander-Zanden and Taylor 1990) in a bitmap per clock hour."""

from math import log

import numpy as np

from detector.windows.compiled import Array, compiled
from detector.windows.layout import PATH_WORDS
from detector.windows.rings import NOTHING

SIZE = PATH_WORDS * 64
MOST_FOR_ONE = 16
_ONE = np.uint64(1)
_M1 = np.uint64(0x5555555555555555)
_M2 = np.uint64(0x3333333333333333)
_M4 = np.uint64(0x0F0F0F0F0F0F0F0F)


@compiled
def mark(paths: Array, path: int) -> bool:
    """Remember a path in this hour's bitmap; return whether neither it nor the hour's before held it.

    `paths` has shape (2, PATH_WORDS), `path` is a 32-bit hash. Among n paths one in SIZE / n is taken for one
    that was there; see `stands_for`.
    """
    word = int(path) % SIZE // 64
    bit = _ONE << np.uint64(int(path) % 64)
    fresh = (paths[0, word] | paths[1, word]) & bit == NOTHING
    paths[0, word] |= bit
    return bool(fresh)


@compiled
def stands_for(paths: Array) -> float:
    """Return for how many new paths one stands that was found fresh: the others fell on taken bits."""
    return SIZE / max(SIZE - _taken(paths), SIZE // MOST_FOR_ONE)


@compiled
def _taken(paths: Array) -> int:
    """Return how many bits are set in either hour."""
    taken = 0
    for word in range(PATH_WORDS):
        taken += bits64(paths[0, word] | paths[1, word])
    return taken


@compiled
def distinct(paths: Array) -> float:
    """Return about how many distinct paths this hour and the one before held, at most SIZE ln SIZE."""
    taken = _taken(paths)
    if taken >= SIZE:
        return float(SIZE * log(SIZE))
    return float(SIZE * log(SIZE / (SIZE - taken)))


@compiled
def bits64(word: Array) -> int:
    """Return the bits set in a 64-bit word, summed in ever wider lanes."""
    word -= (word >> _ONE) & _M1
    word = (word & _M2) + ((word >> np.uint64(2)) & _M2)
    word = (word + (word >> np.uint64(4))) & _M4
    word += word >> np.uint64(8)
    word += word >> np.uint64(16)
    word += word >> np.uint64(32)
    return int(word & np.uint64(127))

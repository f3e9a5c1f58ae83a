"""Distinct paths by linear counting (Whang, Vander-Zanden and Taylor 1990) in a bitmap per clock hour."""

from math import log

import numpy as np

from detector.windows.compiled import Array, compiled
from detector.windows.layout import PATH_WORDS

SIZE = PATH_WORDS * 64
_ONE = np.uint64(1)
_M1 = np.uint64(0x5555555555555555)
_M2 = np.uint64(0x3333333333333333)
_M4 = np.uint64(0x0F0F0F0F0F0F0F0F)


@compiled
def mark(paths: Array, path: int) -> None:
    """Remember a path, given by a 32-bit hash, in this hour's bitmap; `paths` has shape (2, PATH_WORDS)."""
    bit = int(path) % SIZE
    paths[0, bit // 64] |= _ONE << np.uint64(bit % 64)


@compiled
def distinct(paths: Array) -> float:
    """Return about how many distinct paths this hour and the one before held, at most SIZE ln SIZE."""
    taken = 0
    for word in range(PATH_WORDS):
        taken += bits64(paths[0, word] | paths[1, word])
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

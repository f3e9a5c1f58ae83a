"""Short lists of hashes in a row, the newest first; the one seen longest ago makes room."""

import numpy as np

from detector.windows.compiled import Array, compiled

_LOW_32 = np.uint64(0xFFFFFFFF)


@compiled
def put_first(hashes: Array, hashed: int) -> None:
    """Put a hash of 64 bits, cut to 32, first in `hashes`, u4, shape (n,)."""
    short = np.uint64(hashed) & _LOW_32
    place = len(hashes) - 1
    for other in range(len(hashes)):
        if hashes[other] == short:
            place = other
            break
    for other in range(place, 0, -1):
        hashes[other] = hashes[other - 1]
    hashes[0] = short


@compiled
def holds(hashes: Array, hashed: int) -> bool:
    """Return whether a hash of 64 bits, cut to 32, is among `hashes`, u4, shape (n,)."""
    short = np.uint64(hashed) & _LOW_32
    return bool(np.any(hashes == short))

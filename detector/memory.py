"""Memory: how often Python looks for what it can collect, and what is kept of what was freed."""

import ctypes
import gc
from typing import Final

ALLOCATIONS: Final = 50_000
"""Python's own 700 are a fraction of one batch of events, which it would look through a dozen times."""
KEPT_BYTES: Final = 1 << 28
"""Freed memory that is not given back to the system: a batch and what is made of it, several times."""
_TRIM_THRESHOLD: Final = -1
_TOP_PAD: Final = -2
_MMAP_THRESHOLD: Final = -3
_TOP_PAD_BYTES: Final = 1 << 24
_MMAP_BYTES: Final = 1 << 25
"""The largest that glibc takes."""


def suit_batches() -> None:
    """Set this process up for large batches, one after the other.

    Cycles are looked for only after many allocations: batches are free of them. What a batch has freed is
    kept for the next one, where the C library is glibc (mallopt(3)); else the system clears the same pages
    again and again.
    """
    gc.set_threshold(ALLOCATIONS, 20, 20)
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_TRIM_THRESHOLD, KEPT_BYTES)
        mallopt(_TOP_PAD, _TOP_PAD_BYTES)
        mallopt(_MMAP_THRESHOLD, _MMAP_BYTES)

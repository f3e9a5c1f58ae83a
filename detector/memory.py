"""Memory: how often Python looks for what it can collect."""

import gc
from typing import Final

ALLOCATIONS: Final = 50_000
"""Python's own 700 are a fraction of one batch of events, which it would look through a dozen times."""


def collect_rarely() -> None:
    """Look for cycles only after many allocations: batches are large, and free of cycles."""
    gc.set_threshold(ALLOCATIONS, 20, 20)

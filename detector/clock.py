"""The wall clock, for what is not judged by event time."""

import time


def now_ms() -> int:
    """Return what the clock says, Unix ms."""
    return int(time.time() * 1000)

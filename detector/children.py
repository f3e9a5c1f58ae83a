"""Processes of one's own: started apart from what a terminal sends, and gone when their parent is."""

import math
import multiprocessing
import os
import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing.connection import wait as until_any
from pathlib import Path
from typing import Final

from detector.errors import DetectorError

MOST_BY_THEMSELVES: Final = 4
"""As many as a topic has partitions unless told otherwise; of a replay, more wait for who decides."""
_QUOTA: Final = Path("/sys/fs/cgroup/cpu.max")
"""A container's share of the machine: microseconds of CPU, or `max`, and of how many (cgroup v2)."""


def cores() -> int:
    """Return how many cores this process may use, and at least begin to fill."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = _QUOTA.read_text().split()
    except OSError:
        return allowed
    return allowed if quota == "max" else min(allowed, math.ceil(int(quota) / int(period)))


def processes_by_cores() -> int:
    """Return how many processes work is divided among where nobody said."""
    return min(cores(), MOST_BY_THEMSELVES)


@contextmanager
def deaf_to_interrupts() -> Generator[None]:
    """Let processes that are started here begin without an ear for Ctrl-C, which is their parent's to hear.

    Only the main thread may.
    """
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def end_with_parent() -> None:
    """See to it that this process ends at once when the one that started it is gone."""
    threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        until_any([parent.sentinel])
        os._exit(DetectorError.exit_code)

"""Processes of one's own: started apart from what a terminal sends, and gone when their parent is."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing.connection import wait as until_any

from detector.errors import DetectorError


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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

"""How a service manager, or a person at a terminal, asks a worker to stop."""

import asyncio
import signal
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

STOP_S: Final = 20.0
"""How long a stop may take: less than the 30 s that Kubernetes gives."""
_ASKING: Final = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def set_by_signals(asked: asyncio.Event) -> Generator[None]:
    """Set `asked` at the first SIGTERM or SIGINT; who asks twice is not made to wait: the second ends it."""
    loop = asyncio.get_running_loop()

    def deaf() -> None:
        for number in _ASKING:
            loop.remove_signal_handler(number)

    def stop() -> None:
        deaf()
        asked.set()

    for number in _ASKING:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        deaf()

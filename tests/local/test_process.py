"""A server is ready when it answers, and never outlives whoever started it."""

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from detector.errors import UnavailableError
from detector.local.process import finished, free_ports, if_we_die, is_free, running, wait_until

# A server that holds a named pipe open for as long as it lives.
HOLD = 'exec >"$0"; echo up; exec sleep 600'
START = """
import sys
from pathlib import Path
from detector.local.process import running
with running(["sh", "-c", sys.argv[2], sys.argv[1]], Path(sys.argv[1] + ".log")):
    print("guarded", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


def closes(descriptor: int, *, within_seconds: float = 20.0) -> bool:
    readable, _, _ = select.select([descriptor], [], [], within_seconds)
    return bool(readable) and os.read(descriptor, 1) == b""


def test_a_server_ends_with_its_context(tmp_path: Path) -> None:
    with running(["sleep", "600"], tmp_path / "log") as server:
        assert server.poll() is None
    assert server.poll() is not None


def test_a_server_dies_with_its_starter_even_when_that_is_killed(pipe: Path) -> None:
    command = [sys.executable, "-c", START, str(pipe), HOLD]
    with (
        subprocess.Popen(  # noqa: S603 - our own script
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as starter,
        pipe.open("rb", buffering=0) as held,
    ):
        assert held.read(3) == b"up\n"
        assert starter.stdout is not None
        assert starter.stdout.readline() == b"guarded\n"
        starter.kill()
        assert closes(held.fileno())


def test_a_dismissed_guard_does_nothing(tmp_path: Path) -> None:
    with if_we_die("touch", str(tmp_path / "done")):
        pass
    assert not (tmp_path / "done").exists()


def test_a_server_that_ends_early_is_an_error_with_its_last_words(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with running(["sh", "-c", "echo port taken; exit 3"], log) as server:
        server.wait()
        with pytest.raises(UnavailableError, match="Redis ended with code 3: port taken"):
            wait_until(lambda: False, server, log, what="Redis")


def test_a_server_that_never_answers_is_an_error(tmp_path: Path) -> None:
    log = tmp_path / "log"
    silent = pytest.raises(UnavailableError, match="gave no answer within 0 s: it wrote nothing")
    with running(["sleep", "600"], log) as server, silent:
        wait_until(lambda: False, server, log, what="Redis", seconds=0.0)


def test_free_ports_are_different_and_free() -> None:
    ports = free_ports(50)
    assert len(set(ports)) == 50
    assert all(is_free(port) for port in ports)


def test_a_command_that_does_not_end_has_failed() -> None:
    assert finished(["sleep", "600"], seconds=0.05) == (False, "sleep did not end within 0.05 s")


def test_what_a_command_said_on_both_streams_is_one_line() -> None:
    assert finished(["sh", "-c", "echo one; echo two >&2; false"], seconds=20) == (False, "one two")

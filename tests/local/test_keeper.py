import fcntl
import os
import socket
import subprocess
from pathlib import Path

import pytest

from detector.local import keeper
from detector.local.process import free_ports


def test_nothing_is_stopped_where_nothing_runs(tmp_path: Path) -> None:
    assert not keeper.down(tmp_path)


def test_a_pid_file_that_nobody_locks_is_nobodys(tmp_path: Path) -> None:
    folder = tmp_path / ".cache" / "servers"
    folder.mkdir(parents=True)
    (folder / "keeper.pid").write_text(str(os.getpid()))
    assert not keeper.down(tmp_path)


def addresses(kafka: int, redis: int) -> str:
    return f"DETECTOR_BROKERS=127.0.0.1:{kafka}\nDETECTOR_REDIS_URL=redis://127.0.0.1:{redis}/0\n"


def test_servers_that_run_are_not_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.Popen", None)
    folder = tmp_path / ".cache" / "servers"
    folder.mkdir(parents=True)
    with (
        (folder / "keeper.pid").open("w") as pid_file,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        told = addresses(*[server.getsockname()[1]] * 2)
        (folder / "addresses").write_text(told)
        pid_file.write("1")
        pid_file.flush()
        fcntl.flock(pid_file, fcntl.LOCK_EX)
        assert keeper.up(tmp_path) == told


def test_a_keeper_ends_with_whatever_ends_the_waiting_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def interrupted(_ready: object, server: subprocess.Popen[bytes], *_: object, **__: object) -> None:
        started.append(server)
        raise KeyboardInterrupt

    monkeypatch.setattr(keeper, "wait_until", interrupted)
    with pytest.raises(KeyboardInterrupt):
        keeper.up(tmp_path)
    assert started[0].returncode is not None


def test_a_port_that_was_taken_is_told() -> None:
    assert keeper._taken("Kafka", 9092, 9092) == ""
    told = keeper._taken("Kafka", 9092, 23_456)
    assert told == "# port 9092 is taken: Kafka listens on 23456\n"
    assert [] == keeper._silent(told)


def test_who_does_not_answer_is_known_by_the_address() -> None:
    (nobody,) = free_ports(1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        here = server.getsockname()[1]
        assert [f"redis://127.0.0.1:{nobody}/0"] == keeper._silent(addresses(here, nobody))
        assert [f"127.0.0.1:{nobody}"] == keeper._silent(addresses(nobody, here))

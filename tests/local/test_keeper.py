import fcntl
import os
from pathlib import Path

import pytest

from detector.local import keeper


def test_nothing_is_stopped_where_nothing_runs(tmp_path: Path) -> None:
    assert not keeper.down(tmp_path)


def test_a_pid_file_that_nobody_locks_is_nobodys(tmp_path: Path) -> None:
    folder = tmp_path / ".cache" / "servers"
    folder.mkdir(parents=True)
    (folder / "keeper.pid").write_text(str(os.getpid()))
    assert not keeper.down(tmp_path)


def test_servers_that_run_are_not_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.Popen", None)
    folder = tmp_path / ".cache" / "servers"
    folder.mkdir(parents=True)
    (folder / "addresses").write_text("DETECTOR_BROKERS=127.0.0.1:9092\n")
    with (folder / "keeper.pid").open("w") as pid_file:
        pid_file.write("1")
        pid_file.flush()
        fcntl.flock(pid_file, fcntl.LOCK_EX)
        assert keeper.up(tmp_path) == "DETECTOR_BROKERS=127.0.0.1:9092\n"

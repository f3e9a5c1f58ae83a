"""Servers that the test processes have together: one start, and a stop when the last has done with it."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLongError
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.integration.together import together


def test_a_server_is_started_once_and_stopped_when_nobody_uses_it(tmp_path: Path) -> None:
    told: list[str] = []

    @contextmanager
    def served() -> Generator[str]:
        told.append("started")
        yield f"server {told.count('started')}"
        told.append("stopped")

    first, second, third = (together(tmp_path, "server", served) for _ in range(3))
    assert "server 1" == first.__enter__()
    assert "server 1" == second.__enter__()
    with ThreadPoolExecutor() as apart:
        ending = apart.submit(first.__exit__, None, None, None)
        with pytest.raises(TooLongError):
            ending.result(timeout=0.2)
        assert ["started"] == told
        second.__exit__(None, None, None)
        ending.result(timeout=10)
    assert ["started", "stopped"] == told
    with third as address:
        assert "server 2" == address


def test_a_start_that_fails_is_the_next_ones_to_try_again(tmp_path: Path) -> None:
    @contextmanager
    def failing() -> Generator[str]:
        if not (tmp_path / "port").exists():
            raise OSError("no port")
        yield ""

    @contextmanager
    def served() -> Generator[str]:
        yield "there"

    with pytest.raises(OSError, match="no port"), together(tmp_path, "server", failing):
        pass
    with together(tmp_path, "server", served) as address:
        assert "there" == address

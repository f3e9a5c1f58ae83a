"""How many processes work is divided among where nobody said: cores that may be used, and not too many."""

import asyncio
from pathlib import Path

import pytest

from detector import children
from detector.cli import main
from detector.settings import Settings
from detector.stream import processes


@pytest.fixture
def quota(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Eight cores, and where a container's share of them would be told."""
    path = tmp_path / "cpu.max"
    monkeypatch.setattr(children, "_QUOTA", path)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(8)), raising=False)
    return path


@pytest.mark.parametrize(
    ("told", "cores", "processes"),
    [
        (None, 8, 4),
        ("max 100000\n", 8, 4),
        ("200000 100000\n", 2, 2),
        ("250000 100000\n", 3, 3),
        ("50000 100000\n", 1, 1),
        ("6400000 100000\n", 8, 4),
    ],
)
def test_a_container_has_its_share_of_the_cores(
    quota: Path, told: str | None, cores: int, processes: int
) -> None:
    if told is not None:
        quota.write_text(told)
    assert (cores, processes) == (children.cores(), children.processes_by_cores())


@pytest.mark.parametrize(("options", "expected"), [((), 3), (("--processes", "2"), 2)])
def test_a_worker_begins_as_many_as_that_unless_told(
    quota: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], expected: int
) -> None:
    quota.write_text("300000 100000\n")
    begun = []

    async def serve(_: Settings, count: int, __: processes.Target) -> None:
        await asyncio.sleep(0)
        begun.append(count)

    monkeypatch.setattr(processes, "serve_in_processes", serve)
    assert 0 == main(["worker", *options])
    assert [expected] == begun

"""A worker of several processes: one port, one end, and nothing left behind."""

import asyncio
import signal
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from tests.integration.live import Live, Worker

SHARDS = 10
PATIENCE_S = 30.0


@pytest.fixture
def live(kafka: str, redis_url: str, names: str, tmp_path: Path) -> Live:
    return Live(kafka, redis_url, names, tmp_path, {"DETECTOR_PROCESSES": "2"})


def status(worker: Worker, page: str) -> int:
    """Return what a page answers with, 0 where nobody does."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{worker.port}{page}", timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def serving(worker: Worker) -> list[psutil.Process]:
    """Return the processes that serve, once they do."""
    worker.until(lambda: status(worker, "/readyz") == 200 and worker.owned() == SHARDS)
    children = psutil.Process(worker.process.pid).children()
    return [child for child in children if "resource_tracker" not in " ".join(child.cmdline())]


async def test_they_share_the_partitions_behind_one_port_and_stop_in_order(live: Live) -> None:
    await live.create(live.events)
    with live.worker() as worker:
        members = await asyncio.to_thread(serving, worker)
        assert 2 == len(members)
        assert 200 == status(worker, "/healthz")
        members[1].send_signal(signal.SIGSTOP)
        pages = ("/metrics", "/healthz", "/readyz")
        said = await asyncio.gather(*(asyncio.to_thread(status, worker, page) for page in pages))
        assert [503] * len(pages) == said
        members[1].send_signal(signal.SIGCONT)
        await asyncio.to_thread(serving, worker)
        assert 0 == worker.stop()
        assert ([], members) == psutil.wait_procs(members, PATIENCE_S)[::-1]


async def test_one_that_dies_ends_the_worker_with_a_word(live: Live) -> None:
    await live.create(live.events)
    with live.worker() as worker:
        members = await asyncio.to_thread(serving, worker)
        members[0].kill()
        assert 1 == worker.process.wait(PATIENCE_S)
        assert "a process of the worker ended, by signal 9" in worker.log.read_text()
        assert [] == psutil.wait_procs(members, PATIENCE_S)[1]


async def test_none_outlives_a_worker_that_is_killed(live: Live) -> None:
    await live.create(live.events)
    with live.worker() as worker:
        members = await asyncio.to_thread(serving, worker)
        worker.kill()
        assert [] == psutil.wait_procs(members, PATIENCE_S)[1]

"""Several processes as one: one port, one end, and nothing left behind; what they do is no matter here."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest
from aiohttp import ClientError, ClientSession, web
from prometheus_client import CollectorRegistry, generate_latest

from detector.errors import DetectorError, InputError, UnavailableError
from detector.local.process import free_ports
from detector.metrics import Metrics
from detector.settings import Settings
from detector.stream.processes import serve_in_processes

PATIENCE_S = 30.0
PAGES = ("/metrics", "/healthz", "/readyz")
ROOT = Path(__file__).parents[2]
PARENT = """
import asyncio, sys
from detector.settings import Settings
from detector.stream.processes import serve_in_processes
from tests.stream.test_processes import serving
asyncio.run(serve_in_processes(Settings(metrics_port=int(sys.argv[1])), 2, serving))
"""


def serving(settings: Settings, socket: Path) -> None:
    """Serve pages until SIGTERM; what is counted are the rows that it may keep."""
    registry = CollectorRegistry()
    Metrics(registry).events.labels("request").inc(settings.rows_in_memory)

    async def page(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(registry))

    app = web.Application()
    app.add_routes([web.get(path, page) for path in PAGES])
    web.run_app(app, path=str(socket), print=None, access_log=None)


def failing(settings: Settings, _: Path) -> None:
    raise InputError(f"{settings.instance} cannot go on")


def dying(_: Settings, __: Path) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def settings(instance: str | None = None) -> Settings:
    (port,) = free_ports(1)
    return Settings(metrics_port=port, rows_in_memory=10, instance=instance)


def children(of: int | None = None) -> list[psutil.Process]:
    """The processes that serve, among all that were started and not waited for."""
    running = [child for child in psutil.Process(of).children() if child.status() != psutil.STATUS_ZOMBIE]
    return [child for child in running if any("spawn_main" in word for word in child.cmdline())]


def gone(processes: list[psutil.Process]) -> bool:
    return not psutil.wait_procs(processes, PATIENCE_S)[1]


async def status(port: int, page: str) -> tuple[int, str]:
    """What a page answers, 0 where nobody does."""
    try:
        async with ClientSession() as session, session.get(f"http://127.0.0.1:{port}{page}") as got:
            return got.status, await got.text()
    except (ClientError, OSError):
        return 0, ""


async def until_ready(port: int) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while (await status(port, "/readyz"))[0] != 200:  # noqa: ASYNC110  # another process sets no event
            await asyncio.sleep(0.02)


@asynccontextmanager
async def running(chosen: Settings) -> AsyncIterator["asyncio.Task[None]"]:
    """Serve in two processes until SIGTERM."""
    serves = asyncio.create_task(serve_in_processes(chosen, 2, serving))
    await until_ready(chosen.metrics_port)
    yield serves
    await asyncio.wait({serves}, timeout=PATIENCE_S)


async def test_they_answer_as_one_and_stop_in_order() -> None:
    chosen = settings()
    async with running(chosen) as serves:
        members = children()
        assert 2 == len(members)
        code, page = await status(chosen.metrics_port, "/metrics")
        assert (200, True) == (code, 'detector_events_total{type="request"} 10.0' in page)
        os.kill(os.getpid(), signal.SIGTERM)
    assert serves.result() is None
    assert gone(members)


async def test_while_one_does_not_answer_nothing_is_said_of_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("detector.stream.front.PATIENCE_S", 0.2)
    chosen = settings()
    async with running(chosen):
        first, _ = children()
        first.suspend()
        assert [503] * 3 == [(await status(chosen.metrics_port, page))[0] for page in PAGES]
        first.resume()
        await until_ready(chosen.metrics_port)
        os.kill(os.getpid(), signal.SIGTERM)


async def test_one_that_is_killed_ends_them_all_with_a_word() -> None:
    async with running(settings()) as serves:
        members = children()
        members[1].kill()
    with pytest.raises(DetectorError, match="a process of the worker ended, by signal 9"):
        serves.result()
    assert gone(members)


async def test_an_error_of_one_is_the_workers_own() -> None:
    with pytest.raises(InputError, match=r"pod-[01] cannot go on"):
        await asyncio.wait_for(serve_in_processes(settings("pod"), 2, failing), PATIENCE_S)
    assert [] == children()


async def test_one_that_says_nothing_is_told_by_how_it_ended() -> None:
    with pytest.raises(DetectorError, match="by signal 9"):
        await asyncio.wait_for(serve_in_processes(settings(), 2, dying), PATIENCE_S)


async def test_a_port_in_use_is_named_before_any_begins() -> None:
    chosen = settings()
    async with running(chosen):
        with pytest.raises(UnavailableError, match=f"port {chosen.metrics_port} "):
            await serve_in_processes(chosen, 2, serving)
        assert 2 == len(children())
        os.kill(os.getpid(), signal.SIGTERM)


def test_none_outlives_a_parent_that_is_killed() -> None:
    (port,) = free_ports(1)
    with subprocess.Popen([sys.executable, "-c", PARENT, str(port)], cwd=ROOT) as parent:  # noqa: S603  # the above
        try:
            asyncio.run(until_ready(port))
            members = children(parent.pid)
            assert 2 == len(members)
        finally:
            parent.kill()
    assert gone(members)

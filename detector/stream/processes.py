"""One worker as several processes, for a machine with several cores.

Each is a member of the group with partitions of its own; all answer behind one port.

They start and end together: one that ends by itself ends the others in order, and whoever keeps the worker
running starts it again. None outlives the process that started them.
"""

import asyncio
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as until_any
from pathlib import Path
from typing import TYPE_CHECKING, Final

from detector.children import deaf_to_interrupts, end_with_parent
from detector.errors import DetectorError
from detector.logs import get_logger
from detector.settings import Settings
from detector.stream.front import Front
from detector.stream.port import check_port
from detector.stream.signals import STOP_S, set_by_signals

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

log = get_logger(__name__)

PATIENCE_S: Final = STOP_S + 5.0
"""How long all may take to stop, less than the 30 s that Kubernetes gives; then they are killed."""

Target = Callable[[Settings, Path], None]
"""Serves until SIGTERM, its pages at a Unix socket; a function that a new process can import."""


@dataclass(frozen=True, slots=True)
class _Member:
    """A process, and where the error comes from that it ends with."""

    process: "SpawnProcess"
    words: Connection

    def error(self) -> DetectorError:
        """Return what it ended with, though nobody asked it to."""
        self.process.join()
        try:
            if self.words.poll():
                said = self.words.recv()
                if isinstance(said, DetectorError):
                    return said
        except (EOFError, OSError):
            pass
        return DetectorError(
            f"a process of the worker ended, {self._how()}; its log lines say why, if it had the time"
        )

    def _how(self) -> str:
        code = self.process.exitcode
        return f"by signal {-code}" if code is not None and code < 0 else f"with code {code}"


async def serve_in_processes(settings: Settings, count: int, target: Target) -> None:
    """Run `count` processes of `target` until SIGTERM or SIGINT.

    Raises `DetectorError` where one of them cannot go on.
    """
    check_port(settings.metrics_port)
    asked = asyncio.Event()
    with tempfile.TemporaryDirectory(prefix="detector-") as folder, set_by_signals(asked):
        webs = [Path(folder) / f"{number}.sock" for number in range(count)]
        with _running(settings, target, webs) as members:
            async with Front(webs).serving(settings.metrics_port):
                failed = await _first_end(members, asked)
                await asyncio.to_thread(_stop, members)
    if failed is not None:
        raise failed.error()


@contextmanager
def _running(settings: Settings, target: Target, webs: list[Path]) -> Generator[list[_Member]]:
    context = multiprocessing.get_context("spawn")
    members = []
    try:
        for number, web in enumerate(webs):
            words, tell = context.Pipe(duplex=False)
            process = context.Process(
                target=_member, args=(_share(settings, number, len(webs)), target, web, tell), daemon=True
            )
            with deaf_to_interrupts():
                process.start()
            tell.close()  # its own end is the child's: what it says ends with it
            members.append(_Member(process, words))
        yield members
    finally:
        for member in members:
            member.process.kill()
            member.process.join()


def _share(settings: Settings, number: int, count: int) -> Settings:
    """Return the settings of one of `count` processes: a name of its own, and its part of the memory."""
    return replace(
        settings,
        instance=None if settings.instance is None else f"{settings.instance}-{number}",
        rows_in_memory=max(settings.rows_in_memory // count, 1),
    )


async def _first_end(members: list[_Member], asked: asyncio.Event) -> _Member | None:
    """Wait until one ends by itself, and return it; None where all are asked to end."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for member in members:
        loop.add_reader(member.process.sentinel, ended.set)
    waits = [asyncio.create_task(event.wait()) for event in (asked, ended)]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    for member in members:
        loop.remove_reader(member.process.sentinel)
    gone = until_any([member.process.sentinel for member in members], timeout=0)
    return None if asked.is_set() else next(each for each in members if each.process.sentinel in gone)


def _stop(members: list[_Member]) -> None:
    """Stop all in order; those that take too long are killed by whoever started them."""
    for member in members:
        member.process.terminate()
    deadline = time.monotonic() + PATIENCE_S
    for member in members:
        member.process.join(max(deadline - time.monotonic(), 0.0))
        if member.process.is_alive():
            log.error("a process did not stop and is killed: what it did not commit is done again")


def _member(settings: Settings, target: Target, web: Path, tell: Connection) -> None:
    """Be one of the processes."""
    os.setpgid(0, 0)  # what a terminal sends reaches whole process groups; the parent passes it on
    end_with_parent()
    try:
        target(settings, web)
    except DetectorError as error:
        tell.send(error)

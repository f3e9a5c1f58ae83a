"""Processes that a replay shares its accounts among, and what is done in them.

What a process is sent must be a function of a module; it keeps its part of the accounts in `_OWN`.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Self, TypeVar

import numpy as np

from detector.cells import CellBlock, decode_cells, encode_cells
from detector.children import deaf_to_interrupts, end_with_parent
from detector.errors import DetectorError
from detector.events import Rejected
from detector.findings import Block, decode_block, encode_block
from detector.memory import suit_batches
from detector.replay.engine import Part, Told
from detector.replay.portions import Portion
from detector.replay.records import FileRecord
from detector.stages.accounts import Counts
from detector.stages.assemble import Workshop
from detector.stages.kernels import warm_up

T = TypeVar("T")

_STUCK_S: Final = 2.0
"""Whoever looks after a process that died and has not ended by then never will."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a process says of a batch: the frontier, Unix ms, and what is sent on, as it travels live."""

    findings: bytes
    cells: bytes
    newest: int
    refused: list[tuple[int, Rejected]]
    """What is no event, each by its place among the lines that were given, or its number in the file."""
    counts: Counts

    @property
    def told(self) -> Told:
        """What the stages behind hear."""
        block = decode_block(self.findings)
        return Told(block.frontier, list(block.findings), list(decode_cells(self.cells).cells))


@dataclass(slots=True)
class _Own:
    """What a process has of its own; a function that it is sent finds it nowhere else."""

    workshop: Workshop | None = None
    part: Part | None = None


_OWN: Final = _Own()


class Processes:
    """`count` processes, each with a workshop that `make` gives it: a function that they can import."""

    def __init__(self, count: int, make: Callable[[], Workshop]) -> None:
        self.count = count
        self._pools = [
            ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(make,))
            for _ in range(count)
        ]

    def __enter__(self) -> Self:
        """Start them; they load what they need meanwhile."""
        with deaf_to_interrupts():
            for pool in self._pools:
                pool.submit(_nothing)
        return self

    def __exit__(self, *_: object) -> None:
        """End them, once what they are at is done."""
        for pool in self._pools:
            _let_go(pool)
            pool.shutdown(cancel_futures=True)

    def submit(self, number: int, task: Callable[..., T], *arguments: object) -> Future[T]:
        """Have a process do something after all that it was given before."""
        with reporting():
            return self._pools[number].submit(task, *arguments)


@contextmanager
def reporting() -> Iterator[None]:
    """Say in a person's words that a process died, as `DetectorError`."""
    try:
        yield
    except BrokenProcessPool as error:
        raise DetectorError(
            "a process of the replay ended before its work was done: was there memory enough? "
            "--processes 1 takes the least"
        ) from error


def _let_go(pool: ProcessPoolExecutor) -> None:
    """Forget what waits to be sent to a process that died, which would be waited for without end.

    CPython issue 94777, seen with 3.11.2; newer Pythons do this themselves, at once.
    """
    manager: Any = pool._executor_manager_thread  # noqa: SLF001  # there is no other way
    if pool._broken and manager is not None:  # noqa: SLF001
        manager.join(_STUCK_S)
        if manager.is_alive():
            pool._call_queue._reader.close()  # type: ignore[attr-defined]  # noqa: SLF001


def _begin(make: Callable[[], Workshop]) -> None:
    """Get ready, in a process of one's own."""
    end_with_parent()
    suit_batches()
    _OWN.workshop = make()
    warm_up()


def _nothing() -> None:
    """Let a process start."""


def take(lateness_ms: int, lines: bytes, frontier: int) -> Said:
    """Judge the events in `lines`; nothing before `frontier` comes behind them."""
    records = [FileRecord(line) for line in lines.split(b"\n")] if lines else []
    return _taken(lateness_ms, records, range(len(records)), frontier)


def take_portion(
    lateness_ms: int, portion: Portion, first_line: int, parts: bytes, number: int, frontier: int
) -> Said:
    """Judge those lines of a portion whose `parts` have this process' `number`."""
    batch = portion.batch(first_line, np.frombuffer(parts, np.uint8) == number)
    said = _taken(lateness_ms, batch.records, batch.numbers, frontier)
    said.refused.extend((line.number, line.why) for line in batch.unread)
    return said


def close(lateness_ms: int, frontier: int) -> Said:
    """Judge all that was taken and lies before `frontier`."""
    part = _own(lateness_ms)
    return _said(part, part.close(frontier), [])


def _taken(lateness_ms: int, records: Sequence[FileRecord], names: Sequence[int], frontier: int) -> Said:
    part = _own(lateness_ms)
    told, refused = part.take(records, frontier)
    named = dict(zip(map(id, records), names, strict=True)) if refused.rejected else {}
    return _said(part, told, [(named[id(record)], why) for record, why in refused.rejected])


def _own(lateness_ms: int) -> Part:
    if _OWN.part is None:
        if _OWN.workshop is None:
            raise DetectorError("a process of the replay was not begun")
        _OWN.workshop.lateness_ms = lateness_ms
        _OWN.part = Part(_OWN.workshop)
    return _OWN.part


def _said(part: Part, told: Told, refused: list[tuple[int, Rejected]]) -> Said:
    return Said(
        encode_block(Block(0, 1, told.frontier, tuple(told.findings))),
        encode_cells(CellBlock(0, 1, told.frontier, tuple(told.cells))),
        part.newest,
        refused,
        part.take_counts(),
    )

"""A replay in several processes: each judges some of the accounts, and this one joins what they tell.

Accounts are divided as among the partitions of the live service, so that the alerts are the same.
"""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Self, TypeVar
from zlib import crc32

import msgspec

from detector.cells import CellBlock, decode_cells, encode_cells
from detector.children import deaf_to_interrupts, end_with_parent
from detector.errors import DetectorError
from detector.events import Rejected
from detector.findings import Block, decode_block, encode_block
from detector.memory import collect_rarely
from detector.replay.engine import Behind, Chosen, Outcome, Part, Summary, Told
from detector.replay.inputs import Batch, FileRecord
from detector.stages.accounts import Counts
from detector.stages.assemble import Workshop
from detector.stages.kernels import warm_up

T = TypeVar("T")

_STUCK_S: Final = 2.0
"""Whoever looks after a process that died and has not ended by then never will."""
_AHEAD: Final = 3
"""Batches that each process may have before it: enough never to wait, few enough for memory."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a process says of a batch: the frontier, Unix ms, and what is sent on, as it travels live."""

    findings: bytes
    cells: bytes
    newest: int
    refused: list[tuple[int, Rejected]]
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


@dataclass(frozen=True, slots=True)
class _Sent:
    """A batch that was divided: where each process' records stand among it, and what it will say."""

    batch: Batch
    records: Sequence[FileRecord]
    places: list[list[int]]
    said: list[Future[Said]]


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
        with _reporting():
            return self._pools[number].submit(task, *arguments)


class DividedEngine:
    """As `detector.replay.Engine`, over several processes: a batch is done a little later than it is read."""

    def __init__(self, processes: Processes, workshop: Workshop) -> None:
        self._processes = processes
        self._behind = Behind(workshop, processes.count)
        self._lateness_ms = workshop.lateness_ms
        self._frontier = self._newest = 0

    @property
    def summary(self) -> Summary:
        """What was seen so far."""
        return self._behind.summary

    def run(self, batches: Iterable[Batch], chosen: Chosen) -> Iterator[Outcome]:
        """Judge what is chosen of the batches, to the end; raises `DetectorError` where a process dies."""
        sent: deque[_Sent] = deque()
        for batch in batches:
            sent.append(self._divide(batch, chosen(batch.records)))
            if len(sent) > _AHEAD:
                yield self._heard(sent.popleft())
        while sent:
            yield self._heard(sent.popleft())
        yield self._heard(self._end())

    def _divide(self, batch: Batch, records: Sequence[FileRecord]) -> _Sent:
        places: list[list[int]] = [[] for _ in range(self._processes.count)]
        for place, number in enumerate(divided(records, len(places))):
            places[number].append(place)
        said = []
        for number, own in enumerate(places):
            lines = b"\n".join([records[place].value for place in own])
            said.append(self._processes.submit(number, _take, self._lateness_ms, lines, self._frontier))
        return _Sent(batch, records, places, said)

    def _end(self) -> _Sent:
        """Let everything be closed that was taken."""
        end = self._newest + 1
        count = self._processes.count
        said = [self._processes.submit(number, _close, self._lateness_ms, end) for number in range(count)]
        return _Sent(Batch(), [], [[] for _ in said], said)

    def _heard(self, sent: _Sent) -> Outcome:
        """Wait for what is said of a batch, and decide what is due by it."""
        refused = []
        for number, (own, future) in enumerate(zip(sent.places, sent.said, strict=True)):
            with _reporting():
                said = future.result()
            told = said.told
            self._behind.hear(number, told)
            self._behind.summary.count(said.counts)
            self._frontier = max(self._frontier, told.frontier)
            self._newest = max(self._newest, said.newest)
            refused += [(sent.records[own[place]], why) for place, why in said.refused]
        unread = [*sent.batch.unread, *sent.batch.refused(refused)]
        unread.sort(key=lambda line: (line.file, line.number))
        return Outcome(self._behind.decide(), unread, self._behind.take_shadow())


class _Home(msgspec.Struct, gc=False):
    """Whose an event is; see `SessionEvent.home`."""

    ip: str
    account_id: str | None = None


_HOME: Final = msgspec.json.Decoder(_Home)


def divided(records: Sequence[FileRecord], count: int) -> list[int]:
    """Return to which of `count` parts each record belongs: all of an account, or a visitor, to one.

    What is no event belongs anywhere.
    """
    homes = _homes([record.value for record in records])
    return [0 if home is None else crc32((home.account_id or home.ip).encode()) % count for home in homes]


def _homes(values: Sequence[bytes]) -> Sequence[_Home | None]:
    try:
        homes = _HOME.decode_lines(b"\n".join(values))
    except (msgspec.MsgspecError, RecursionError, ValueError):
        homes = []
    return homes if len(homes) == len(values) else [_home(value) for value in values]


def _home(value: bytes) -> _Home | None:
    try:
        return _HOME.decode(value)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return None


@contextmanager
def _reporting() -> Iterator[None]:
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
    collect_rarely()
    _OWN.workshop = make()
    warm_up()


def _nothing() -> None:
    """Let a process start."""


def _take(lateness_ms: int, lines: bytes, frontier: int) -> Said:
    """Judge the events in `lines`; nothing before `frontier` comes behind them."""
    part = _own(lateness_ms)
    records = [FileRecord(line) for line in lines.split(b"\n")] if lines else []
    told, refused = part.take(records, frontier)
    places = {id(record): place for place, record in enumerate(records)} if refused.rejected else {}
    return _said(part, told, [(places[id(record)], why) for record, why in refused.rejected])


def _close(lateness_ms: int, frontier: int) -> Said:
    part = _own(lateness_ms)
    return _said(part, part.close(frontier), [])


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

"""Gathering: what several senders send, held until all of them have closed its moment, then given in order.

Each block names its sender, how many there are, and the sender's frontier; what comes out does not depend on
how the senders' blocks were cut or interleaved.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Generic, Protocol, TypeVar

import msgspec


class Timed(Protocol):
    """What can be gathered."""

    @property
    def time(self) -> int:
        """Event time, Unix ms."""
        ...

    @property
    def order(self) -> Any:  # noqa: ANN401  # any tuple that begins with the time and compares
        """Its place among all others; equal places are the same thing sent twice."""
        ...


T = TypeVar("T", bound=Timed)


class Standing(msgspec.Struct, frozen=True):
    """Where a receiver stands: kept with its committed offset, or with its checkpoint.

    What lies before `frontier` was given out; `senders` are the frontiers of those who send, by number.
    """

    frontier: int = 0
    senders: dict[int, int] = {}


class Gathering(Generic[T]):
    """What one partition of blocks has brought and is not closed yet."""

    def __init__(self) -> None:
        self._senders: dict[int, int] = {}
        self._expected = 0
        self._waiting: list[tuple[int, T]] = []
        self.closed_to = 0
        self.position = 0

    def restore(self, standing: Standing, position: int) -> None:
        """Take up where a commit left off; the caller then reads on from `position`.

        How many senders there are, the next block says: at the commit not all of them may have been heard.
        """
        self.closed_to = standing.frontier
        self._senders = dict(standing.senders)
        self.position = position

    @property
    def standing(self) -> Standing:
        """What to keep."""
        return Standing(self.closed_to, dict(self._senders))

    @property
    def frontier(self) -> int:
        """Up to where every sender has sent; 0 while one was not heard, or no block since a restart."""
        if self._expected == 0 or len(self._senders) < self._expected:
            return 0
        return min(self._senders.values())

    @property
    def resume(self) -> int:
        """The offset to read from again: the oldest block with something that waits."""
        return min((offset for offset, _ in self._waiting), default=self.position)

    @property
    def held(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def read(self, offset: int, sender: int, senders: int, frontier: int, sent: Sequence[T]) -> int:
        """Take a block, which lies at `offset`; return how much of it lies before what was given out.

        That is not taken: of a block that was read before it was given out then, of any other it is too late.
        """
        self._expected = senders
        self._senders[sender] = max(self._senders.get(sender, 0), frontier)
        taken = [(offset, each) for each in sent if each.time >= self.closed_to]
        self._waiting += taken
        self.position = max(self.position, offset + 1)
        return len(sent) - len(taken)

    def close(self) -> list[T]:
        """Give out what every sender has closed, in order, each once."""
        frontier = self.frontier
        if frontier <= self.closed_to:
            return []
        ready = [each for _, each in self._waiting if each.time < frontier]
        self._waiting = [entry for entry in self._waiting if entry[1].time >= frontier]
        self.closed_to = frontier
        return list(_each_once(sorted(ready, key=lambda each: each.order)))


def _each_once(sent: Iterable[T]) -> Iterable[T]:
    """Drop what repeats its neighbour: a sender that took over may send something again."""
    before = None
    for each in sent:
        if before is None or each.order != before:
            yield each
        before = each.order

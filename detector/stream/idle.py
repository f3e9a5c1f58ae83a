"""Quiet partitions: when one closes what it holds, and up to where.

A pause of the worker looks like a quiet partition. So quiet is not only that nothing came for the idle
time-out: after it the other partitions' frontiers are sampled, and then two more polls at the end of the log
must find nothing. What is closed up to is a number, and a promise: it is committed before anything follows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiokafka.structs import TopicPartition

POLLS: Final = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one partition of the events is: its frontier, its newest moment, and whether it is quiet."""

    frontier: int
    newest: int
    quiet: bool


def quiet_frontier(own: TopicPartition, standings: Mapping[TopicPartition, Standing]) -> int:
    """Return up to where a quiet partition may close, Unix ms.

    The smallest frontier of the others that are not quiet; where all are, just past the newest moment of all.
    """
    busy = [each.frontier for name, each in standings.items() if name != own and not each.quiet]
    if busy:
        return min(busy)
    return max((each.newest for each in standings.values()), default=-1) + 1


@dataclass(slots=True)
class Quiet:
    """The watch over one partition; `now` is a monotonic clock in seconds."""

    timeout_s: float
    since: float
    target: int | None = None
    polls: int = 0
    quiet: bool = False

    def heard(self, now: float) -> None:
        """Note that messages came, or that the end of the log was not reached."""
        self.since, self.target, self.polls, self.quiet = now, None, 0, False

    def due(self, now: float) -> bool:
        """Return whether the others' frontiers are to be sampled."""
        return self.target is None and (self.quiet or now - self.since >= self.timeout_s)

    def sampled(self, target: int) -> None:
        """Note up to where the others let it close; polls are counted from here."""
        self.target, self.polls = target, 0

    def found_nothing(self) -> int | None:
        """Count a poll that found nothing more; return up to where to close, if it is time."""
        if self.target is None:
            return None
        self.polls += 1
        if self.polls < POLLS:
            return None
        target, self.target, self.quiet = self.target, None, True
        return target

"""What a partition has sent on that nobody can use yet, because other partitions are not so far.

A receiver closes a moment when every sender has closed it, so what was sent with times at or after the
slowest partition's frontier waits in its memory. A partition that runs far ahead of the slowest is not read
further while more than a bound of what it sent is outstanding.

No partition waits for ever:
- what a partition sends lies before its own frontier, so the slowest has nothing outstanding and is read on;
- it moves, until another is the slowest, or until its log ends: then it is quiet after the idle time-out, and
  holds nobody back, since a quiet partition follows those that are not;
- a partition that is not read is never called quiet (`QuietWatch`), so it cannot close what it did not read;
- one that nobody owns at the moment stands still: the others wait at the bound until it is taken over.
"""

from collections import deque
from collections.abc import Iterable
from typing import Final

from detector.stream.idle import Standing

MOST_OUTSTANDING: Final = 100_000
"""Of all partitions together. A finding with its evidence takes about 3 KB at its receiver."""
LEAST_OUTSTANDING: Final = 1_000
"""Of one partition, however many there are: what it sends in a few commits."""


class Outstanding:
    """Counts what one of `partitions` has sent on, by the frontiers of its commits (Unix ms)."""

    def __init__(self, partitions: int) -> None:
        self._most = max(LEAST_OUTSTANDING, MOST_OUTSTANDING // partitions)
        self._sent: deque[tuple[int, int]] = deque()
        self.count = 0

    def sent(self, number: int, frontier: int) -> None:
        """Note a commit of `number` things, all with times before `frontier`."""
        if number:
            self._sent.append((frontier, number))
            self.count += number

    def passed(self, slowest: int) -> None:
        """Forget what lies before the slowest partition's frontier: nothing of it waits any longer."""
        while self._sent and self._sent[0][0] <= slowest:
            self.count -= self._sent.popleft()[1]

    @property
    def many(self) -> bool:
        """Whether it is time to ask how far the others are."""
        return self.count > self._most // 2

    @property
    def too_many(self) -> bool:
        """Whether the partition must wait for the others."""
        return self.count > self._most


def slowest_frontier(standings: Iterable[Standing]) -> int:
    """Return the smallest frontier of the partitions that are not quiet; where all are, the largest."""
    everyone = list(standings)
    busy = [each.frontier for each in everyone if not each.quiet]
    return min(busy) if busy else max((each.frontier for each in everyone), default=0)

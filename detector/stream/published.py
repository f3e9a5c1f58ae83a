"""What of a partition had been published before its owner took it over: none of it goes out again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from detector.stream.offsets import Committed
from detector.stream.progress import IdleStep, Progress


class Saved(Protocol):
    """What every checkpoint says: where reading resumes, what was read, and what event time was folded."""

    @property
    def resume(self) -> int: ...  # noqa: D102  # see the class
    @property
    def position(self) -> int: ...  # noqa: D102
    @property
    def frontier(self) -> int: ...  # noqa: D102


@dataclass(slots=True)
class Published:
    """`offset` was the next to be read, `frontier` (Unix ms) how far event time was published.

    `steps` are idle steps that were taken since the last checkpoint, to be gone through again.
    """

    offset: int = 0
    frontier: int = 0
    steps: list[IdleStep] = field(default_factory=list)

    @classmethod
    def of(cls, committed: Committed | None) -> "Published":
        """Read it from what is committed; raises `StateError` for another program's metadata."""
        if committed is None:
            return cls()
        progress = Progress.decode(committed.metadata)
        return cls(committed.offset, progress.frontier, list(progress.steps))

    def include(self, checkpoint: Saved) -> None:
        """Take in a checkpoint, which is never ahead of what was published, unless offsets were reset."""
        self.offset = max(self.offset, checkpoint.position)
        self.frontier = max(self.frontier, checkpoint.frontier)

    def passed(self, frontier: int) -> None:
        """Note that everything before `frontier` is published now."""
        self.frontier = max(self.frontier, frontier)

    def steps_to(self, position: int) -> Iterator[IdleStep]:
        """Take the steps that were taken before the message at `position` was read."""
        while self.steps and self.steps[0].offset <= position:
            yield self.steps.pop(0)

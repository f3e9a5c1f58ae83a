"""What of a partition had been published before its owner took it over: none of it goes out again."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from detector.stages.accounts import Checkpoint
from detector.stream.offsets import Committed
from detector.stream.progress import IdleStep, Progress


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

    def include(self, checkpoint: Checkpoint) -> None:
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

"""What comes into a shard of accounts: records of the log become closed events, as they did the first time.

A take-over reads again what was read before, through the idle steps of then, and nothing of it is sent or
counted a second time.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from aiokafka import ConsumerRecord
from aiokafka.structs import TopicPartition

from detector.stages.accounts import Accounts
from detector.stream.letters import Letters
from detector.stream.outbox import Outbox
from detector.stream.progress import IdleStep
from detector.stream.published import Published

if TYPE_CHECKING:
    from detector.stages.order import Ordered

MOST_STEPS: Final = 40
"""Idle steps that fit into an offset's metadata; a checkpoint makes room."""


class Intake:
    """Reads into `stage`; `closed` are events that wait to be judged, `steps` the idle steps to commit."""

    def __init__(self, stage: Accounts, source: TopicPartition, letters: Letters) -> None:
        self._stage = stage
        self._source = source
        self._letters = letters
        self.published = Published()
        self.steps: list[IdleStep] = []
        self.closed: list[Ordered] = []

    def begin(self, published: Published) -> None:
        """Begin where the stage stands, behind what was published before."""
        self.published = published
        self._repeat_steps(self._stage.position)

    @property
    def refolding(self) -> bool:
        """Whether it still goes through what was published before."""
        return self._stage.position < self.published.offset or bool(self.published.steps)

    def receive(self, records: Sequence[ConsumerRecord], outbox: Outbox) -> None:
        """Take records in the log's order; what is no event, or late, goes out."""
        again = bisect_left(records, self.published.offset, key=lambda record: record.offset)
        if again:
            self._read_again(records[:again], outbox)
            # Closed apart from what is new: its duplicates were counted before.
            self._close()
        self._read(records[again:], outbox)

    def close_quietly(self, frontier: int) -> None:
        """Close what lies before `frontier`, Unix ms: the partition is quiet."""
        if len(self.steps) < MOST_STEPS:
            self._step(IdleStep(self._stage.position, frontier))

    def close(self, outbox: Outbox) -> None:
        """Add what is closed by now to `closed`."""
        outbox.duplicates += self._close()

    def _close(self) -> int:
        """Close, and return how many duplicates were dropped."""
        ordered = self._stage.close()
        if ordered.events:
            self.closed.append(ordered)
        dropped = self._stage.counts.duplicates
        self._stage.counts.clear()
        return dropped

    def _read_again(self, records: Sequence[ConsumerRecord], outbox: Outbox) -> None:
        while self.published.steps and records:
            before = bisect_left(records, self.published.steps[0].offset, key=lambda record: record.offset)
            self._read(records[:before], outbox)
            records = records[before:]
            self._repeat_steps(records[0].offset if records else self._stage.position)
        self._read(records, outbox)
        self._repeat_steps(self._stage.position)

    def _repeat_steps(self, position: int) -> None:
        """Go again through the idle steps that were taken when all before `position` had been read."""
        for step in self.published.steps_to(position):
            self._step(step)

    def _step(self, step: IdleStep) -> None:
        """Take an idle step, anew or again; it is committed until a checkpoint includes it."""
        if step.frontier > self._stage.frontier:
            self._stage.raise_frontier(step.frontier)
            self.steps.append(step)

    def _read(self, records: Sequence[ConsumerRecord], outbox: Outbox) -> None:
        if not records:
            return
        refused = self._stage.read(records)
        for record, why in refused.rejected:
            if record.offset >= self.published.offset:
                outbox.rejected[why.reason] += 1
                outbox.others.append(self._letters.dead(self._source, record, why))
        for record in refused.late:
            if record.offset >= self.published.offset:
                outbox.late += 1
                outbox.others.append(self._letters.late(self._source, record))

"""What the loop asks of one partition of any stage, from take-over until it is given up."""

from collections.abc import Sequence
from typing import Protocol

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.structs import TopicPartition


class Shard(Protocol):
    """The runner of one partition.

    Where Kafka or Redis fail, methods raise `UnavailableError` or `OwnershipLostError`: the shard is dropped
    and taken over again, unless it is `stuck`, which is waiting that does no harm.
    """

    source: TopicPartition

    @property
    def stage(self) -> str:
        """`accounts` or `cases`."""
        ...

    @property
    def position(self) -> int:
        """The next offset to be read."""
        ...

    @property
    def stuck(self) -> bool:
        """Whether what was read waits for rows that Redis does not give."""
        ...

    @property
    def full(self) -> bool:
        """Whether nothing more may be read for now."""
        ...

    async def take_over(self, consumer: AIOKafkaConsumer) -> None:
        """Become the writer and seek to where to read on; the partition must be paused."""
        ...

    def receive(self, records: Sequence[ConsumerRecord]) -> None:
        """Take records in the log's order."""
        ...

    async def advance(self) -> None:
        """Judge or decide what is closed."""
        ...

    async def commit(self) -> None:
        """Send what is due and commit how far it is, unless nothing changed."""
        ...

    async def checkpoint(self, *, now: bool = False) -> None:
        """Store the rows that changed, where it is due and everything is committed."""
        ...

    async def give_up(self, *, orderly: bool) -> None:
        """Let go; in order, everything judged is committed and stored first."""
        ...

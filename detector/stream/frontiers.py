"""How far every partition of the events is: this worker's own, and what the others committed."""

import time
from collections.abc import Callable, Mapping

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.structs import TopicPartition

from detector.errors import UnavailableError
from detector.logs import get_logger
from detector.stream.idle import Standing
from detector.stream.offsets import committed_with_metadata
from detector.stream.progress import Progress

log = get_logger(__name__)

FRESH_S = 0.5
"""A sample serves everybody who asks within this time."""
RETRY_S = 5.0
"""Asking in vain takes about as long; the loop has other things to do."""


class Frontiers:
    """Samples of all partitions' standings; `own` gives this worker's, fresher than what is committed."""

    def __init__(
        self,
        admin: AIOKafkaAdminClient,
        group: str,
        partitions: list[TopicPartition],
        own: Callable[[], Mapping[TopicPartition, Standing]] = dict,
    ) -> None:
        self._admin = admin
        self._group = group
        self._partitions = partitions
        self._own = own
        self._committed: dict[TopicPartition, Standing] = {}
        self._sampled_at = float("-inf")
        self._failed_at = float("-inf")

    async def sample(self) -> dict[TopicPartition, Standing] | None:
        """Return every partition's standing; None where Kafka does not tell: who asks asks again later."""
        if time.monotonic() - self._failed_at < RETRY_S:
            return None
        try:
            return await self.ask()
        except UnavailableError as error:
            self._failed_at = time.monotonic()
            log.warning("it is not known how far the other partitions are", error=str(error))
            return None

    async def ask(self) -> dict[TopicPartition, Standing]:
        """Return every partition's standing; one that nobody ever committed stands at the beginning.

        Raises `UnavailableError` where Kafka does not tell what is committed.
        """
        if time.monotonic() - self._sampled_at >= FRESH_S:
            found = await committed_with_metadata(self._admin, self._group, self._partitions)
            self._committed = {
                name: _standing(found[name].metadata) for name in self._partitions if name in found
            }
            self._sampled_at = time.monotonic()
        own, nothing = self._own(), Standing(0, 0, quiet=False)
        return {name: own.get(name) or self._committed.get(name, nothing) for name in self._partitions}

    def highest(self) -> int:
        """Return the highest frontier known, Unix ms; 0 where none is."""
        standings = (*self._committed.values(), *self._own().values())
        return max((each.frontier for each in standings), default=0)


def _standing(metadata: str) -> Standing:
    progress = Progress.decode(metadata)
    return Standing(progress.frontier, progress.newest, progress.quiet)

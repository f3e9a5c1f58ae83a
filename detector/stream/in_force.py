"""Showing which version of the policy is in force where the events are judged."""

import time
from collections.abc import Callable
from typing import Final

from detector.logs import get_logger
from detector.metrics import Metrics
from detector.moments import moment_text
from detector.policy import Book
from detector.policy.book import EVER, Version
from detector.stream.frontiers import Frontiers

log = get_logger(__name__)

LOOK_S: Final = 5.0


class InForce:
    """Looks now and then how far the group is: a worker that owns no events tells the same as the others."""

    def __init__(
        self,
        metrics: Metrics,
        book: Book,
        frontiers: Frontiers,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._metrics = metrics
        self._book = book
        self._frontiers = frontiers
        self._clock = clock
        self._looked_at = float("-inf")
        self._shown: Version | None = None

    async def look(self) -> None:
        """Show the version in force at the highest frontier of the group, where Kafka tells it."""
        now = self._clock()
        if now - self._looked_at < LOOK_S:
            return
        self._looked_at = now
        standings = await self._frontiers.sample()
        if standings is not None:
            self._show(max((each.frontier for each in standings.values()), default=0))

    def _show(self, frontier: int) -> None:
        version = self._book.versions[self._book.version_at(frontier)]
        if version is self._shown:
            return
        self._shown = version
        general, dated = version.policies[None, None], version.since_ms != EVER
        self._metrics.policy.clear()
        self._metrics.policy.labels(general.version, general.hash).set(1)
        self._metrics.policy_since_timestamp_seconds.set(version.since_ms / 1000.0 if dated else 0.0)
        log.info(
            "policy in force",
            version=general.version,
            policy_hash=general.hash,
            since=moment_text(version.since_ms) if dated else "ever",
        )

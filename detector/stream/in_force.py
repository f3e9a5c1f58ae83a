"""Showing which version of the policy is in force where the events are judged, and which are in shadow."""

import time
from collections.abc import Callable
from typing import Final

from detector.logs import get_logger
from detector.metrics import Metrics
from detector.moments import moment_text
from detector.policy import Book
from detector.policy.version import EVER, Version
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
        self._tried: dict[str, str] = {}
        """Of those shown in shadow, the version and its hash."""

    async def look(self) -> None:
        """Show the version in force at the highest frontier of the group, where Kafka tells it."""
        now = self._clock()
        if now - self._looked_at < LOOK_S:
            return
        self._looked_at = now
        standings = await self._frontiers.sample()
        if standings is not None:
            frontier = max((each.frontier for each in standings.values()), default=0)
            self._show(frontier)
            self._show_tried(frontier)

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

    def _show_tried(self, frontier: int) -> None:
        tried = {each.name: each.policies[None, None].hash for each in self._book.shadows_at(frontier)}
        if tried == self._tried:
            return
        self._tried = tried
        self._metrics.policy_in_shadow.clear()
        for label in tried.items():
            self._metrics.policy_in_shadow.labels(*label).set(1)
        log.info("policies in shadow", versions=sorted(tried))

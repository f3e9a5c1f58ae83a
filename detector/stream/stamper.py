"""What becomes of a message that is stamped: a record of the control topic, made once."""

from collections.abc import Callable
from typing import Final

import msgspec

from detector.clipping import clipped
from detector.events import Rejected
from detector.logs import get_logger
from detector.metrics import Metrics
from detector.policy import Stamped
from detector.policy.entitlements import WIDE
from detector.settings import Settings
from detector.stream.control import REJECTED
from detector.stream.frontiers import Frontiers
from detector.stream.kafka import KafkaClients, reporting
from detector.stream.offsets import partitions_of
from detector.stream.stamp import Control, stamps

log = get_logger(__name__)

MOST_PLANS: Final = 20
"""So many plans that nobody knows are named in the log, each once; all are counted."""


class Stamper:
    """Stamps with the highest frontier of the whole group: whoever stamps may own no partition of events.

    `own` gives the highest frontier that this worker knows, Unix ms; `knows_plan` says whether the policy in
    force at a moment knows a plan.
    """

    def __init__(
        self,
        settings: Settings,
        own: Callable[[], int],
        knows_plan: Callable[[str | None, int], bool],
        metrics: Metrics,
    ) -> None:
        self._group = settings.group
        self._events = settings.topics.session_events
        self._admin = KafkaClients(settings.brokers, settings.kafka_security()).admin()
        self._stamps = stamps(settings.topics)
        self._own = own
        self._knows_plan = knows_plan
        self._unknown_plans: set[str] = set()
        self._metrics = metrics
        self._frontiers: Frontiers | None = None

    async def start(self) -> None:
        """Connect. Raises `UnavailableError`."""
        with reporting("looking at the group's progress"):
            await self._admin.start()
        self._frontiers = Frontiers(self._admin, self._group, await partitions_of(self._admin, self._events))

    async def stop(self) -> None:
        """Let go of the connection."""
        await self._admin.close()

    @property
    def topics(self) -> list[str]:
        """The topics whose messages it stamps."""
        return list(self._stamps)

    async def record(self, topic: str, key: bytes | None, value: bytes | None, source: str) -> bytes:
        """Return what is to be written: the message at `source` of `topic`, stamped, or that it is none.

        Raises `UnavailableError` where Kafka does not tell how far the group is.
        """
        stamped = self._stamps[topic](key, value, source, await self._highest())
        if isinstance(stamped, Rejected):
            # Not a word of the message itself: it may name people.
            log.warning("not understood", source=source, reason=stamped.reason, detail=stamped.detail)
            self._metrics.controls_rejected.labels(stamped.reason).inc()
            # Written too: workers that start wait until every message was looked at.
            return msgspec.json.encode({"kind": REJECTED, "source": source, "reason": stamped.reason})
        self._metrics.controls_stamped.labels(stamped.kind).inc()
        self._doubt_plan(stamped)
        _doubt_entries(stamped)
        return msgspec.json.encode(stamped)

    def _doubt_plan(self, stamped: Control) -> None:
        """Tell of a plan that the policy does not know: the general one holds for whoever has it."""
        entitlement = stamped.entitlement if isinstance(stamped, Stamped) else None
        plan = None if entitlement is None else entitlement.plan
        if plan is None or self._knows_plan(plan, stamped.counts_from):
            return
        self._metrics.controls_unknown_plan.inc()
        if plan not in self._unknown_plans and len(self._unknown_plans) < MOST_PLANS:
            self._unknown_plans.add(plan)
            log.warning(
                "an entitlement names a plan that the policy does not know, and the general policy holds: "
                "correct its name, or give the policy a part for it",
                plan=clipped(plan),
                source=stamped.source,
            )

    async def _highest(self) -> int:
        committed = {} if self._frontiers is None else await self._frontiers.ask()
        return max((self._own(), *(each.frontier for each in committed.values())))


def _doubt_entries(stamped: Control) -> None:
    """Tell of allow entries that excuse nearly everybody's addresses; others are for who lists them."""
    entitlement = stamped.entitlement if isinstance(stamped, Stamped) else None
    if entitlement is not None and any(WIDE in entry.doubts for entry in entitlement.allow):
        log.warning(
            "an allow entry covers a large part of the internet, and holds: is that meant?",
            source=stamped.source,
        )

"""What becomes of a message that is stamped: a record of the control topic, made once."""

from collections.abc import Callable

import msgspec

from detector.events import Rejected
from detector.logs import get_logger
from detector.metrics import Metrics
from detector.settings import Settings
from detector.stream.control import REJECTED
from detector.stream.frontiers import Frontiers
from detector.stream.kafka import KafkaClients, reporting
from detector.stream.offsets import partitions_of
from detector.stream.stamp import stamps

log = get_logger(__name__)


class Stamper:
    """Stamps with the highest frontier of the whole group: whoever stamps may own no partition of events.

    `own` gives the highest frontier that this worker knows, Unix ms.
    """

    def __init__(self, settings: Settings, own: Callable[[], int], metrics: Metrics) -> None:
        self._group = settings.group
        self._events = settings.topics.session_events
        self._admin = KafkaClients(settings.brokers, settings.kafka_security()).admin()
        self._stamps = stamps(settings.topics)
        self._own = own
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
        return msgspec.json.encode(stamped)

    async def _highest(self) -> int:
        committed = {} if self._frontiers is None else await self._frontiers.ask()
        return max((self._own(), *(each.frontier for each in committed.values())))

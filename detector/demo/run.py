"""One run: entitlements and events go in, no faster than the worker reads, and alerts come out."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from detector.demo.collect import collecting
from detector.demo.feed import feeding
from detector.demo.history import Simulated
from detector.demo.servers import wanted_topics
from detector.demo.worker import LiveWorker, Reading
from detector.settings import Settings
from detector.stream.kafka import KafkaClients, reporting
from detector.stream.topics import ensure_topics

AHEAD: Final = 8_000
"""Events that may be on their way: the embedded broker keeps the newest 5 MB of a partition."""
CHUNK: Final = 2_000


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it: alerts as they were read, events the worker is done with, and how long that took."""

    alerts: tuple[bytes, ...]
    events: int
    rejected: int
    seconds: float


async def prepare(simulated: Simulated, settings: Settings) -> None:
    """Create the topics and send the entitlements: a worker that starts then knows them from the first event.

    Raises UnavailableError where Kafka does not do it.
    """
    clients = _clients(settings)
    admin = clients.admin()
    try:
        with reporting(f"connecting to {settings.brokers}"):
            await admin.start()
        report = await ensure_topics(
            admin, wanted_topics(settings), replication_factor=settings.replication_factor
        )
        report.check()
    finally:
        await admin.close()
    async with feeding(clients) as feed:
        await feed.send(settings.topics.entitlements, simulated.entitlements)


async def play(
    simulated: Simulated, settings: Settings, worker: LiveWorker, advance: Callable[[int], None]
) -> Played:
    """Send the events, wait until the worker has decided on all of them, and give what came out.

    `advance` is told of every further event that the worker is done with. Raises UnavailableError.
    """
    done, events = 0, simulated.events

    def show(reading: Reading) -> Reading:
        nonlocal done
        advance(reading.done - done)
        done = reading.done
        return reading

    clients, topics = _clients(settings), settings.topics
    async with collecting(clients, topics.enforcement) as enforcement, feeding(clients) as feed:
        started = time.monotonic()
        for first in range(0, len(events), CHUNK):
            room = first + CHUNK - AHEAD
            await worker.until(lambda now, room=room: show(now).done >= room)  # type: ignore[misc]
            await feed.send(topics.session_events, events[first : first + CHUNK])
            await enforcement.take()
        last = await worker.until(
            lambda now: show(now).done >= len(events) and now.decided_ms > events[-1][2]
        )
        await enforcement.until(last.alerts)
        return Played(tuple(enforcement.values), last.done, last.rejected, time.monotonic() - started)


def _clients(settings: Settings) -> KafkaClients:
    return KafkaClients(settings.brokers, settings.kafka_security(), check_crcs=settings.check_crcs)

"""The policies on the control topic, for who applies one: those that lie there, and one more."""

import msgspec

from detector.policy.applied import Applied
from detector.stream.alert_log import opened
from detector.stream.control import POLICY
from detector.stream.frontiers import Frontiers
from detector.stream.kafka import KafkaClients, reporting
from detector.stream.offsets import partitions_of


class _Kind(msgspec.Struct):
    kind: str


async def read_policies(clients: KafkaClients, topic: str) -> list[Applied]:
    """Return what was applied, in the order in which it was; what is no record of a policy is passed over.

    Raises `UnavailableError`, also where there is no such topic.
    """
    found: list[Applied] = []
    async with opened(clients, topic) as log:
        async for records in log.batches():
            values = (record.value or b"" for record in records)
            found += [applied for value in values if (applied := _applied(value)) is not None]
    return found


def _applied(value: bytes) -> Applied | None:
    try:
        if msgspec.json.decode(value, type=_Kind).kind != POLICY:
            return None
        return msgspec.json.decode(value, type=Applied)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


async def highest_frontier(clients: KafkaClients, group: str, events: str) -> int:
    """Return how far a group has judged the topic of events, Unix ms; 0 where it never did.

    Raises `UnavailableError`.
    """
    admin = clients.admin()
    try:
        with reporting("looking at the group's progress"):
            await admin.start()
        frontiers = Frontiers(admin, group, await partitions_of(admin, events))
        await frontiers.ask()
        return frontiers.highest()
    finally:
        await admin.close()


async def append(clients: KafkaClients, topic: str, applied: Applied) -> None:
    """Write one policy to the control topic; raises `UnavailableError`."""
    producer = clients.producer()
    with reporting(f"writing to {topic}"):
        try:
            await producer.start()
            await producer.send_and_wait(topic, msgspec.json.encode(applied), partition=0)
        finally:
            await producer.stop()

"""What is done to policies on the control topic, for who applies one: all that lies there, and one more."""

from typing import Final

import msgspec

from detector.policy.applied import KINDS, PolicyRecord
from detector.stream.alert_log import opened
from detector.stream.frontiers import Frontiers
from detector.stream.kafka import KafkaClients, reporting
from detector.stream.offsets import partitions_of

_DECODER: Final[msgspec.json.Decoder[PolicyRecord]] = msgspec.json.Decoder(PolicyRecord)


class _Kind(msgspec.Struct):
    kind: str


async def read_policies(clients: KafkaClients, topic: str) -> list[PolicyRecord]:
    """Return what was done, in the order in which it was; what is no record about a policy is passed over.

    Raises `UnavailableError`, also where there is no such topic.
    """
    found: list[PolicyRecord] = []
    async with opened(clients, topic) as log:
        async for records in log.batches():
            values = (record.value or b"" for record in records)
            found += [known for value in values if (known := _record(value)) is not None]
    return found


def _record(value: bytes) -> PolicyRecord | None:
    try:
        if msgspec.json.decode(value, type=_Kind).kind not in KINDS:
            return None
        return _DECODER.decode(value)
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


async def append(clients: KafkaClients, topic: str, said: PolicyRecord) -> None:
    """Write one record to the control topic; raises `UnavailableError`."""
    producer = clients.producer()
    with reporting(f"writing to {topic}"):
        try:
            await producer.start()
            await producer.send_and_wait(topic, msgspec.json.encode(said), partition=0)
        finally:
            await producer.stop()

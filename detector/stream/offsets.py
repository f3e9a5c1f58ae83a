"""What a group has committed: offsets with their metadata, which a consumer's `committed()` leaves out."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata, TopicPartition

from detector.errors import UnavailableError
from detector.stream.kafka import reporting

# A coordinator that moves, or that the first group of a new cluster waits for, needs a moment.
_ATTEMPTS = 50
_PAUSE_S = 0.1


@dataclass(frozen=True, slots=True)
class Committed:
    """The offset to be read next, and the text committed with it."""

    offset: int
    metadata: str


async def committed_with_metadata(
    admin: AIOKafkaAdminClient, group: str, partitions: Iterable[TopicPartition]
) -> dict[TopicPartition, Committed]:
    """Read what `group` committed for each of `partitions`; those without a commit are left out.

    What a transaction committed a moment ago may be missing still: ask after the start of the partition's
    next transactional producer, which waits for it. Raises `UnavailableError`, also where Kafka answers for
    fewer partitions than asked: an error is never "nothing committed".
    """
    wanted = list(partitions)
    if not wanted:
        return {}
    found = await _fetch(admin, group, wanted)
    return {
        partition: Committed(committed.offset, committed.metadata or "")
        for partition, committed in found.items()
        if committed.offset >= 0
    }


async def committed_of(admin: AIOKafkaAdminClient, group: str, partition: TopicPartition) -> Committed | None:
    """Read what `group` committed for one partition, None where nothing; see `committed_with_metadata`."""
    return (await committed_with_metadata(admin, group, [partition])).get(partition)


async def partitions_of(admin: AIOKafkaAdminClient, topic: str) -> list[TopicPartition]:
    """List a topic's partitions; `UnavailableError` where there is no such topic."""
    with reporting(f"listing the partitions of {topic}"):
        (described,) = await admin.describe_topics([topic])
    if described["error_code"] or not described["partitions"]:
        raise UnavailableError(
            f"topic {topic} is not there: create it, or check its name and the rights to it"
        )
    return [
        TopicPartition(topic, each) for each in sorted(part["partition"] for part in described["partitions"])
    ]


async def _fetch(
    admin: AIOKafkaAdminClient, group: str, wanted: Sequence[TopicPartition]
) -> dict[TopicPartition, OffsetAndMetadata]:
    """Ask until the answer is whole, or has failed too often."""
    problem: Exception | None = None
    for _ in range(_ATTEMPTS):
        try:
            found: dict[TopicPartition, OffsetAndMetadata] = await admin.list_consumer_group_offsets(
                group, partitions=list(wanted)
            )
        except KafkaError as error:
            problem = error
        else:
            # aiokafka overlooks an error of the whole answer, which then names no partition.
            if found.keys() >= set(wanted):
                return found
        await asyncio.sleep(_PAUSE_S)
    raise UnavailableError(
        f"Kafka does not tell the offsets that group {group} committed for {wanted[0].topic}"
        f" ({problem or 'no answer'}); without them nothing can be taken over"
    ) from problem

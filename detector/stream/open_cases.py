"""The open cases of one shard, read from their compacted topic."""

from typing import Final

from aiokafka.structs import TopicPartition

from detector.stream.kafka import KafkaClients, reporting

_READ_MS: Final = 500


async def read_cases(clients: KafkaClients, home: TopicPartition) -> list[bytes]:
    """Return the newest state of every open case in a partition, to its present end.

    Raises `UnavailableError`.
    """
    reader = clients.consumer()
    cases: dict[bytes | None, bytes | None] = {}
    with reporting(f"reading the open cases of {home.topic}-{home.partition}"):
        try:
            await reader.start()
            reader.assign([home])
            end = (await reader.end_offsets([home]))[home]
            await reader.seek_to_beginning(home)
            while await reader.position(home) < end:
                for records in (await reader.getmany(home, timeout_ms=_READ_MS)).values():
                    cases.update((record.key, record.value) for record in records)
        finally:
            await reader.stop()
    return [value for value in cases.values() if value is not None]

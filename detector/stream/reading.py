"""Reading on only where a shard can take more."""

from collections.abc import Mapping

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from detector.stream.shard import Shard


def hold_back(consumer: AIOKafkaConsumer, shards: Mapping[TopicPartition, Shard]) -> None:
    """Pause the partitions of shards that are full, and let the others be read."""
    paused = consumer.paused()
    for partition, shard in shards.items():
        if shard.full and partition not in paused:
            consumer.pause(partition)
        elif not shard.full and partition in paused:
            consumer.resume(partition)

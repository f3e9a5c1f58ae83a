"""Noticing that a topic has another number of partitions than the group began with.

Keys then lie in other partitions than what is known of them, and later stages would decide moments without
those who send from new ones. Nothing can put that right while it runs, so the worker ends and says so.
"""

from collections.abc import Iterable, Mapping

from aiokafka import AIOKafkaConsumer

from detector.errors import StateError, UnavailableError
from detector.stream.progress import Progress
from detector.stream.standings import MOST_SENDERS


class PartitionWatch:
    """Compares topics with `expected`, their numbers of partitions: the events, the crowds, the findings."""

    def __init__(self, group: str, expected: Mapping[str, int]) -> None:
        self._group = group
        self._expected = expected

    def check_size(self) -> None:
        """Raise `UnavailableError` for more partitions than a stage can keep account of."""
        *senders, _ = self._expected.items()
        total = sum(number for _, number in senders)
        if total > MOST_SENDERS:
            named = " and ".join(f"{topic} ({number})" for topic, number in senders)
            raise UnavailableError(
                f"{named} have {total} partitions together, at most {MOST_SENDERS} can be kept account of: "
                "create them with fewer"
            )

    def check_committed(self, committed: Iterable[Progress]) -> None:
        """Raise `StateError` where the group committed its progress with other numbers of partitions."""
        for progress in committed:
            if progress.partitions is not None:
                for (topic, now), before in zip(self._expected.items(), progress.partitions, strict=True):
                    self._compare(topic, before, now)

    def check_given(self, topic: str, partition: int) -> None:
        """Raise `StateError` for a partition that was not there when the worker started."""
        self._compare(topic, self._expected[topic], max(partition + 1, self._expected[topic]))

    def check(self, consumer: AIOKafkaConsumer) -> None:
        """Raise `StateError` where the consumer knows of other partitions than there were at the start."""
        for topic, before in self._expected.items():
            known = consumer.partitions_for_topic(topic)
            if known:
                self._compare(topic, before, len(known))

    def _compare(self, topic: str, before: int, now: int) -> None:
        if now != before:
            raise StateError(
                f"topic {topic} has {now} partitions, and had {before} when the group {self._group} began: "
                "keys have moved away from what is known of them; begin anew under another name (--group, "
                "DETECTOR_GROUP)"
            )

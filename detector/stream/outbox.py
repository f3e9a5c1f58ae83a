"""What the next commit of a shard of accounts sends on, beside how far it is."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from aiokafka import ConsumerRecord
from aiokafka.structs import TopicPartition

from detector.enrich import Enricher
from detector.events import Rejected, SessionEvent
from detector.findings import Finding
from detector.stages.enriched import enriched
from detector.stream.transactions import OutRecord
from detector.topics import Topics


@dataclass(slots=True)
class Outbox:
    """Findings, which go out in blocks, and messages of their own."""

    findings: list[Finding] = field(default_factory=list)
    others: list[OutRecord] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.findings or self.others)


def dead_letter(topics: Topics, source: TopicPartition, record: ConsumerRecord, why: Rejected) -> OutRecord:
    """Return a message that is no event, as it came, with what is wrong and where it lies."""
    headers = (
        ("error", why.detail.encode()),
        ("reason", why.reason.encode()),
        ("topic", source.topic.encode()),
        ("partition", str(source.partition).encode()),
        ("offset", str(record.offset).encode()),
    )
    return OutRecord(topics.dead_letters, record.value, key=record.key, headers=headers)


def late_event(topics: Topics, record: ConsumerRecord) -> OutRecord:
    """Return an event that came too late, as it came."""
    return OutRecord(topics.late, record.value, key=record.key, headers=tuple(record.headers or ()))


def enriched_events(topics: Topics, events: Iterable[SessionEvent], enricher: Enricher) -> list[OutRecord]:
    """Return events with what is known of their addresses."""
    return [OutRecord(topics.enriched, enriched(each, enricher), key=each.key.encode()) for each in events]

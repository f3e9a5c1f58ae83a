"""What a commit of a shard of cases sends: alerts, and the cases that changed."""

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from detector.alerts import Alert, encode
from detector.ladder import Case
from detector.stream.transactions import OutRecord
from detector.topics import Topics


def alert_record(topics: Topics, alert: Alert) -> OutRecord:
    """Return an alert for the topic of its mode."""
    return OutRecord(
        topics.enforcement if alert.mode == "live" else topics.shadow,
        encode(alert),
        key=alert.subject.id.encode(),
        headers=_cloud_event(alert),
    )


def case_records(topics: Topics, cases: Mapping[str, Case | None], partition: int) -> list[OutRecord]:
    """Return cases for their compacted topic; one that was closed is removed from it."""
    return [
        OutRecord(
            topics.cases,
            None if case is None else msgspec.json.encode(case),
            key=case_id.encode(),
            partition=partition,
        )
        for case_id, case in cases.items()
    ]


def _cloud_event(alert: Alert) -> tuple[tuple[str, bytes], ...]:
    """Return the headers of CloudEvents' Kafka protocol binding 1.0.2, binary content mode."""
    moment = datetime.fromtimestamp(alert.decided_time / 1000.0, UTC)
    return (
        ("ce_specversion", b"1.0"),
        ("ce_id", alert.alert_id.encode()),
        ("ce_type", f"detector.alert.{alert.category}".encode()),
        ("ce_source", b"detector"),
        ("ce_time", moment.isoformat(timespec="milliseconds").replace("+00:00", "Z").encode()),
        ("content-type", b"application/json"),
    )

"""How an alert leaves: to whom, where, and with which headers."""

import msgspec
import pytest

from detector.alerts import Alert
from detector.ladder import decide
from detector.settings import Settings
from detector.stream.decisions import alert_record, case_records
from tests.ladder.making import POLICY, START_MS, finding

TOPICS = Settings().topics


@pytest.fixture
def alert() -> Alert:
    made = decide(finding(), None, POLICY, START_MS + 5).alert
    assert made is not None
    return made


def test_an_alert_goes_out_by_its_subject_as_json(alert: Alert) -> None:
    record = alert_record(TOPICS, alert)
    assert ("enforcement", b"acc-1", None) == (record.topic, record.key, record.partition)
    assert alert == msgspec.json.decode(record.value or b"", type=Alert)


def test_the_headers_are_those_of_a_cloud_event_in_binary_mode(alert: Alert) -> None:
    """CloudEvents 1.0.2, Kafka protocol binding 3.2; its time is RFC 3339."""
    assert (
        ("ce_specversion", b"1.0"),
        ("ce_id", alert.alert_id.encode()),
        ("ce_type", b"detector.alert.account_sharing"),
        ("ce_source", b"detector"),
        ("ce_time", b"2026-05-31T16:00:00.000Z"),
        ("content-type", b"application/json"),
    ) == alert_record(TOPICS, alert).headers


def test_an_alert_in_shadow_mode_stays_apart(alert: Alert) -> None:
    assert "enforcement.shadow" == alert_record(TOPICS, msgspec.structs.replace(alert, mode="shadow")).topic


def test_a_case_lies_in_its_findings_partition_and_a_closed_one_is_removed() -> None:
    case = decide(finding(), None, POLICY, 0).case
    kept, removed = case_records(TOPICS, {case.case_id: case, "gone": None}, 3)
    assert (TOPICS.cases, case.case_id.encode(), 3) == (kept.topic, kept.key, kept.partition)
    assert (b"gone", None, 3) == (removed.key, removed.value, removed.partition)

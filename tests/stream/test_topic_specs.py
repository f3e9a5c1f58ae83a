"""What is demanded of topics, and how those that fall short are named."""

import pytest

from detector.stream.topic_specs import FOREVER, FoundTopic, TopicSpec, judge, pipeline_topics
from detector.topics import Topics

NAMES = Topics(
    session_events="events",
    dead_letters="dlq",
    late="late",
    enriched="enriched",
    crowds="crowds",
    findings="findings",
    control="control",
    cases="cases",
    entitlements="entitlements",
    feedback="feedback",
    enforcement="enforcement",
    shadow="shadow",
)
DAY_MS = 86_400_000


def wanted() -> dict[str, TopicSpec]:
    specs = pipeline_topics(NAMES, events=12, crowds=4, findings=2, window_ms=30 * DAY_MS, enriched=False)
    return {spec.name: spec for spec in specs}


def test_every_topic_but_the_switched_off_one_is_listed() -> None:
    enriched = pipeline_topics(NAMES, events=1, crowds=1, findings=1, window_ms=DAY_MS, enriched=True)

    assert {"enriched"} == {spec.name for spec in enriched} - wanted().keys()
    assert 11 == len(wanted())


def test_cases_are_compacted_and_partitioned_as_their_findings() -> None:
    cases = wanted()["cases"]

    assert "compact" == cases.configs()["cleanup.policy"]
    assert ("findings", 2) == (cases.same_partitions_as, cases.partitions)


def test_a_topic_created_as_demanded_has_no_fault() -> None:
    found = {name: FoundTopic(spec.partitions, spec.configs()) for name, spec in wanted().items()}

    assert ((), ()) == judge(tuple(wanted().values()), found)


def test_another_number_of_partitions_is_no_fault_unless_two_belong_together() -> None:
    found = {name: FoundTopic(7, spec.configs()) for name, spec in wanted().items()}
    assert ((), ()) == judge(tuple(wanted().values()), found)

    found["cases"] = FoundTopic(8, {})
    (error,), _ = judge(tuple(wanted().values()), found)
    assert "cases has 8 partitions and findings has 7" in error


@pytest.mark.parametrize(
    ("name", "setting", "value"),
    [("cases", "cleanup.policy", "delete"), ("findings", "max.message.bytes", "10000")],
)
def test_what_would_lose_state_or_messages_is_an_error(name: str, setting: str, value: str) -> None:
    spec = wanted()[name]

    (error,), _ = judge([spec], {name: FoundTopic(spec.partitions, spec.configs() | {setting: value})})
    assert f"topic {name} has {setting}={value}" in error


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("findings", {"retention.ms": str(DAY_MS)}),
        ("control", {"retention.ms": str(365 * DAY_MS)}),
        ("crowds", {"retention.bytes": "1000000"}),
        ("cases", {"cleanup.policy": "compact,delete", "retention.ms": str(DAY_MS)}),
        ("events", {"message.timestamp.type": "CreateTime"}),
    ],
)
def test_what_may_hurt_is_a_warning(name: str, settings: dict[str, str]) -> None:
    spec = wanted()[name]

    errors, (warning,) = judge([spec], {name: FoundTopic(spec.partitions, spec.configs() | settings)})
    assert () == errors
    assert name in warning


def test_topics_whose_settings_kafka_hides_are_named_once() -> None:
    found = {name: FoundTopic(4, None) for name in wanted()}

    errors, (warning,) = judge(tuple(wanted().values()), found)
    assert () == errors
    assert "not checked" in warning


def test_a_person_can_create_a_topic_from_its_description() -> None:
    control = TopicSpec(name="control", partitions=1, kept_ms=FOREVER)

    assert "control (partitions=1 retention.ms=-1)" == str(control)

"""Metrics: the contract's names, bounded labels, one page made from the code."""

from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from detector.metrics import Metrics, to_markdown

CONTRACT = {
    "detector_events_total": ("type",),
    "detector_events_rejected_total": ("reason",),
    "detector_events_skipped_total": ("reason",),
    "detector_alerts_total": ("category", "action"),
    "detector_enrichment_misses_total": ("database",),
    "detector_consumer_lag": ("topic", "partition"),
    "detector_end_to_end_seconds": (),
    "detector_batch_seconds": ("stage",),
    "detector_state_commit_seconds": (),
    "detector_late_events_total": (),
    "detector_duplicate_events_total": (),
    "detector_last_alert_timestamp_seconds": ("category",),
}


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def metrics(registry: CollectorRegistry) -> Metrics:
    return Metrics(registry)


def test_every_metric_of_the_contract_is_there_with_its_labels(metrics: Metrics) -> None:
    found = {each.name: tuple(label.name for label in each.labels) for each in metrics.definitions}

    assert CONTRACT == {name: labels for name, labels in found.items() if name in CONTRACT}
    assert "detector_build_info" in found


def test_what_is_defined_is_what_prometheus_reads(metrics: Metrics, registry: CollectorRegistry) -> None:
    exposed = {
        f"{family.name}{suffix}"
        for family in registry.collect()
        for suffix in [{"counter": "_total", "info": "_info"}.get(family.type, "")]
    }

    assert {each.name for each in metrics.definitions} == exposed


def test_two_sets_of_metrics_do_not_meet() -> None:
    first, second = CollectorRegistry(), CollectorRegistry()
    Metrics(first).late_events.inc(3)
    Metrics(second)

    assert 3.0 == first.get_sample_value("detector_late_events_total")
    assert 0.0 == second.get_sample_value("detector_late_events_total")


def test_a_lost_partition_is_no_longer_shown(metrics: Metrics, registry: CollectorRegistry) -> None:
    metrics.consumer_lag.labels("session-events", "3").set(7)
    metrics.frontier_timestamp_seconds.labels("accounts", "3").set(7)
    metrics.frontier_timestamp_seconds.labels("accounts", "4").set(8)
    metrics.forget_partition("accounts", "session-events", 3)
    metrics.forget_partition("accounts", "session-events", 5)

    shown = generate_latest(registry).decode()
    assert 'partition="3"' not in shown
    assert 'partition="5"' not in shown
    assert 'partition="4"' in shown


def test_the_page_is_what_the_code_says(metrics: Metrics) -> None:
    page = Path(__file__).parents[1] / "docs" / "metrics.md"

    assert to_markdown(metrics.definitions) == page.read_text(encoding="utf-8"), (
        "run: python -m detector.metrics > docs/metrics.md"
    )


def test_the_ratio_of_cells_to_events_is_a_metric(metrics: Metrics, registry: CollectorRegistry) -> None:
    assert 0.0 == registry.get_sample_value("detector_cells_per_event")
    metrics.events.labels("request").inc(30)
    metrics.events.labels("login_success").inc(10)
    metrics.cells.labels("signups").inc(2)
    metrics.cells.labels("logins").inc(6)
    assert 0.2 == registry.get_sample_value("detector_cells_per_event")

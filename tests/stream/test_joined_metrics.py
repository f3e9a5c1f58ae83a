from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from detector.metrics import Metrics
from detector.stream.joined_metrics import joined


def page(events: int, cells: int, partition: int, last_alert: float) -> str:
    """What one process shows."""
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    metrics.events.labels("request").inc(events)
    metrics.cells.labels("signups").inc(cells)
    metrics.consumer_lag.labels("events", str(partition)).set(7)
    metrics.frontier_timestamp_seconds.labels("cases", "0").set(last_alert)
    metrics.shards_owned.labels("accounts").set(2)
    metrics.batch_seconds.labels("accounts").observe(0.003)
    metrics.last_alert_timestamp_seconds.labels("crawler").set(last_alert)
    return generate_latest(registry).decode()


def samples(text: str) -> dict[tuple[str, str], float]:
    return {
        (sample.name, ",".join(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_was_counted_adds_up_and_what_is_so_stays_so() -> None:
    found = samples(joined([page(10, 3, 0, 50.0), page(30, 1, 1, 40.0)]).decode())
    assert 40 == found["detector_events_total", "request"]
    assert 0.1 == found["detector_cells_per_event", ""]
    assert {7} == {found["detector_consumer_lag", f"{number},events"] for number in range(2)}
    assert 4 == found["detector_shards_owned", "accounts"]
    assert 50 == found["detector_last_alert_timestamp_seconds", "crawler"]
    assert 50 == found["detector_frontier_timestamp_seconds", "0,cases"]
    assert 1 == next(value for (name, _), value in found.items() if name == "detector_build_info")


def test_histograms_add_up_by_bucket() -> None:
    found = samples(joined([page(1, 0, 0, 1.0)] * 3).decode())
    assert 3 == found["detector_batch_seconds_count", "accounts"]
    assert 0 == found["detector_batch_seconds_bucket", "0.0025,accounts"]
    assert 3 == found["detector_batch_seconds_bucket", "0.005,accounts"]


def test_the_page_of_one_process_stays_as_it_is() -> None:
    alone = page(10, 3, 0, 50.0)
    assert samples(alone) == samples(joined([alone]).decode())
    assert {line for line in alone.splitlines() if line.startswith("# ")} == {
        line for line in joined([alone]).decode().splitlines() if line.startswith("# ")
    }

"""The parts of `detector demo` that need no server; tests/integration/test_demo.py plays it whole."""

import json
import signal
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from detector.cli import demo as command
from detector.cli import main
from detector.cli.attribution import in_use, show_attributions
from detector.demo import servers
from detector.demo import worker as worker_module
from detector.demo.history import simulated
from detector.demo.servers import surroundings, wanted_topics
from detector.demo.worker import Reading, parse_metrics, running_worker
from detector.errors import UnavailableError
from detector.metrics import Metrics
from detector.settings import Settings

BROKERS, REDIS = "kafka.example:9092", "redis://redis.example/0"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What a demo would start, without starting it."""
    found: list[object] = []

    @contextmanager
    def broker(partitions: dict[str, int]) -> Generator[str]:
        found.append(partitions)
        yield "127.0.0.1:1"

    @contextmanager
    def redis() -> Generator[str]:
        found.append("redis")
        yield "redis://127.0.0.1:2/0"

    monkeypatch.setattr(servers, "embedded_broker", broker)
    monkeypatch.setattr(servers, "embedded_redis", redis)
    return found


def test_what_is_not_named_is_started_with_the_partitions_that_the_worker_wants(started: list[Any]) -> None:
    with surroundings(None, None, {}) as around:
        assert ["127.0.0.1:1", "redis://127.0.0.1:2/0"] == [
            around.settings.brokers,
            around.settings.redis_url,
        ]
        assert {spec.name: spec.partitions for spec in wanted_topics(around.settings)} == started[0]
    assert "redis" == started[1]
    assert (4, 1) == (started[0]["session-events"], started[0]["account-entitlements"])


@pytest.mark.usefixtures("started")
def test_only_the_embedded_broker_goes_without_checksums() -> None:
    with surroundings(None, REDIS, {}) as embedded, surroundings(BROKERS, REDIS, {}) as named:
        assert (False, True) == (embedded.settings.check_crcs, named.settings.check_crcs)


def test_on_running_servers_every_name_is_this_runs_own(started: list[object]) -> None:
    with surroundings(BROKERS, REDIS, {}) as one, surroundings(BROKERS, REDIS, {}) as other:
        names = {spec.name for spec in wanted_topics(one.settings)}
        assert [] == [name for name in names if not name.startswith(one.name)]
        assert set() == names & {spec.name for spec in wanted_topics(other.settings)}
        assert one.settings.group != other.settings.group
    assert [] == started


@pytest.mark.usefixtures("started")
def test_a_redis_that_was_running_gets_a_group_of_its_own() -> None:
    with surroundings(None, REDIS, {}) as around:
        assert around.settings.group.startswith("demo-")
        assert "session-events" == around.settings.topics.session_events


@pytest.mark.usefixtures("started")
def test_the_users_own_settings_do_not_count_but_for_kafkas_security() -> None:
    environ = {
        "PATH": "/bin",
        "DETECTOR_BROKERS": "production:9092",
        "DETECTOR_ALLOWED_LATENESS": "1h",
        "DETECTOR_SECURITY_PROTOCOL": "SSL",
    }
    with surroundings(BROKERS, None, environ) as named, surroundings(None, None, environ) as embedded:
        assert (BROKERS, "SSL") == (named.settings.brokers, named.environment["DETECTOR_SECURITY_PROTOCOL"])
        assert "DETECTOR_SECURITY_PROTOCOL" not in embedded.environment
        assert "DETECTOR_ALLOWED_LATENESS" not in named.environment
        assert "/bin" == named.environment["PATH"]


def test_a_history_has_people_and_abusers_and_is_in_order() -> None:
    one = simulated(accounts=100, days=1, seed=3)
    assert {"benign", "crawler", "account_sharing"} <= {label.category for label in one.labels}
    assert b"u0000000" in {key for key, _, _ in one.entitlements}
    assert [time for _, _, time in one.events] == sorted(time for _, _, time in one.events)


def metrics_page(**frontiers: float) -> str:
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    metrics.events.labels("request").inc(5)
    metrics.events.labels("logout").inc(2)
    metrics.events_rejected.labels("not_json").inc(1)
    metrics.late_events.inc(3)
    metrics.duplicate_events.inc(4)
    metrics.alerts.labels("crawler", "warn").inc(2)
    metrics.frontier_timestamp_seconds.labels("accounts", "0").set(1.0)
    for partition, seconds in frontiers.items():
        metrics.frontier_timestamp_seconds.labels("cases", partition).set(seconds)
    return generate_latest(registry).decode()


def test_every_event_counts_as_done_wherever_it_ended() -> None:
    found = parse_metrics(metrics_page(a=1_780_243_200.123, b=1_780_243_201.0), 2)
    assert Reading(done=15, rejected=1, alerts=2, decided_ms=1_780_243_200_123) == found


def test_nothing_is_decided_while_a_partition_has_told_nothing() -> None:
    assert 0 == parse_metrics(metrics_page(a=1_780_243_200.0), 2).decided_ms
    assert Reading(0, 0, 0, 0) == parse_metrics("", 2)


async def test_a_worker_that_ends_is_told_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        worker_module, "COMMAND", (sys.executable, "-c", "print('one\\ntwo\\nthree\\nfour'); exit(3)")
    )
    log = tmp_path / "worker.log"
    with running_worker({}, log, port=1, findings=2) as worker:
        with pytest.raises(UnavailableError, match=r"ended with code 3; its log is .*\ntwo\nthree\nfour$"):
            await worker.until(lambda _: False)
        with pytest.raises(UnavailableError, match="ended with code 3"):
            worker.wait_until_ready()


async def test_a_worker_that_stands_still_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "COMMAND", ("/bin/sleep", "60"))
    monkeypatch.setattr(worker_module, "_PATIENCE_S", 0.01)
    with (
        running_worker({}, tmp_path / "worker.log", port=1, findings=2) as worker,
        pytest.raises(UnavailableError, match=r"does not get on for 0\.01 s; its log is"),
    ):
        await worker.until(lambda _: False)
    assert worker.process.returncode is not None


def alert(case: str, action: str, cities: list[str], score: float = 0.5, decided: int = 1) -> bytes:
    evidence = [{"city": city} for city in cities]
    return json.dumps(
        {"decided_time": decided, "case_id": case, "sequence": 1, "action": action, "score": score}
        | {"evidence": evidence}
    ).encode()


def test_the_file_of_alerts_is_in_the_order_of_decisions() -> None:
    late, early = alert("a", "warn", [], decided=2), alert("b", "warn", [], decided=1)
    assert [early, late] == command._in_order([late, early])


def test_the_alert_shown_is_a_step_with_two_cities_and_little_evidence() -> None:
    alerts = [
        alert("note", "observe", ["A", "B"]),
        alert("long", "warn", ["A", "B", "A", "B"], 0.9),
        alert("telling", "warn", ["A", "B"], 0.6),
        alert("one city", "restrict", ["A"], 1.0),
    ]
    assert "telling" == command._telling([json.loads(each) for each in alerts])["case_id"]


def test_a_file_that_cannot_be_written_is_told_before_anything_starts(
    tmp_path: Path, started: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    assert 1 == main(["demo", "--out", str(tmp_path / "nowhere" / "a.jsonl")])
    assert "cannot write" in capsys.readouterr().err
    assert [] == started


def test_looking_whether_a_file_can_be_written_leaves_none(tmp_path: Path) -> None:
    command._check_writable(tmp_path / "new.jsonl")
    (tmp_path / "old.jsonl").write_bytes(b"alerts of before")
    command._check_writable(tmp_path / "old.jsonl")
    assert {"old.jsonl": b"alerts of before"} == {path.name: path.read_bytes() for path in tmp_path.iterdir()}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_whoever_is_told_to_end_cleans_up(
    number: signal.Signals, started: list[object], tmp_path: Path
) -> None:
    """A signal ends the demo as Ctrl-C does, so that what was started ends with it."""
    before = signal.getsignal(number)
    try:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(command, "simulated", lambda **_: signal.raise_signal(number))
            assert 130 == main(["demo", "--out", str(tmp_path / "a.jsonl")])
    finally:
        signal.signal(number, before)
    assert 2 == len(started)
    assert [] == list(tmp_path.iterdir())


def test_whose_data_it_is_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    show_attributions(in_use(Settings()))
    said = capsys.readouterr().err
    assert 1 == said.count("\n")
    assert all(word in said for word in ("https://db-ip.com", "CC BY 4.0", "RouteViews", "NRO"))


def test_the_workers_log_stays_only_where_an_error_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(worker_module, "COMMAND", ("/bin/sleep", "60"))
    with surroundings(BROKERS, REDIS, {}) as around:
        with pytest.raises(KeyboardInterrupt), command._worker(around):
            raise KeyboardInterrupt
        assert [] == list(tmp_path.iterdir())
        with pytest.raises(UnavailableError), command._worker(around):
            raise UnavailableError("see the log")
    assert ["worker.log"] == [path.name for path in tmp_path.glob("*/*")]


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["demo", "--help"])
    assert "Example: detector demo" in capsys.readouterr().out

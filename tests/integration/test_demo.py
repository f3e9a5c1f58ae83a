"""The whole demo, as a person runs it: on what it starts itself, and on a running Kafka and Redis."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from detector.cli import main
from tests.integration.live import comparable

SMALL = ("--accounts", "100", "--days", "1", "--seed", "7")
DEMO = (sys.executable, "-m", "detector", "demo", *SMALL)
PATIENCE_S = 90.0


def run(*command: str) -> str:
    """Run a command to its end and return what it printed; on stderr it may say whose data it shows."""
    done = subprocess.run(  # noqa: S603  # the tests' own commands
        command, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    complaints = [line for line in done.stderr.splitlines() if not line.startswith("Places and networks: ")]
    assert (0, []) == (done.returncode, complaints), done.stdout
    return done.stdout


def alerts_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[dict[str, Any]]]:
    """What a demo on its own servers printed, and its alerts."""
    out = tmp_path_factory.mktemp("demo") / "alerts.jsonl"
    return run(*DEMO, "--out", str(out)), alerts_of(out)


def test_the_demo_shows_what_came_of_it(embedded: tuple[str, list[dict[str, Any]]]) -> None:
    said, alerts = embedded
    assert re.match(r"[\d,]+ events of 100 .* \(seed 7\) in [\d.]+ s: [\d,]+ events/s\n", said)
    assert re.search(r"\ncategory .*\n", said)
    assert re.search(r"\n[1-9]\d* of \d+ labelled abusers caught, \d+ of \d+ innocent accounts hit", said)
    assert '"schema": "alert/1"' in said
    assert f"{len(alerts)} lines of JSON" in said
    *_, last = said.splitlines()
    assert all(word in last for word in ("IP Geolocation by DB-IP (https://db-ip.com)", "RouteViews", "NRO"))


def test_a_replay_of_the_history_gives_the_same_alerts(
    embedded: tuple[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    events, granted, labels, alerts = (str(tmp_path / name) for name in ("e", "g", "l", "a"))
    written = ("--events", events, "--entitlements", granted, "--labels", labels)
    assert 0 == main(["simulate", *SMALL, *written])
    assert 0 == main(["replay", events, "--entitlements", granted, "--alerts", alerts])
    assert comparable(alerts_of(Path(alerts))) == comparable(embedded[1])


def test_on_running_servers_it_gives_the_same_alerts_under_names_of_its_own(
    embedded: tuple[str, list[dict[str, Any]]], kafka: str, redis_url: str, tmp_path: Path
) -> None:
    servers = ("--brokers", kafka, "--redis-url", redis_url)
    said = run(*DEMO, *servers, "--out", str(tmp_path / "alerts.jsonl"))
    alerts = alerts_of(tmp_path / "alerts.jsonl")
    assert comparable(embedded[1]) == comparable(alerts)

    (name,) = re.findall(r"begin with (demo-[0-9a-f]{8})", said)
    account = next(alert["account_id"] for alert in alerts if alert["subject"]["type"] == "account")
    own = ("--group", name, "--topic-session-events", f"{name}-session-events")
    shown = json.loads(run(sys.executable, "-m", "detector", "inspect", account, "--json", *servers, *own))
    assert account == shown["key"]
    assert shown["raised"]


def processes() -> list[tuple[int, int]]:
    """All that run, as (process, parent); one that has ended and waits for its parent runs no more."""
    listed = run("ps", "-A", "-o", "pid=,ppid=,stat=")
    rows = [line.split() for line in listed.splitlines()]
    return [(int(pid), int(parent)) for pid, parent, state in rows if not state.startswith("Z")]


def children(pid: int) -> list[int]:
    """The processes that a process started, and what those started."""
    own = [child for child, parent in processes() if parent == pid]
    return own + [grandchild for child in own for grandchild in children(child)]


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_demo_leaves_nothing_running(by: signal.Signals, tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    command = (*DEMO, "--out", str(tmp_path / "alerts.jsonl"))
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) as demo:  # noqa: S603  # as above
        end = time.monotonic() + PATIENCE_S
        while not list(tmp_path.glob("detector-demo-*/worker.log")):
            assert time.monotonic() < end
            time.sleep(0.05)
        started = children(demo.pid)
        demo.send_signal(by)
        assert 130 == demo.wait(PATIENCE_S)
    assert 2 <= len(started)
    assert [] == [pid for pid, _ in processes() if pid in started]
    assert [] == list(tmp_path.iterdir())

"""A policy that is applied while workers run: the alerts are those of a replay, though a worker is killed."""

import asyncio
import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from detector.moments import moment_text
from tests.integration.live import START_MS, Live, Message, Worker, comparable, last_ms
from tests.policy.making import edited

HALF_MS = START_MS + 12 * 3_600_000
MONTH_MS = 30 * 24 * 3_600_000
PROCESSES = 2
END_MS = START_MS + 18 * 3_600_000
READ = "a policy was applied"
TRIED, ENDS = "a policy is tried out in shadow", "a policy in shadow ends"


async def run(*arguments: str) -> str:
    """Run a command; return what it says."""

    def ended() -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603  # the interpreter that runs the tests
            [sys.executable, "-m", "detector", *arguments],
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )

    done = await asyncio.to_thread(ended)
    assert 0 == done.returncode, done.stderr
    return done.stdout


async def replayed(live: Live, history: list[Message]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the alerts that the command gives for a history in a file, and what was applied meanwhile.

    Beside them, those in shadow.
    """
    events, *paths = (live.folder / name for name in ("events.jsonl", "alerts.jsonl", "shadow.jsonl"))
    events.write_bytes(b"".join(value + b"\n" for _, value in history))
    control = f"kafka://{live.kafka}/{live.names}-control"
    alerts, shadow = paths
    await run("replay", str(events), "--alerts", str(alerts), "--shadow", str(shadow), "--applied", control)
    told, apart = ([json.loads(line) for line in path.read_bytes().splitlines()] for path in paths)
    return told, apart


def read_by_all(worker: Worker, told: str) -> bool:
    """Return whether every process of a worker has told of what it read."""
    return worker.log.read_text().count(told) == PROCESSES


def kept_for_a_month(live: Live) -> bool:
    """Return whether Redis keeps what it is given by now for no longer."""
    return min(asyncio.run(live.lifetimes()).values()) <= MONTH_MS


def policy(folder: Path, name: str = "2", paths: int = 90) -> str:
    """Write a policy under which much is otherwise: what is told, from when on, and by which parameters."""
    path = folder / f"{name}.toml"
    text = edited("[rules.crawl_rate]", f"[rules.crawl_rate]\nparameters = {{ paths = {paths} }}")
    text = text.replace("score = 0.45", "score = 0.3").replace('cooldown = "1d"', 'cooldown = "2h"')
    text = text.replace('windows = "71d"', 'windows = "30d"')
    path.write_text(text.replace('version = "1"', f'version = "{name}"'))
    return str(path)


async def test_a_policy_applied_in_the_middle_of_a_stream_gives_live_what_a_replay_gives(
    live: Live, history: list[Message]
) -> None:
    first = [each for each in history if msgspec.json.decode(each[1])["time"] < HALF_MS]
    second = history[len(first) :]
    group = ("--brokers", live.kafka, "--group", live.names, "--topic-session-events", live.events)
    await live.create(live.events)
    live.settings["DETECTOR_INSTANCE"] = "one"  # static membership: the group need not wait for the dead one
    with live.worker(DETECTOR_PROCESSES=str(PROCESSES)) as worker:
        await live.send(first)
        await live.decided(worker, last_ms(first))
        said = await run("policy", "apply", policy(live.folder), *group)
        assert "version 2, policy_hash " in said
        assert "  cooldown: '1d' -> '2h'\n" in said
        await run("policy", "apply", "--shadow", policy(live.folder, "trial", 45), *group)
        await run("policy", "end", "trial", "--from", moment_text(END_MS), *group)
        for told in (READ, TRIED, ENDS):
            await asyncio.to_thread(worker.until, partial(read_by_all, worker, told))
        await live.send(second[: len(second) // 2])
        await asyncio.to_thread(worker.until, lambda: worker.judged() > len(first) + len(second) // 4)
        assert 0 == sum(worker.metric("detector_controls_late_total").values())
        await asyncio.to_thread(worker.until, partial(kept_for_a_month, live))
        worker.kill()
    with live.worker() as worker:
        await live.send(second[len(second) // 2 :])
        alerts = await live.decided(worker, last_ms(history))
        await asyncio.to_thread(
            worker.until, lambda: any('version="2"' in each for each in worker.metric("detector_policy_info"))
        )
        assert 1 == len(worker.metric("detector_policy_info"))
        await asyncio.to_thread(worker.until, lambda: worker.metric("detector_policy_in_shadow_info") == {})
    shadow = [msgspec.json.decode(record.value) for record in await live.read(live.shadow)]
    expected, expected_apart = await replayed(live, history)
    assert comparable(expected) == comparable(alerts)
    assert comparable(expected_apart) == comparable(shadow)
    assert {"1", "2"} == {alert["policy_version"] for alert in alerts}
    assert {"trial"} == {alert["policy_version"] for alert in shadow}
    assert HALF_MS < max(alert["decided_time"] for alert in shadow) < END_MS
    await check_a_bundle(live, alerts)


async def check_a_bundle(live: Live, alerts: list[dict[str, Any]]) -> None:
    """All of it holds (else the command fails), though nobody has the policies' files."""
    alert = next(
        one for one in alerts if one["policy_version"] == "2" and one["subject"]["type"] == "account"
    )
    topics = {"alerts": live.enforcement, "events": live.events, "applied": f"{live.names}-control"}
    sources = [
        word for name, topic in topics.items() for word in (f"--{name}", f"kafka://{live.kafka}/{topic}")
    ]
    path = live.folder / "bundle.zip"
    said = await run("evidence", "bundle", alert["alert_id"], *sources, "--to", str(path))
    assert said.endswith("everything holds\n")

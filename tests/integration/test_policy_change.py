"""A policy that is applied while workers run: the alerts are those of a replay, though a worker is killed."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec

from tests.integration.live import START_MS, Live, Message, comparable, last_ms
from tests.policy.making import edited

HALF_MS = START_MS + 12 * 3_600_000
PROCESSES = 2
READ = "a policy was applied"


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


async def replayed(live: Live, history: list[Message]) -> list[dict[str, Any]]:
    """Return the alerts that the command gives for a history in a file, and what was applied meanwhile."""
    events, alerts = live.folder / "events.jsonl", live.folder / "alerts.jsonl"
    events.write_bytes(b"".join(value + b"\n" for _, value in history))
    control = f"kafka://{live.kafka}/{live.names}-control"
    await run("replay", str(events), "--alerts", str(alerts), "--applied", control)
    return [json.loads(line) for line in alerts.read_bytes().splitlines()]


def policy(folder: Path) -> str:
    """Write a policy under which much is otherwise: what is told, from when on, and by which parameters."""
    path = folder / "policy.toml"
    text = edited("[rules.crawl_rate]", "[rules.crawl_rate]\nparameters = { paths = 90 }")
    text = text.replace("score = 0.45", "score = 0.3").replace('cooldown = "1d"', 'cooldown = "2h"')
    path.write_text(text.replace('version = "1"', 'version = "2"'))
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
        await asyncio.to_thread(worker.until, lambda: worker.log.read_text().count(READ) == PROCESSES)
        await live.send(second[: len(second) // 2])
        await asyncio.to_thread(worker.until, lambda: worker.judged() > len(first) + len(second) // 4)
        assert 0 == sum(worker.metric("detector_controls_late_total").values())
        worker.kill()
    with live.worker() as worker:
        await live.send(second[len(second) // 2 :])
        alerts = await live.decided(worker, last_ms(history))
        await asyncio.to_thread(
            worker.until, lambda: any('version="2"' in each for each in worker.metric("detector_policy_info"))
        )
        assert 1 == len(worker.metric("detector_policy_info"))
    assert comparable(await replayed(live, history)) == comparable(alerts)
    assert {"1", "2"} == {alert["policy_version"] for alert in alerts}

"""`detector evidence` on topics: beside a worker, after it, and when something is not as it was."""

import asyncio
import io
import json
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from typing import Any
from zipfile import ZipFile

import msgspec
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.structs import TopicPartition

from detector.alerts import Alert
from detector.cli import main
from detector.evidence import head_of
from tests.integration.live import FINDINGS, PARTITIONS, Live, Message, last_ms

Json = dict[str, Any]
SHARDS = 10
"""Of four partitions of events, four of crowds and two of findings."""


def verify(live: Live, *more: str, topic: str = "") -> tuple[int, list[str]]:
    """Check the group's alerts, or another topic; return the exit code and what is said."""
    where = url(live, topic or live.enforcement)
    code, said, errors = evidence("verify", where, "--group", live.names, *more)
    assert "" == errors
    return code, said


def bundle(live: Live, alert: Json, name: str) -> tuple[int, dict[str, bytes]]:
    """Write a bundle about one of them; return the exit code and its files."""
    path = live.folder / name
    sources = ("--alerts", url(live, live.enforcement), "--events", url(live, live.events))
    late = ("--late", url(live, f"{live.names}-late"))
    code, _, errors = evidence("bundle", alert["alert_id"], *sources, *late, "--to", str(path))
    assert path.exists(), errors
    with ZipFile(path) as archive:
        return code, {name: archive.read(name) for name in archive.namelist()}


def url(live: Live, topic: str) -> str:
    return f"kafka://{live.kafka}/{topic}"


def evidence(*arguments: str) -> tuple[int, list[str], str]:
    """Run the command; return its exit code, what it says, and what it complains of."""
    said, complained = io.StringIO(), io.StringIO()
    with redirect_stdout(said), redirect_stderr(complained):
        code = main(["evidence", *arguments])
    return code, said.getvalue().splitlines(), complained.getvalue()


async def test_chains_hold_beside_a_worker_and_what_was_done_to_them_shows(
    live: Live, history: list[Message]
) -> None:
    await live.create(live.events)
    with live.worker() as worker:
        await asyncio.to_thread(worker.until, lambda: worker.owned() == SHARDS)
        beside = await checked_beside(live, history)
        alerts = await live.decided(worker, last_ms(history))
    assert {0} == {code for code, _ in beside}, beside
    assert len(alerts) > 10

    code, (said,) = await asyncio.to_thread(verify, live)
    cases = len({alert["case_id"] for alert in alerts})
    assert (0, f"{len(alerts)} alerts of {cases} cases: every chain holds; heads checked") == (code, said)

    await check_a_bundle(live, alerts)
    await check_a_tail_that_is_cut_off(live, alerts)
    await check_a_case_that_was_closed(live, alerts[0]["case_id"])
    await check_what_was_added(live, alerts[0])
    await check_what_retention_took(live)


async def checked_beside(live: Live, history: Sequence[Message]) -> list[tuple[int, list[str]]]:
    """Check again and again while alerts are decided."""
    quarter = len(history) // 4 + 1
    said = []
    for start in range(0, len(history), quarter):
        await live.send(history[start : start + quarter])
        said.append(await asyncio.to_thread(verify, live))
    return said


async def check_a_bundle(live: Live, alerts: Sequence[Json]) -> None:
    """All of it holds while the topic has the events; then some of them are gone."""
    alert = next(one for one in reversed(alerts) if one["subject"]["type"] == "account" and one["evidence"])
    code, files = await asyncio.to_thread(bundle, live, alert, "whole.zip")
    assert 0 == code, files["record/recomputation.json"]
    enclosed = [json.loads(line)["event_id"] for line in files["holder/events.jsonl"].splitlines()]
    entries = json.loads(files["record/exhibits.json"])
    assert enclosed == [each["event_id"] for each in entries if each["enclosed"]]
    origins = [event["origin"] for event in alert["evidence"]]
    assert [
        f"{live.events}, partition {origin['partition']}, offset {origin['offset']}" for origin in origins
    ] == [each["place"] for each in entries]

    await let_go(live, live.events, {origins[0]["partition"]: origins[0]["offset"] + 1})
    code, files = await asyncio.to_thread(bundle, live, alert, "late.zip")
    entries = json.loads(files["record/exhibits.json"])
    assert (1, "gone") == (code, entries[0]["why"])


async def check_a_tail_that_is_cut_off(live: Live, alerts: Sequence[Json]) -> None:
    """Heads that were kept elsewhere say that there was one alert more."""
    heads = {alert["case_id"]: msgspec.convert(alert, Alert) for alert in alerts}
    lines = [msgspec.to_builtins(head_of(alert)) for alert in heads.values()]
    path = live.folder / "heads.jsonl"
    path.write_bytes(b"\n".join(map(msgspec.json.encode, lines)))
    assert 0 == (await asyncio.to_thread(verify, live, "--heads", str(path)))[0]
    lines[0]["sequence"] += 1
    path.write_bytes(b"\n".join(map(msgspec.json.encode, lines)))
    code, (found, _) = await asyncio.to_thread(verify, live, "--heads", str(path))
    assert (1, "at the end") == (code, found.partition(":")[0])


async def check_a_case_that_was_closed(live: Live, case_id: str) -> None:
    """A case that is no longer in the topic of cases is counted, its alerts are checked all the same."""
    async with live._producer() as producer:
        for partition in range(FINDINGS):
            await producer.send(f"{live.names}-cases", None, key=case_id.encode(), partition=partition)
    code, (said,) = await asyncio.to_thread(verify, live)
    assert (0, True) == (code, "; heads checked; 1 case whose head is no longer kept" in said)


async def check_what_was_added(live: Live, alert: Json) -> None:
    """An alert that comes again, and one that is none."""
    key = alert["subject"]["id"].encode()
    await live.send([(key, json.dumps(alert).encode()), (key, b"nonsense")], live.enforcement)
    code, (*found, _) = await asyncio.to_thread(verify, live)
    assert (1, 2) == (code, len(found))
    assert all(line.startswith(f"{live.enforcement}, partition ") for line in found)
    assert "not an alert" in found[1]


async def check_what_retention_took(live: Live) -> None:
    """A topic whose first messages are gone accuses nobody of it."""
    ends = dict.fromkeys(range(PARTITIONS), 0)
    for record in await live.read(live.enforcement):
        ends[record.partition] = max(ends[record.partition], record.offset + 1)
    await let_go(live, live.enforcement, ends)
    code, (said,) = await asyncio.to_thread(verify, live)
    assert (0, True) == (code, said.startswith("0 alerts of 0 cases: every chain holds; heads checked; "))
    assert said.endswith(" of cases from before the first alert here")


async def let_go(live: Live, topic: str, before: dict[int, int]) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=live.kafka)
    await admin.start()
    try:
        await admin.delete_records(
            {TopicPartition(topic, each): RecordsToDelete(end) for each, end in before.items() if end}
        )
    finally:
        await admin.close()

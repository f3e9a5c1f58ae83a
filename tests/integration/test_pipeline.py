import asyncio
import json
import random
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from detector.feedback import Feedback, StampedFeedback, Verdict
from detector.formats import FORMATS, open_lines, source_of
from tests.integration.live import START_MS, Live, Message, a_day, comparable, last_ms, replayed

REAL_LOG = Path(__file__).parents[1] / "data" / "elastic_apache_logs.gz"
LATENESS_MS = 5_000
SHARDS = 10
"""Of four partitions of events, four of crowds and two of findings."""


@pytest.fixture(scope="module")
def history() -> list[Message]:
    """A day of a hundred accounts, and a farm's sign-ups."""
    return a_day(farm())


@pytest.fixture(scope="module")
def expected(history: list[Message]) -> list[dict[str, Any]]:
    """What a replay of the history says."""
    return replayed(history)


def farm() -> list[tuple[bytes, bytes, int]]:
    """Accounts that one device registers at two addresses, over two hours: many partitions, one crowd."""
    told = []
    for number in range(40):
        account, time = f"farm{number:03}", START_MS + 7_200_000 + number * 180_000
        event = {
            "event_id": f"farm-{number}",
            "type": "registration",
            "time": time,
            "account_id": account,
            "device_id": "farm-device",
            "ip": ["123.125.81.6", "116.228.111.118"][number % 2],
            "registration": {"username": f"lucky{number}", "email_domain": "mail.example"},
        }
        told.append((account.encode(), json.dumps(event).encode(), time))
    return told


def jumbled(history: Sequence[Message], seed: int) -> list[Message]:
    """The same events out of order, by less than the allowed lateness, some of them twice."""
    rng = random.Random(seed)
    twice = [*history, *rng.sample(history, len(history) // 20)]
    return sorted(twice, key=lambda sent: msgspec.json.decode(sent[1])["time"] + rng.randrange(LATENESS_MS))


async def test_live_alerts_are_those_of_a_replay(
    live: Live, history: list[Message], expected: list[dict[str, Any]]
) -> None:
    await live.create(live.events)
    await live.send(jumbled(history, seed=1))
    with live.worker() as worker:
        alerts = await live.decided(worker, last_ms(history))
        assert 0 == worker.stop()
    assert len(expected) > 10
    assert "device" in {alert["subject"]["type"] for alert in expected}
    assert comparable(expected) == comparable(alerts)
    await check_origins(live, alerts)


async def check_origins(live: Live, alerts: Sequence[dict[str, Any]]) -> None:
    """Every event of evidence lies where it says."""
    lies = {
        (record.topic, record.partition, record.offset): msgspec.json.decode(record.value)
        for record in await live.read(live.events)
    }
    for shown in (event for alert in alerts for event in alert["evidence"]):
        origin = shown["origin"]
        event = lies[origin["topic"], origin["partition"], origin["offset"]]
        assert {name: event[name] for name in ("event_id", "time", "type", "ip")} == {
            name: shown[name] for name in ("event_id", "time", "type", "ip")
        }


def spoken(alerts: Sequence[dict[str, Any]]) -> list[StampedFeedback]:
    """Verdicts on a history's alerts, each half an hour after its alert; those on steps explain them away."""
    others: tuple[Verdict, ...] = ("true_positive", "carried_out", "false_positive", "benign")
    said = []
    for number, alert in enumerate(alerts):
        step = alert["action"] == "restrict"
        verdict = "false_positive" if step and number % 2 else "benign" if step else others[number % 4]
        time = alert["decided_time"] + 1_800_000
        about = Feedback(alert["alert_id"], verdict, "ann", time)
        said.append(StampedFeedback(alert["subject"]["id"], time, about))
    return said


async def test_feedback_sent_ahead_counts_live_as_in_a_replay(
    live: Live, history: list[Message], expected: list[dict[str, Any]]
) -> None:
    said = spoken(expected)
    await live.create(live.events, live.feedback)
    await live.send([(one.key.encode(), msgspec.json.encode(one.feedback)) for one in said], live.feedback)
    await live.send(jumbled(history, seed=4))
    with live.worker() as worker:
        alerts = await live.decided(worker, last_ms(history))
        counted = sum(worker.metric("detector_feedback_total").values())
        assert 0 == sum(worker.metric("detector_controls_late_total").values())
    assert "release" in {alert["action"] for alert in alerts}
    assert comparable(replayed(history, feedback=said)) == comparable(alerts)
    assert 0 < counted <= len(said)


def behind_proxies() -> list[Message]:
    """Four crawlers, each through four of sixteen proxies, and one whose address is oddly written."""
    clients = ["116.228.111.118", "123.125.81.6", "183.60.83.19", "2001:da8:8000::1"]
    told = []
    for number in range(12_000):
        peer = f"10.0.0.{number % 16 + 1}" if number % 5 else "::ffff:117.136.0.7"
        event = {
            "event_id": f"r{number}",
            "type": "request",
            "time": START_MS + number * 20,
            "ip": peer,
            "forwarded_for": [clients[number % 4]],
            "method": "GET",
            "path": f"/item/{number}",
            "status": 200,
        }
        told.append((f"anon:{peer}".encode(), json.dumps(event).encode()))
    return told


async def test_live_alerts_are_those_of_a_replay_where_proxies_stand_between(live: Live) -> None:
    told = behind_proxies()
    await live.create(live.events)
    await live.send(jumbled(told, seed=3))
    with live.worker(DETECTOR_TRUSTED_PROXIES="10.0.0.0/8") as worker:
        alerts = await live.decided(worker, last_ms(told))
        assert 0 == sum(worker.metric("detector_misrouted_events_total").values())
    expected = replayed(told, ["10.0.0.0/8"])
    assert {"116.228.111.118", "117.136.0.7", "2001:da8:8000::/64"} <= {
        alert["subject"]["id"] for alert in expected
    }
    assert comparable(expected) == comparable(alerts)


async def test_bad_and_late_events_go_their_ways_and_disturb_no_other_and_nothing_is_left_to_read(
    live: Live, history: list[Message], expected: list[dict[str, Any]]
) -> None:
    await live.create(live.events)
    key, value = history[0]
    old = json.dumps(msgspec.json.decode(value) | {"event_id": "old", "time": START_MS - 3_600_000}).encode()
    await live.send([*history, (key, b"\xff"), (key, old)])
    with live.worker() as worker:
        alerts = await live.decided(worker, last_ms(history))

        def nothing_left() -> bool:
            lag = worker.metric("detector_consumer_lag")
            return SHARDS == len(lag) and not any(lag.values())

        await asyncio.to_thread(worker.until, nothing_left)
    assert comparable(expected) == comparable(alerts)
    (late,) = await live.read(f"{live.names}-late")
    assert (key, old) == (late.key, late.value)
    (dead,) = await live.read(f"{live.names}-dlq")
    assert (key, b"\xff") == (dead.key, dead.value)
    headers = dict(dead.headers)
    assert (b"not_utf8", live.events.encode()) == (headers["reason"], headers["topic"])
    assert {"error", "reason", "topic", "partition", "offset"} == set(headers)


@pytest.mark.parametrize(("processes", "kills"), [(1, 2), (2, 1)])
async def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(
    live: Live, history: list[Message], expected: list[dict[str, Any]], processes: int, kills: int
) -> None:
    await live.create(live.events)
    live.settings["DETECTOR_PROCESSES"] = str(processes)
    live.settings["DETECTOR_INSTANCE"] = "one"  # static membership: the group need not wait for the dead one
    sent = jumbled(history, seed=2)
    size = len(sent) // (kills + 1)
    for start in range(0, kills * size, size):
        with live.worker() as worker:
            await live.send(sent[start : start + size])
            await asyncio.to_thread(worker.until, lambda: worker.judged() > size // 3)
            worker.kill()
    with live.worker() as worker:
        await live.send(sent[kills * size :])
        alerts = await live.decided(worker, last_ms(history))
    assert comparable(expected) == comparable(alerts)


async def test_what_a_stopped_worker_owned_is_taken_over_by_the_other(
    live: Live, history: list[Message], expected: list[dict[str, Any]]
) -> None:
    await live.create(live.events)
    half = len(history) // 2
    with live.worker() as first, live.worker() as second:
        await asyncio.to_thread(first.until, lambda: 0 < second.owned() == SHARDS - first.owned() < SHARDS)
        await live.send(history[:half])
        await asyncio.to_thread(first.until, lambda: first.judged() > 0)
        assert 0 == first.stop()
        await live.send(history[half:])
        alerts = await live.decided(second, last_ms(history))
        assert SHARDS == second.owned()
    assert comparable(expected) == comparable(alerts)


async def test_a_worker_frozen_past_its_session_doubles_nothing_when_it_wakes(
    live: Live, history: list[Message], expected: list[dict[str, Any]]
) -> None:
    await live.create(live.events)
    half = len(history) // 2
    with live.worker() as first, live.worker() as second:
        await asyncio.to_thread(first.until, lambda: first.owned() > 0 and second.owned() > 0)
        await live.send(history[:half])
        await asyncio.to_thread(first.until, lambda: first.judged() > 0)
        first.process.send_signal(signal.SIGSTOP)
        await live.send(history[half:])
        await asyncio.to_thread(second.until, lambda: second.owned() == SHARDS)
        first.process.send_signal(signal.SIGCONT)
        await asyncio.to_thread(first.until, lambda: first.owned() > 0)
        alerts = await live.decided_by(last_ms(history), first, second)
    assert comparable(expected) == comparable(alerts)


async def test_rows_lost_with_redis_are_folded_again(
    live: Live, redis_apart: str, history: list[Message], expected: list[dict[str, Any]]
) -> None:
    live.redis_url = redis_apart
    await live.create(live.events)
    third = len(history) // 3
    with live.worker() as worker:
        await live.send(history[:third])
        await asyncio.to_thread(worker.until, lambda: worker.judged() > third // 2)
        await wipe(live.redis_url)
        await live.send(history[third:])
        alerts = await live.decided(worker, last_ms(history))
    assert comparable(expected) == comparable(alerts)


async def wipe(url: str) -> None:
    from redis.asyncio import Redis  # noqa: PLC0415  # nothing else here speaks to Redis

    client = Redis.from_url(url)
    await client.flushall()
    await client.aclose()


async def test_a_real_access_log_gives_through_kafka_what_it_gives_from_its_file(live: Live) -> None:
    form, source = FORMATS["combined"], source_of(str(REAL_LOG))
    events = [form.convert(source, number, line) for number, line in open_lines(REAL_LOG)]
    log = [
        (f"anon:{msgspec.json.decode(event)['ip']}".encode(), event)
        for event in events
        if isinstance(event, bytes)
    ]
    assert 9_999 == len(log)
    log.sort(
        key=lambda sent: (msgspec.json.decode(sent[1])["time"], msgspec.json.decode(sent[1])["event_id"])
    )
    await live.create(live.events)
    await live.send(log)
    with live.worker() as worker:
        alerts = await live.decided(worker, last_ms(log))
    expected = comparable(replayed(log))
    assert expected == comparable(alerts)
    assert {"crawler", "probing"} == {alert["category"] for alert in alerts}

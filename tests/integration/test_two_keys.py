"""Workers that get another key in the middle of a day: the alerts are those of a replay."""

import asyncio
import json
from typing import Any

from redis.asyncio import Redis

from detector.keyring import ACCOUNT, Keyring
from detector.stream.stored_under import decode_stored
from tests.integration.live import PATIENCE_S, START_MS, Live, Message, a_day, comparable, last_ms, replayed
from tests.support.events import BEIJING, DESKTOP, SHANGHAI

OLD, NEW = "the old one", "the new one"
HOUR_MS = 3_600_000
CHANGE_MS = START_MS + 12 * HOUR_MS


def carried_off() -> list[tuple[bytes, bytes, int]]:
    """Two people whose sessions of before the change a script goes on with, after it."""
    told = []
    for who in ("ann", "ben"):
        script = {"type": "request", "ip": SHANGHAI, "user_agent": "python-requests/2.32.3"}
        page = {"method": "GET", "path": "/api/exports", "status": 200}
        holder = {"type": "login_success", "ip": BEIJING, "user_agent": DESKTOP, "device_id": f"{who}-pc"}
        for hours, session, said in (
            (-1, "first", holder),
            (-0.5, "next", holder),
            (1, "first", script | page),
        ):
            time = CHANGE_MS + int(hours * HOUR_MS)
            own = {
                "event_id": f"{who}{hours}",
                "account_id": who,
                "time": time,
                "session_id": f"{who}-{session}",
            }
            told.append((who.encode(), json.dumps(own | said).encode(), time))
    return told


def a_day_in_two() -> tuple[list[Message], list[Message]]:
    """The events before the change, and those after it."""
    history = a_day(carried_off())
    times = [json.loads(value)["time"] for _, value in history]
    first = sum(time < CHANGE_MS for time in times)
    return history[:first], history[first:]


async def kept(live: Live) -> tuple[set[str], set[str]]:
    """The names of all rows in Redis, and the keys that checkpoints were written under."""
    redis = Redis.from_url(live.redis_url)
    names, keys = set[str](), set[str]()
    try:
        async for key in redis.scan_iter(match=f"{live.names}:*"):
            if key.endswith(b":checkpoint"):
                payload: Any = await redis.hget(key, "payload")
                keys |= set(decode_stored(payload).keys) if payload else set()
            elif b":row:" in key:
                names.add(key.decode().rpartition(":")[2])
        return names, keys
    finally:
        await redis.aclose()


def names_of(keyring: Keyring, history: list[Message]) -> set[str]:
    return {keyring.first.name(key.decode(), ACCOUNT).hex() for key, _ in history}


async def test_alerts_are_those_of_a_replay_when_the_key_changes_between(live: Live) -> None:
    old, new = Keyring(OLD), Keyring(NEW)
    before, after = a_day_in_two()
    await live.create(live.events)
    await live.send(before)
    with live.worker(DETECTOR_PSEUDONYM_KEY=OLD) as worker:
        await live.decided(worker, last_ms(before))
        assert 0 == worker.stop()
    with live.worker(DETECTOR_PSEUDONYM_KEY=NEW) as forgetful:
        assert 1 == await asyncio.to_thread(forgetful.process.wait, PATIENCE_S)
    assert f"under the pseudonym key {old.first.fingerprint} until" in forgetful.log.read_text()
    await live.send(after)
    with live.worker(DETECTOR_PSEUDONYM_KEY=NEW, DETECTOR_PSEUDONYM_KEY_OTHER=OLD) as worker:
        alerts = await live.decided(worker, last_ms(after))
        assert 0 < sum(worker.metric("detector_rows_rekeyed_total").values())
        assert 0 == worker.stop()
    expected = replayed([*before, *after])
    assert {"ann", "ben"} <= {alert["subject"]["id"] for alert in expected}
    assert comparable(expected) == comparable(alerts)
    names, keys = await kept(live)
    assert set() == names & names_of(old, after)
    assert names_of(new, after) <= names
    assert {*old.fingerprints, *new.fingerprints} == keys

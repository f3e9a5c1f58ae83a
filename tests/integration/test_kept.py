"""What a whole run keeps and says: no secret anywhere, and no identifier in Redis, in logs or in metrics."""

import asyncio
import urllib.request
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from redis.asyncio import Redis

from detector.simulate import History, messages, shipped_pools
from tests.integration.live import Live, Message, last_ms

START_MS = 1_780_243_200_000
SECRET = "planted-7d1f"  # noqa: S105  # the one that is looked for
SHORTEST = 6
"""A shorter text is found anywhere by chance."""


def with_secrets(event: dict[str, Any]) -> dict[str, Any]:
    """What a careless platform sends along: passwords, tokens and bodies, beside the fields and in them."""
    careless = event | {
        "password": f"{SECRET}-password",
        "headers": {"authorization": f"Bearer {SECRET}-bearer", "cookie": [f"sid={SECRET}-cookie"]},
        "body": f'{{"password": "{SECRET}-body"}}',
    }
    if "path" in event:
        careless["path"] = f"{event['path']}?access_token={SECRET}-query"
    return careless


def identifiers(events: list[dict[str, Any]]) -> Iterator[str]:
    for event in events:
        yield from (event[name] for name in ("account_id", "device_id", "session_id", "ip") if name in event)
        yield from event.get("forwarded_for", [])
        yield from event.get("registration", {}).values()


@pytest.fixture(scope="module")
def told() -> list[dict[str, Any]]:
    made = History(accounts=60, days=1, seed=11, start_ms=START_MS, pools=shipped_pools())
    in_order = sorted(messages(made), key=lambda each: each[2])
    return [with_secrets(msgspec.json.decode(event)) for _, event, _ in in_order]


async def kept_in(redis_url: str, group: str) -> bytes:
    """Everything that Redis holds of a group: names and values."""
    redis = Redis.from_url(redis_url)
    try:
        found = []
        async for key in redis.scan_iter(match=f"{group}:*"):
            kind = await redis.type(key)
            values = await redis.hgetall(key) if kind == b"hash" else {b"": await redis.get(key)}
            found += [key, *(part for item in values.items() for part in item)]
        return b"\n".join(found)
    finally:
        await redis.aclose()


def page(port: int) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        return bytes(answer.read())


async def test_no_secret_is_kept_and_identifiers_only_in_alerts(
    live: Live, told: list[dict[str, Any]]
) -> None:
    history: list[Message] = [
        ((event.get("account_id") or f"anon:{event['ip']}").encode(), msgspec.json.encode(event))
        for event in told
    ]
    await live.create(live.events)
    await live.send(history)
    with live.worker(DETECTOR_PSEUDONYM_KEY=f"{SECRET}-key", DETECTOR_LOG_LEVEL="debug") as worker:
        alerts = msgspec.json.encode(await live.decided(worker, last_ms(history)))
        shown = await asyncio.to_thread(page, worker.port)
        assert 0 == worker.stop()
    texts = {
        "alerts": alerts,
        "metrics": shown,
        "Redis": await kept_in(live.redis_url, live.names),
        "the log": worker.log.read_bytes(),
    }
    assert min(map(len, texts.values())) > 1_000
    assert [] == [where for where, text in texts.items() if SECRET.encode() in text]
    raw = {text for text in identifiers(told) if len(text) >= SHORTEST}
    found = {where: {each for each in raw if each.encode() in text} for where, text in texts.items()}
    assert found.pop("alerts")
    assert {where: set() for where in found} == found

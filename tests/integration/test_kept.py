"""What a whole run keeps and says: no secret anywhere, identifiers only in alerts and sealed ledgers."""

import asyncio
import urllib.request
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from redis.asyncio import Redis

from detector.keyring import Keyring
from detector.simulate import History, messages, shipped_pools
from tests.integration.live import Live, Message, last_ms
from tests.integration.test_evidence import bundle

START_MS = 1_780_243_200_000
SECRET = "planted-7d1f"  # noqa: S105  # the one that is looked for
KEY = f"{SECRET}-key"
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


async def kept_in(redis_url: str, group: str) -> dict[str, bytes]:
    """Everything that Redis holds of a group, names and values, and what of it the worker's key opens."""
    redis, key = Redis.from_url(redis_url), Keyring(KEY).first
    found: dict[str, list[bytes]] = {"Redis": [], "rows": [], "ledgers": []}
    try:
        async for name in redis.scan_iter(match=f"{group}:*"):
            kind = await redis.type(name)
            values: dict[Any, Any] = (
                await redis.hgetall(name) if kind == b"hash" else {b"": await redis.get(name)}
            )
            found["Redis"] += [name, *(part for item in values.items() for part in item)]
            _, what, digest = name.decode().rsplit(":", 2)
            if what in {"row", "ledger"}:
                found[f"{what}s"].append(key.open(what.encode(), bytes.fromhex(digest), values[b""]))
        return {where: b"\n".join(texts) for where, texts in found.items()}
    finally:
        await redis.aclose()


def page(port: int) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        return bytes(answer.read())


async def test_no_secret_is_kept_and_identifiers_only_in_alerts_and_sealed_ledgers(
    live: Live, told: list[dict[str, Any]]
) -> None:
    history: list[Message] = [
        ((event.get("account_id") or f"anon:{event['ip']}").encode(), msgspec.json.encode(event))
        for event in told
    ]
    await live.create(live.events)
    await live.send(history)
    with live.worker(DETECTOR_PSEUDONYM_KEY=KEY, DETECTOR_LOG_LEVEL="debug") as worker:
        decided = await live.decided(worker, last_ms(history))
        shown = await asyncio.to_thread(page, worker.port)
        assert 0 == worker.stop()
    texts = {
        "alerts": msgspec.json.encode(decided),
        "metrics": shown,
        **await kept_in(live.redis_url, live.names),
        "the log": worker.log.read_bytes(),
    }
    assert min(map(len, texts.values())) > 1_000
    assert [] == [where for where, text in texts.items() if SECRET.encode() in text]
    raw = {text for text in identifiers(told) if len(text) >= SHORTEST}
    await check_a_bundle(live, decided)
    found = {where: {each for each in raw if each.encode() in text} for where, text in texts.items()}
    assert found.pop("alerts")
    assert found.pop("ledgers")
    assert {where: set() for where in found} == found


async def check_a_bundle(live: Live, decided: list[dict[str, Any]]) -> None:
    """Of what a holder did himself he gets every event, with paths, and no secret; nor does the record."""
    alert = next(
        each
        for each in decided
        if each["subject"]["type"] == "account" and "request" in {seen["type"] for seen in each["evidence"]}
    )
    _, files = await asyncio.to_thread(bundle, live, alert, "kept.zip")
    enclosed = [msgspec.json.decode(line) for line in files["holder/events.jsonl"].splitlines()]
    assert any("path" in event for event in enclosed)
    assert [] == [name for name, content in files.items() if SECRET.encode() in content]

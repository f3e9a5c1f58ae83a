"""A Redis that may evict rows is named at the start; and a Redis reached through its socket."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from redis.asyncio import Redis

from detector.errors import UnavailableError
from detector.stores import RedisStore
from detector.stores.redis_client import parse_address

POLICY = "maxmemory-policy"


@pytest.fixture
async def redis(redis_apart: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(redis_apart)
    before = (await client.config_get(POLICY))[POLICY] or "noeviction"
    yield client
    await client.config_set(POLICY, before)
    await client.aclose()


async def warnings_at_start(url: str, log: pytest.LogCaptureFixture) -> list[str]:
    """Claim two shards at once, as a worker does at its start, and return what was warned of."""
    store = RedisStore.from_url(url, group=f"evict-{secrets.token_hex(8)}")
    with log.at_level(logging.WARNING, logger="detector"):
        await asyncio.gather(store.claim("accounts-00"), store.claim("accounts-01"))
        await store.claim("accounts-02")
    await store.close()
    return [record.getMessage() for record in log.records if record.name.startswith("detector")]


@pytest.mark.parametrize("policy", ["allkeys-lru", "volatile-ttl"])
async def test_a_redis_that_may_evict_rows_is_warned_of_once(
    redis: Redis, redis_apart: str, caplog: pytest.LogCaptureFixture, policy: str
) -> None:
    await redis.config_set(POLICY, policy)

    (said,) = await warnings_at_start(redis_apart, caplog)

    for part in (policy, "new account", "noeviction", str(parse_address(redis_apart))):
        assert part in said
    assert "\n" not in said


async def test_a_redis_that_keeps_rows_is_not_warned_of(
    redis: Redis, redis_apart: str, caplog: pytest.LogCaptureFixture
) -> None:
    await redis.config_set(POLICY, "noeviction")

    assert [] == await warnings_at_start(redis_apart, caplog)


async def test_a_redis_that_forbids_the_question_is_used_without_a_word(
    redis: Redis, redis_apart: str, caplog: pytest.LogCaptureFixture
) -> None:
    await redis.config_set(POLICY, "allkeys-lru")
    name = f"worker-{secrets.token_hex(4)}"
    await redis.acl_setuser(
        name, enabled=True, passwords=["+secret"], keys=["*"], categories=["+@all"], commands=["-config"]
    )

    parts = urlsplit(redis_apart)
    said = await warnings_at_start(f"redis://{name}:secret@{parts.netloc}{parts.path}", caplog)
    await redis.acl_deluser(name)

    assert [] == said


async def test_a_server_is_reached_through_a_socket(redis_apart: str, tmp_path: Path) -> None:
    target = urlsplit(redis_apart)
    socket = tmp_path / "redis.sock"

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection(target.hostname, target.port)

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            while data := await source.read(65_536):
                sink.write(data)
            sink.close()

        await asyncio.gather(pump(reader, server_writer), pump(server_reader, writer))

    async with await asyncio.start_unix_server(forward, socket):
        store = RedisStore.from_url(f"unix://{socket}", group=f"socket-{secrets.token_hex(8)}")
        claim, _ = await store.claim("accounts-00")
        await store.checkpoint(claim, b"here", {})
        assert b"here" == (await store.claim("accounts-00"))[1]
        await store.close()


async def test_a_socket_that_is_not_there_is_named(tmp_path: Path) -> None:
    store = RedisStore.from_url(f"unix://{tmp_path}/none.sock", group="away")
    with pytest.raises(UnavailableError, match=r"none\.sock"):
        await store.claim("accounts-00")
    await store.close()

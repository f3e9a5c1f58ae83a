"""What only Redis does: forget, fail over, go away, and run for a long time."""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from detector.errors import OwnershipLostError, UnavailableError, UsageError
from detector.stores import Claim, Kept, MemoryStore, RedisStore, RowStore

SHARD = "accounts-07"
ALICE = b"a" * 16
HOUR_MS = 3_600_000
SHORT, LONG = Kept(HOUR_MS, 3 * HOUR_MS), Kept(2 * HOUR_MS, 4 * HOUR_MS)


@pytest.fixture
async def redis(redis_url: str) -> "AsyncIterator[Redis]":
    client = Redis.from_url(redis_url)
    yield client
    await client.aclose()


@pytest.fixture
async def store(redis_url: str) -> AsyncIterator[RedisStore]:
    made = RedisStore.from_url(redis_url, group=f"store-{secrets.token_hex(8)}")
    yield made
    await made.close()


async def keys_of(redis: Redis, store: RedisStore) -> list[bytes]:
    return [key async for key in redis.scan_iter(match=f"{store._group}:*")]


async def lifetimes(redis: Redis, store: RedisStore) -> dict[str, int]:
    """How long each kind of key is kept, to the nearest 100 s."""
    keys = [key async for key in redis.scan_iter(match=f"{store._group}:*")]
    return {key.decode().split(":")[2]: round(await redis.pttl(key), -5) for key in keys}


async def test_every_key_has_a_time_to_live_and_writing_renews_it(redis: Redis, redis_url: str) -> None:
    kept = [SHORT]
    store = RedisStore.from_url(redis_url, group=f"store-{secrets.token_hex(8)}", kept=lambda: kept[0])
    claim, _ = await store.claim(SHARD)
    assert {"checkpoint": HOUR_MS} == await lifetimes(redis, store)

    await store.checkpoint(claim, b"", {ALICE: (b"row", b"ledger")}, {ALICE: b"tally"})
    rows = ("checkpoint", "row", "ledger")
    assert dict.fromkeys(rows, HOUR_MS) | {"tally": 3 * HOUR_MS} == await lifetimes(redis, store)

    kept[0] = LONG
    await store.checkpoint(claim, b"", {ALICE: (b"row", None)}, {ALICE: b"tally"})
    longer = dict.fromkeys(rows, 2 * HOUR_MS) | {"tally": 4 * HOUR_MS}
    assert longer == await lifetimes(redis, store)

    kept[0] = SHORT
    claim, _ = await store.claim(SHARD)
    await store.checkpoint(claim, b"", {ALICE: (b"row", None)})
    shorter = {"row": HOUR_MS, "ledger": HOUR_MS}
    assert longer | shorter == await lifetimes(redis, store)  # a checkpoint outlives what others wrote
    await store.close()


async def test_keys_of_a_shard_share_a_slot_and_are_named_as_documented(
    redis: Redis, store: RedisStore
) -> None:
    claim, _ = await store.claim(SHARD)
    await store.checkpoint(claim, b"", {ALICE: (b"row", b"ledger")})

    prefix = f"{store._group}:{{accounts-07}}:"
    expected = {f"{prefix}checkpoint", f"{prefix}row:{ALICE.hex()}", f"{prefix}ledger:{ALICE.hex()}"}
    assert expected == {key.decode() for key in await keys_of(redis, store)}


async def test_a_wiped_redis_is_no_new_account(redis: Redis, store: RedisStore) -> None:
    claim, _ = await store.claim(SHARD)
    await store.checkpoint(claim, b"", {ALICE: (b"row", None)})
    await redis.delete(*await keys_of(redis, store))

    with pytest.raises(OwnershipLostError, match="wiped"):
        await store.load(claim, [ALICE])
    with pytest.raises(OwnershipLostError, match="wiped"):
        await store.checkpoint(claim, b"", {ALICE: (b"row", None)})
    assert [] == await keys_of(redis, store)


async def test_an_older_copy_after_a_fail_over_is_refused(redis: Redis, store: RedisStore) -> None:
    claim, _ = await store.claim(SHARD)
    await store.checkpoint(claim, b"one", {ALICE: (b"one", None)})
    await store.checkpoint(claim, b"two", {ALICE: (b"two", None)})
    await redis.hset(store._key(SHARD, "checkpoint"), mapping={"sequence": "1", "payload": "one"})

    with pytest.raises(OwnershipLostError, match="older copy"):
        await store.load(claim, [ALICE])
    with pytest.raises(OwnershipLostError, match="older copy"):
        await store.checkpoint(claim, b"three", {ALICE: (b"three", None)})
    assert [(b"two", None)] == await store.read(SHARD, [ALICE])
    _, payload = await store.claim(SHARD)
    assert b"one" == payload


def losing(call: Callable[..., Awaitable[Any]], *, before: bool) -> Callable[..., Awaitable[Any]]:
    """Fail as a broken connection does: before Redis saw the call, or after it answered."""

    async def broken(**arguments: Any) -> None:
        if not before:
            await call(**arguments)
        raise ConnectionResetError

    return broken


@pytest.mark.parametrize("before", [True, False])
async def test_a_checkpoint_of_unknown_fate_does_not_lose_the_shard(
    store: RedisStore, monkeypatch: pytest.MonkeyPatch, *, before: bool
) -> None:
    claim, _ = await store.claim(SHARD)
    await store.checkpoint(claim, b"one", {ALICE: (b"one", None)})
    with monkeypatch.context() as patch:
        patch.setattr(store, "_checkpoint", losing(store._checkpoint, before=before))
        with pytest.raises(UnavailableError, match="ConnectionResetError"):
            await store.checkpoint(claim, b"two", {ALICE: (b"two", None)})

    assert [(b"one" if before else b"two", None)] == await store.load(claim, [ALICE])
    await store.checkpoint(claim, b"three", {ALICE: (b"three", None)})
    assert b"three" == (await store.claim(SHARD))[1]


async def test_a_call_that_the_client_repeats_is_accepted_once(
    store: RedisStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = store._checkpoint

    async def twice(**arguments: Any) -> Any:
        await script(**arguments)
        return await script(**arguments)

    claim, _ = await store.claim(SHARD)
    monkeypatch.setattr(store, "_checkpoint", twice)
    await store.checkpoint(claim, b"one", {ALICE: (b"one", None)})
    await store.checkpoint(claim, b"two", {})


async def test_rows_may_be_read_while_a_checkpoint_is_on_its_way(store: RedisStore) -> None:
    claim, _ = await store.claim(SHARD)
    rows = {number.to_bytes(16): (bytes(1000), None) for number in range(1000)}
    await store.checkpoint(claim, b"", rows)

    async with asyncio.TaskGroup() as group:
        group.create_task(store.checkpoint(claim, b"", rows))
        loads = [group.create_task(store.load(claim, [ALICE])) for _ in range(20)]

    assert [[None]] * 20 == [load.result() for load in loads]


async def test_sequence_numbers_never_turn_into_floats(redis: Redis, store: RedisStore) -> None:
    claim, _ = await store.claim(SHARD)
    await redis.hset(store._key(SHARD, "checkpoint"), "sequence", str(2**52 - 1))
    claim, _ = await store.claim(SHARD)
    await store.checkpoint(claim, b"", {})

    assert str(2**52).encode() == await redis.hget(store._key(SHARD, "checkpoint"), "sequence")


async def test_a_redis_that_is_away_is_an_error_never_nothing_seen() -> None:
    with socket.socket() as reserved:  # bound, but nobody listens
        reserved.bind(("127.0.0.1", 0))
        store = RedisStore.from_url(f"redis://127.0.0.1:{reserved.getsockname()[1]}", group="away")
        with pytest.raises(UnavailableError, match="127\\.0\\.0\\.1"):
            await store.claim(SHARD)
        with pytest.raises(UnavailableError, match="127\\.0\\.0\\.1"):
            await store.read(SHARD, [ALICE])
        await store.close()


async def test_what_redis_refuses_is_an_error(redis: Redis, store: RedisStore) -> None:
    claim, _ = await store.claim(SHARD)
    await redis.set(store._key(SHARD, "checkpoint"), "no hash", px=HOUR_MS)

    with pytest.raises(UnavailableError, match="WRONGTYPE"):
        await store.load(claim, [ALICE])


def test_a_group_with_braces_is_refused(redis_url: str) -> None:
    with pytest.raises(UsageError, match="braces"):
        RedisStore.from_url(redis_url, group="a{b}")


steps = st.lists(
    st.tuples(
        st.sampled_from(["claim", "load", "checkpoint"]),
        st.integers(0, 1),
        st.dictionaries(
            st.sampled_from([b"k" * 16, b"l" * 16]), st.tuples(st.binary(), st.none() | st.binary())
        ),
    ),
    max_size=12,
)
"""What two workers do with one shard, one after the other."""


async def outcomes(workers: tuple[RowStore, RowStore], script: list[Any]) -> list[Any]:
    claims: list[Claim] = [Claim(SHARD, "never claimed")] * 2
    seen: list[Any] = []
    for action, who, rows in script:
        try:
            if action == "claim":
                claims[who], payload = await workers[who].claim(SHARD)
                seen.append(payload)
            elif action == "load":
                seen.append(await workers[who].load(claims[who], [b"k" * 16, b"l" * 16]))
            else:
                await workers[who].checkpoint(claims[who], repr(sorted(rows)).encode(), rows)
                seen.append("written")
        except OwnershipLostError:
            seen.append("lost")
    return seen


@given(script=steps)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_redis_does_what_memory_does(redis_url: str, script: list[Any]) -> None:
    async def both() -> tuple[list[Any], list[Any]]:
        group, memory = secrets.token_hex(8), MemoryStore()
        first, second = (RedisStore.from_url(redis_url, group=group) for _ in range(2))
        try:
            return await outcomes((memory, memory), script), await outcomes((first, second), script)
        finally:
            await first.close()
            await second.close()

    expected, found = asyncio.run(both())
    assert expected == found

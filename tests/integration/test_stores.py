"""One suite for every store of rows."""

import secrets
from collections.abc import AsyncIterator

import pytest

from detector.errors import OwnershipLostError
from detector.stores import REMOVED, MemoryStore, RedisStore, RowStore, shard_name

SHARD = shard_name("accounts", 7)
ALICE, BOB = b"a" * 16, b"b" * 16


@pytest.fixture(params=["memory", "redis"])
async def workers(request: pytest.FixtureRequest) -> AsyncIterator[tuple[RowStore, RowStore]]:
    """Two workers' views of one store."""
    if request.param == "memory":
        shared = MemoryStore()
        yield shared, shared
        return
    url, group = request.getfixturevalue("redis_url"), f"stores-{secrets.token_hex(8)}"
    first, second = (RedisStore.from_url(url, group=group) for _ in range(2))
    yield first, second
    await first.close()
    await second.close()


@pytest.fixture
def store(workers: tuple[RowStore, RowStore]) -> RowStore:
    return workers[0]


async def test_a_shard_that_was_never_checkpointed_has_no_payload(store: RowStore) -> None:
    claim, payload = await store.claim(SHARD)

    assert SHARD == claim.shard
    assert payload is None


async def test_the_last_checkpoint_is_what_the_next_writer_finds(workers: tuple[RowStore, RowStore]) -> None:
    claim, _ = await workers[0].claim(SHARD)
    await workers[0].checkpoint(claim, b"first", {ALICE: (b"row 1", b"ledger 1"), BOB: (b"row", None)})
    await workers[0].checkpoint(claim, b"second", {ALICE: (b"row 2", b"ledger 2")})

    taken, payload = await workers[1].claim(SHARD)

    assert b"second" == payload
    assert [(b"row 2", b"ledger 2"), (b"row", None)] == await workers[1].load(taken, [ALICE, BOB])


async def test_rows_come_in_the_order_asked_and_none_where_there_is_none(store: RowStore) -> None:
    claim, _ = await store.claim(SHARD)
    await store.checkpoint(claim, b"", {ALICE: (b"alice", None), BOB: (b"bob", None)})

    assert [(b"bob", None), None, (b"alice", None)] == await store.load(claim, [BOB, b"c" * 16, ALICE])
    assert [] == await store.load(claim, [])


@pytest.mark.parametrize("unchanged", [None, b""])
async def test_a_ledger_that_is_not_given_stays(store: RowStore, unchanged: bytes | None) -> None:
    claim, _ = await store.claim(SHARD)
    await store.checkpoint(claim, b"", {ALICE: (b"row 1", b"ledger")})
    await store.checkpoint(claim, b"", {ALICE: (b"row 2", unchanged)})

    assert [(b"row 2", b"ledger")] == await store.load(claim, [ALICE])


async def test_a_removed_row_is_gone_with_its_ledger(store: RowStore) -> None:
    claim, _ = await store.claim(SHARD)
    await store.checkpoint(claim, b"", {ALICE: (b"row", b"ledger"), BOB: (b"bob", b"ledger")})
    await store.checkpoint(claim, b"", {ALICE: REMOVED})

    assert [None, (b"bob", b"ledger")] == await store.load(claim, [ALICE, BOB])
    await store.checkpoint(claim, b"", {ALICE: (b"anew", None)})
    assert [(b"anew", None)] == await store.load(claim, [ALICE])


async def test_any_bytes_survive(store: RowStore) -> None:
    every = bytes(range(256)) * 8
    claim, _ = await store.claim(SHARD)
    await store.checkpoint(claim, every, {every[:16]: (every, every[::-1])})

    assert [(every, every[::-1])] == await store.load(claim, [every[:16]])
    assert every == (await store.claim(SHARD))[1]


async def test_an_outlived_writer_changes_nothing_and_reads_nothing(
    workers: tuple[RowStore, RowStore],
) -> None:
    old, _ = await workers[0].claim(SHARD)
    await workers[0].checkpoint(old, b"old", {ALICE: (b"kept", None)})
    new, _ = await workers[1].claim(SHARD)

    with pytest.raises(OwnershipLostError, match=SHARD):
        await workers[0].checkpoint(old, b"stale", {ALICE: (b"stale", None)})
    with pytest.raises(OwnershipLostError, match=SHARD):
        await workers[0].load(old, [ALICE])
    assert [(b"kept", None)] == await workers[1].load(new, [ALICE])


async def test_a_claim_anew_by_the_same_worker_ends_its_claim_before(store: RowStore) -> None:
    old, _ = await store.claim(SHARD)
    new, _ = await store.claim(SHARD)

    with pytest.raises(OwnershipLostError):
        await store.load(old, [ALICE])
    await store.checkpoint(new, b"new", {})


async def test_shards_know_nothing_of_one_another(store: RowStore) -> None:
    seven, _ = await store.claim(SHARD)
    eight, payload = await store.claim(shard_name("accounts", 8))
    await store.checkpoint(seven, b"seven", {ALICE: (b"seven", None)})

    assert payload is None
    assert [None] == await store.load(eight, [ALICE])


async def test_anybody_may_read_a_row_and_nobody_loses_a_shard_by_it(
    workers: tuple[RowStore, RowStore],
) -> None:
    claim, _ = await workers[0].claim(SHARD)
    await workers[0].checkpoint(claim, b"payload", {ALICE: (b"row", b"ledger")})

    assert [(b"row", b"ledger"), None] == await workers[1].read(SHARD, [ALICE, BOB])
    assert [None] == await workers[1].read("accounts-99", [ALICE])
    assert b"payload" == await workers[1].read_payload(SHARD)
    assert await workers[1].read_payload("accounts-99") is None
    await workers[0].checkpoint(claim, b"again", {})


async def test_a_checkpoint_of_twenty_thousand_rows_is_one_step(store: RowStore) -> None:
    rows = {number.to_bytes(16): (number.to_bytes(2) * 700, None) for number in range(20_000)}
    claim, _ = await store.claim(SHARD)
    await store.checkpoint(claim, b"many", rows)

    assert list(rows.values()) == await store.load(claim, list(rows))


async def test_tallies_are_written_with_a_checkpoint_and_read_by_anybody(
    workers: tuple[RowStore, RowStore],
) -> None:
    claim, _ = await workers[0].claim(SHARD)
    await workers[0].checkpoint(claim, b"", {ALICE: (b"row", b"ledger"), BOB: (b"row", None)}, {ALICE: b"1"})
    await workers[0].checkpoint(claim, b"", {}, {BOB: b"2"})
    await workers[0].checkpoint(claim, b"", {ALICE: (b"later", None)})

    assert [b"2", None, b"1"] == await workers[0].tallies(claim, [BOB, b"c" * 16, ALICE])
    assert [b"1", b"2"] == await workers[1].read_tallies(SHARD, [ALICE, BOB])
    assert [None] == await workers[1].read_tallies("accounts-99", [ALICE])
    assert [] == await workers[1].read_tallies(SHARD, [])
    assert [(b"later", b"ledger"), (b"row", None)] == await workers[0].load(claim, [ALICE, BOB])


async def test_an_outlived_writer_reads_and_writes_no_tally(workers: tuple[RowStore, RowStore]) -> None:
    old, _ = await workers[0].claim(SHARD)
    new, _ = await workers[1].claim(SHARD)
    with pytest.raises(OwnershipLostError, match=SHARD):
        await workers[0].checkpoint(old, b"stale", {}, {ALICE: b"stale"})
    with pytest.raises(OwnershipLostError, match=SHARD):
        await workers[0].tallies(old, [ALICE])
    assert [None] == await workers[1].tallies(new, [ALICE])

"""Keys that change in the middle of a stream: findings, rows and ledgers are those of one key throughout."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from detector.errors import StateError
from detector.events import Addresses, decode
from detector.keyring import ACCOUNT, LEDGER, ROW, Keyring
from detector.policy import Entitlements
from detector.settings import Settings
from detector.simulate import History, messages, shipped_pools
from detector.stages.assemble import Workshop
from detector.stores import MemoryStore
from detector.stream import shard_rows
from detector.stream.kit import open_workshop
from tests.policy.making import book, edited
from tests.stream.world import World
from tests.support.events import BEIJING, START_MS, Message, message

DAY_MS = 86_400_000
SHARD = "accounts-00"
FEW = 12
"""Rows in memory: fewer than there are accounts, so that they are read again and again."""
OLD, NEW = "the old one", "the new one"
ONE_AFTER_THE_OTHER = (
    Keyring(OLD),
    Keyring(OLD, NEW),
    Keyring(NEW, OLD),
    Keyring(OLD, NEW),  # a worker that was not restarted yet
    Keyring(NEW, OLD),
)
Rows = dict[str, tuple[bytes, bytes | None]]


@pytest.fixture(scope="module")
def told() -> list[Message]:
    made = History(accounts=30, days=2, seed=7, start_ms=START_MS, pools=shipped_pools())
    in_order = sorted(messages(made), key=lambda each: each[2])
    return [Message(event, timestamp=moment) for _, event, moment in in_order]


def accounts_in(told: Sequence[Message]) -> set[str]:
    events = [msgspec.json.decode(each.value or b"") for each in told]
    return {event.get("account_id") or f"anon:{event['ip']}" for event in events}


async def lived_through(world: World, told: Sequence[Message], keyrings: Sequence[Keyring]) -> list[int]:
    """Judge all of it, by owners one after the other; return where in the log each ended."""
    begun = len(world.log)
    world.produce(*told)
    ends = [begun + len(told) * (number + 1) // len(keyrings) for number in range(len(keyrings))]
    for keyring, end in zip(keyrings, ends, strict=True):
        world.kit = replace(world.kit, keyring=keyring)
        shard = await world.owner()
        while shard.position < end:
            await world.run(shard, min(end, shard.position + len(told) // 40))
            await shard.checkpoint(now=True)
    return ends


def said(world: World) -> list[bytes]:
    """Everything that was sent on, byte for byte."""
    return [msgspec.json.encode(each) for each in (*world.findings(), *world.cells())]


def names_in(world: World) -> set[bytes]:
    store = world.kit.store
    assert isinstance(store, MemoryStore)
    return set(store._shards[SHARD].rows)


async def rows_of(world: World, accounts: set[str], *, under: Keyring) -> Rows:
    """What lies in the store, opened."""
    order, rows = sorted(accounts), {}

    async def ask(names: Sequence[bytes]) -> list[tuple[bytes, bytes | None] | None]:
        return await world.kit.store.read(SHARD, names)

    for account, found in zip(order, await under.look_up(order, ACCOUNT, ask), strict=True):
        if found is not None:
            row, ledger = found.value
            opened = found.key.open(LEDGER, found.name, ledger) if ledger else None
            rows[account] = (found.key.open(ROW, found.name, row), opened)
    return rows


def test_what_a_row_holds_does_not_depend_on_the_key() -> None:
    def hashes(key: str) -> list[int]:
        made = open_workshop(Settings(pseudonym_key=key))
        (slot,) = made.enricher.addresses([BEIJING])
        prefix = int(made.enricher.address_rows[slot]["prefix"])
        event = decode([message(device_id="d").value], Addresses()).events[0]
        device = int(
            made.columns.build([event], np.array([START_MS]), np.zeros(1, np.int32), Entitlements())[
                "device"
            ][0]
        )
        return [prefix, device, made.texts.of("d")]

    assert hashes(OLD) == hashes(NEW)
    assert 0 not in hashes(OLD)


@pytest.fixture(scope="module")
def shop(workshop: Workshop) -> Workshop:
    return Workshop(workshop.enricher, workshop.hashes, 0, 300_000)


async def test_nothing_that_is_said_or_kept_depends_on_when_keys_changed(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, told: list[Message]
) -> None:
    everybody = accounts_in(told)
    one = World(shop, monkeypatch, rows_in_memory=FEW)
    await lived_through(one, told, [Keyring(OLD)] * len(ONE_AFTER_THE_OTHER))
    two = World(shop, monkeypatch, rows_in_memory=FEW)
    ends = await lived_through(two, told, ONE_AFTER_THE_OTHER)
    assert min(len(one.findings()), len(one.cells())) > 20
    assert said(one) == said(two)
    rows = await rows_of(two, everybody, under=Keyring(NEW, OLD))
    assert await rows_of(one, everybody, under=Keyring(OLD)) == rows
    assert any(ledger for _, ledger in rows.values())
    new, old = (Keyring(key).first for key in (NEW, OLD))
    lately = accounts_in(told[ends[-2] :])
    assert FEW < len(lately) < len(everybody)
    names = names_in(two)
    assert set() == names & {old.name(account, ACCOUNT) for account in lately}
    assert {new.name(account, ACCOUNT) for account in lately} <= names
    assert len(rows) == len(names)  # each in one place
    assert two.total("rows_rekeyed_total") >= len(lately)
    assert 0 == one.total("rows_rekeyed_total")


@pytest.mark.parametrize("lacks", [Keyring(OLD), Keyring(NEW), Keyring(None), Keyring("x", "y")])
async def test_a_worker_that_lacks_a_key_ends_and_the_next_one_misses_nothing(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, told: list[Message], lacks: Keyring
) -> None:
    some = told[:2_000]
    one = World(shop, monkeypatch)
    await lived_through(one, some, [Keyring(OLD)] * 2)
    two = World(shop, monkeypatch)
    await lived_through(two, some[:1_000], [Keyring(OLD), Keyring(NEW, OLD)])
    two.kit = replace(two.kit, keyring=lacks)
    with pytest.raises(StateError, match="set it as DETECTOR_PSEUDONYM_KEY_OTHER"):
        await two.owner()
    two.kit = replace(two.kit, keyring=Keyring(NEW, OLD))
    two.produce(*some[1_000:])
    shard = await two.owner()
    await two.run(shard, len(some))
    assert sorted(said(one)) == sorted(said(two))


@pytest.mark.parametrize("days", [71, 30])
async def test_the_old_key_may_go_when_nothing_under_it_can_be_left(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, told: list[Message], days: int
) -> None:
    policy = book(edited('windows = "71d"', f'windows = "{days}d"'))
    kept_ms, now = days * DAY_MS, [START_MS]
    monkeypatch.setattr(shard_rows, "now_ms", lambda: now[0])
    world = World(shop, monkeypatch)
    await lived_through(world, told[:500], [Keyring(OLD)])
    now[0] += 1_000
    before = names_in(world)
    world.kit = replace(world.kit, workshop=replace(shop, book=policy))  # as where one was applied meanwhile
    await lived_through(world, told[500:1_000], [Keyring(NEW, OLD)])
    assert len(before - names_in(world)) == world.total("rows_rekeyed_total")
    world.kit = replace(world.kit, keyring=Keyring(NEW))
    now[0] = START_MS + kept_ms - 1
    with pytest.raises(StateError, match=Keyring(OLD).first.fingerprint):
        await world.owner()
    now[0] += 1
    assert 500 < (await world.owner()).position

"""Uses of allow entries over crashes and partitions: each is counted once, and stays counted."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import msgspec
import pytest

from detector.errors import StateError, UnavailableError
from detector.keyring import TALLY, Found, Keyring
from detector.policy import Entitlement, Stamped
from detector.policy.entitlements import Allow
from detector.policy.uses import SETTLED_MS, Use
from detector.stages.assemble import Workshop
from detector.stores import MemoryStore, shard_name
from detector.stream.entries import Entry, with_uses
from detector.stream.tallies import KIND, VERSION, opened_tally, sealed_tally
from tests.stream.world import World
from tests.support.events import BEIJING, CLOUD, SHANGHAI, START_MS, Message, message

SECOND_MS, HOUR_MS = 1_000, 3_600_000
DEVICE, CLIENT = Allow("device", "d1"), Allow("client", "plugin:foo")


@pytest.fixture
def shop(workshop: Workshop) -> Workshop:
    """A workshop with entitlements of its own."""
    made = Workshop(workshop.enricher, workshop.hashes, 5_000, 300_000)
    made.entitlements.put(Stamped("ann", 0, Entitlement(allow=[DEVICE], org_id="acme"), "e/0/1"))
    made.entitlements.put(Stamped("org:acme", 0, Entitlement(allow=[CLIENT]), "e/0/2"))
    return made


@pytest.fixture
def world(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(shop, monkeypatch)


def log_of_uses() -> list[Message]:
    """Two minutes in which ann uses both entries every third second, one of them, or none."""
    kinds: list[dict[str, Any]] = [
        {"device_id": "d1", "client": "plugin:foo"},
        {"device_id": "d1"},
        {"client": "web"},
    ]
    return [
        message(f"e{second:03}", START_MS + second * SECOND_MS, **kinds[second % 3]) for second in range(120)
    ]


async def entries(world: World) -> dict[str, Entry]:
    """Return what the store has, by the name of each entry."""
    kit = world.kit
    listed = kit.workshop.entitlements.entries(START_MS)
    found = await with_uses(listed, kit.store, kit.keyring, kit.events)
    return {entry.allow.name: entry for entry in found}


async def hits(world: World) -> tuple[int, int]:
    found = await entries(world)
    uses = [found[allow.name].use for allow in (DEVICE, CLIENT)]
    return uses[0].hits if uses[0] else 0, uses[1].hits if uses[1] else 0


async def test_uses_are_kept_and_counted_with_a_checkpoint(world: World) -> None:
    world.produce(*log_of_uses())
    shard = await world.owner()
    await world.run(shard, 60)
    assert (0, 0) == await hits(world)
    await shard.checkpoint(now=True)
    assert (36, 18) == await hits(world)  # of the 54 seconds that are closed
    assert (36.0, 18.0) == tuple(world.count("allow_hits_total", kind=kind) for kind in ("device", "client"))


async def test_what_did_not_change_is_not_stored_again(world: World) -> None:
    world.produce(*log_of_uses())
    shard = await world.owner()
    await world.run(shard, 60)
    uses, claim = shard._uses, shard._rows._held
    assert 2 == len(await uses.tallies(claim)) == len(await uses.tallies(claim))
    uses.settle()
    assert {} == await uses.tallies(claim)


@pytest.mark.parametrize("seed", range(5))
async def test_a_use_is_counted_once_whenever_owners_die(world: World, seed: int) -> None:
    chance = Random(seed)
    world.produce(*log_of_uses())
    shard = await world.owner()
    while shard.position < len(world.log) or shard.refolding:
        await world.run(shard, min(len(world.log), shard.position + chance.randrange(1, 25)))
        if chance.random() < 0.4:
            await shard.checkpoint(now=True)
        if chance.random() < 0.4:
            shard = await world.owner()
    shard.close_quietly(shard.standing.newest + 1)
    await world.run(shard)
    await shard.checkpoint(now=True)
    assert (80, 40) == await hits(world)
    assert 120.0 == world.total("allow_hits_total")


@pytest.mark.parametrize("method", ["tallies", "checkpoint"])
async def test_what_redis_does_not_take_at_first_is_counted_once_later(
    world: World, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    world.produce(*log_of_uses())
    shard = await world.owner()
    await world.run(shard, 60)
    with monkeypatch.context() as away:
        away.setattr(world.kit.store, method, fail)
        await shard.checkpoint(now=True)
        await world.run(shard, 90)
        await shard.checkpoint(now=True)
        assert 0.0 == world.total("allow_hits_total")
    await world.run(shard, 120)
    shard.close_quietly(shard.standing.newest + 1)
    await world.run(shard)
    await shard.checkpoint(now=True)
    assert (80, 40) == await hits(world)
    assert 120.0 == world.total("allow_hits_total")


def visits(*stops: tuple[int, str]) -> list[Message]:
    """Return uses of the device, at these hours and addresses."""
    return [
        message(f"v{place:02}", START_MS + hour * HOUR_MS, ip=ip, device_id="d1")
        for place, (hour, ip) in enumerate(stops)
    ]


WEEK_H = SETTLED_MS // HOUR_MS


@pytest.mark.parametrize(
    ("stops", "new"),
    [
        ([(0, BEIJING), (WEEK_H, CLOUD), (WEEK_H + 1, CLOUD)], 1.0),
        ([(0, BEIJING), (1, CLOUD), (WEEK_H, CLOUD)], 0.0),
        ([(0, BEIJING), (1, BEIJING), (WEEK_H, "123.125.82.7")], 0.0),
        ([(0, BEIJING), (WEEK_H, CLOUD), (WEEK_H + 1, SHANGHAI), (WEEK_H + 2, BEIJING)], 2.0),
    ],
)
async def test_uses_from_somewhere_new_are_counted_once_each(
    world: World, stops: Sequence[tuple[int, str]], new: float
) -> None:
    world.produce(*visits(*stops, (WEEK_H + 9, BEIJING)))
    shard = await world.owner()
    for end in range(1, len(world.log) + 1):
        await world.run(shard, end)
        await shard.checkpoint(now=True)
    assert new == world.count("allow_new_places_total", kind="device")
    known = (await entries(world))[DEVICE.name]
    assert int(new) == len(known.new_places(START_MS + (WEEK_H + 9) * HOUR_MS))
    assert [] == known.new_places(START_MS + (2 * WEEK_H + 9) * HOUR_MS)


async def test_an_organisations_uses_add_up_over_partitions() -> None:
    store, keyring = MemoryStore(), Keyring("a key")
    shards = [Use(2, 5, 9, {1, 2}, {7: (5, 9)}), Use(3, 4, 6, {2, 3}, {8: (4, 6)})]
    for partition, use in enumerate(shards):
        claim, _ = await store.claim(shard_name("accounts", partition))
        tally = sealed_tally(keyring.first, "org:acme", {CLIENT.name: use})
        await store.checkpoint(claim, b"", {}, dict([tally]))
    (entry,) = await with_uses([("org:acme", CLIENT)], store, keyring, 3)
    assert Use(5, 4, 9, {1, 2, 3}, {7: (5, 9), 8: (4, 6)}) == entry.use


async def test_uses_are_kept_while_keys_change_though_nobody_uses_the_entries_again(world: World) -> None:
    old, new = Keyring("a key for tests"), Keyring("new")
    world.produce(*log_of_uses(), message("e", START_MS + HOUR_MS, account_id="ben"))
    shard = await world.owner()
    await world.run(shard, 120)
    shard.close_quietly(shard.standing.newest + 1)
    await world.run(shard)
    await shard.checkpoint(now=True)
    assert old.fingerprints == world.kit.keyring.fingerprints
    before = await entries(world)
    assert {DEVICE.name, CLIENT.name} == {name for name, entry in before.items() if entry.use}
    world.kit = replace(world.kit, keyring=Keyring("new", "a key for tests"))
    assert before == await entries(world)
    shard = await world.owner()
    await world.run(shard, 121)
    await shard.checkpoint(now=True)
    for keyring, left in ((new, before), (old, {})):
        world.kit = replace(world.kit, keyring=keyring)
        assert left == {name: entry for name, entry in (await entries(world)).items() if entry.use}


async def test_what_is_new_does_not_depend_on_checkpoints(world: World) -> None:
    world.produce(*visits((0, BEIJING), (WEEK_H, CLOUD), (WEEK_H + 9, BEIJING)))
    shard = await world.owner()
    await world.run(shard, 3)
    await shard.checkpoint(now=True)
    assert 1.0 == world.count("allow_new_places_total", kind="device")


async def test_a_tally_names_nobody(world: World) -> None:
    world.produce(*log_of_uses())
    shard = await world.owner()
    await world.run(shard, 120)
    await shard.checkpoint(now=True)
    keys = [world.kit.keyring.first.name(owner, KIND) for owner in ("ann", "org:acme")]
    stored = await world.kit.store.read_tallies("accounts-00", keys)
    for data in stored:
        assert data is not None
        assert not any(word in data for word in (b"ann", b"acme", b"d1", b"plugin", BEIJING.encode()))


def test_a_tally_of_another_version_is_an_error_that_says_what_to_do() -> None:
    key = Keyring("a key").first
    name = key.name("ann", KIND)

    def opened(plain: bytes) -> dict[str, Use]:
        return opened_tally(Found(key, name, key.seal(TALLY, name, plain)))

    assert {} == opened_tally(None)
    with pytest.raises(StateError, match="run the release"):
        opened(msgspec.msgpack.encode([VERSION + 1, {}]))
    with pytest.raises(StateError, match="cannot be read"):
        opened(b"\xc1")


async def fail(*_: object) -> None:
    raise UnavailableError("Redis is away")

"""Allow entries that are about to expire and were never used: counted by whoever owns partition 0."""

from typing import Any

import pytest
from aiokafka.structs import TopicPartition

from detector.errors import UnavailableError
from detector.policy import Entitlement, Stamped
from detector.policy.entitlements import Allow
from detector.stages.assemble import Workshop
from detector.stream import expiring
from detector.stream.entries import SOON_MS
from detector.stream.expiring import ExpiringEntries
from tests.stream.world import SOURCE, World
from tests.support.events import START_MS, message

NOW = START_MS + 60_000 - 5_000
"""How far events are judged."""


@pytest.fixture
async def world(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> World:
    """Of the entries that expire soon, a device's is used and a client's is not."""
    made = Workshop(workshop.enricher, workshop.hashes, 5_000, 300_000)
    soon, later = NOW + SOON_MS, NOW + SOON_MS + 1
    ann = [Allow("device", "d1", expires=soon), Allow("client", "web", expires=soon)]
    made.entitlements.put(Stamped("ann", 0, Entitlement(allow=ann), "e/0/1"))
    others = [
        Allow("asn", 4808, expires=later),
        Allow("asn", 4809),
        Allow("asn", 4810, expires=NOW),
        Allow("ip", "203.0.113.7", expires=NOW + 1),
    ]
    made.entitlements.put(Stamped("org:acme", 0, Entitlement(allow=others), "e/0/2"))
    gone = Entitlement(allow=[Allow("device", "d2", expires=soon)])
    made.entitlements.put(Stamped("bob", 0, gone, "e/0/3"))
    made.entitlements.put(Stamped("bob", NOW, None, "e/0/4"))
    monkeypatch.setattr(expiring, "EVERY_S", 0.0)
    world = World(made, monkeypatch)
    world.produce(message("a", START_MS, device_id="d1"), message("b", START_MS + 60_000))
    return world


def shown(world: World) -> dict[str, float | None]:
    return {
        kind: world.registry.get_sample_value("detector_allow_expiring_unused", {"kind": kind})
        for kind in ("ip", "cidr", "asn", "device", "user_agent", "client")
    }


async def owned(world: World) -> dict[TopicPartition, Any]:
    shard = await world.owner()
    await world.run(shard, 2)
    await shard.checkpoint(now=True)
    return {SOURCE: shard}


async def test_what_expires_within_a_week_and_was_never_used_is_shown(world: World) -> None:
    await ExpiringEntries(world.kit).look(await owned(world))
    expected = {"ip": 1.0, "cidr": 0.0, "asn": 0.0, "device": 0.0, "user_agent": 0.0, "client": 1.0}
    assert expected == shown(world)


async def test_who_loses_the_partition_shows_nothing_any_more(world: World) -> None:
    watch = ExpiringEntries(world.kit)
    await watch.look(await owned(world))
    await watch.look({TopicPartition(SOURCE.topic, 1): await world.owner()})
    assert {None} == set(shown(world).values())


async def test_what_was_shown_stays_while_redis_is_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, shards = ExpiringEntries(world.kit), await owned(world)
    await watch.look(shards)
    before = shown(world)
    monkeypatch.setattr(world.kit.store, "read_tallies", fail)
    await watch.look(shards)
    assert before == shown(world)


async def fail(*_: object) -> None:
    raise UnavailableError("Redis is away")

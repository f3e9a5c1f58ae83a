"""A shard of accounts over take-overs: what is counted and sent, once."""

from dataclasses import replace
from random import Random
from typing import Any

import msgspec
import pytest
from msgspec import UNSET

from detector.errors import UnavailableError
from detector.findings import decode_block
from detector.stages.assemble import Workshop
from detector.stream import blocks
from detector.stream.kafka import partition_of
from tests.ladder.making import finding
from tests.stream.world import SOURCE, World
from tests.support.events import START_MS, Message, message

SECOND_MS = 1_000


@pytest.fixture
def world(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(workshop, monkeypatch)


def log_of_all_kinds() -> list[Message]:
    """Forty seconds of logins, each second also a repeat, a late one or one that is none."""
    told = []
    for second in range(40):
        time = START_MS + second * SECOND_MS
        told.append(message(f"e{second}", time))
        match second % 4:
            case 1:
                told.append(message(f"e{second}", time))
            case 2:
                told.append(Message(b"{"))
            case 3 if second > 10:
                told.append(message(f"late{second}", time - 9 * SECOND_MS, stamp=time))
    return told


def counts(world: World) -> tuple[float, ...]:
    names = ("events", "duplicate_events", "late_events", "events_rejected")
    return tuple(world.total(f"{name}_total") for name in names)


async def test_what_is_counted_is_every_event_that_is_closed(world: World) -> None:
    world.produce(*log_of_all_kinds())
    await world.run(await world.owner(), len(world.log))
    assert (34.0, 9.0, 8.0, 10.0) == counts(world)


async def lived_through(world: World, seed: int, *, crashes: bool) -> tuple[float, ...]:
    """Read a log in pieces, some of them closed quietly; where told, the owner dies after any batch."""
    story, chance = Random(seed), Random(seed + 1)
    world.produce(*log_of_all_kinds())
    shard, end = await world.owner(), 0
    while end < len(world.log):
        end = min(len(world.log), end + story.randrange(1, 25))
        quiet_ms = story.choice([None, story.randrange(SECOND_MS)])
        while shard.position < end or shard.refolding:
            await world.run(shard, min(end, shard.position + chance.randrange(1, 25)))
            if crashes and chance.random() < 0.3:
                await shard.checkpoint(now=True)
            if crashes and chance.random() < 0.3:
                shard = await world.owner()
        if quiet_ms is not None:
            shard.close_quietly(shard.standing.newest + quiet_ms)
            await world.run(shard)
    return counts(world)


@pytest.mark.parametrize("seed", range(40))
async def test_what_was_counted_before_a_take_over_is_not_counted_again(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    expected = await lived_through(World(workshop, monkeypatch), seed, crashes=False)
    assert expected == await lived_through(World(workshop, monkeypatch), seed, crashes=True)


def log_of_guesses_and_signups() -> list[Message]:
    """Ten minutes in which somebody guesses a password, and signs up now and then."""
    told = []
    for second in range(0, 600, 5):
        time = START_MS + second * SECOND_MS
        more: dict[str, Any] = {"account_id": "dan", "device_id": "d", "session_id": f"s{second}"}
        told.append(message(f"f{second}", time, type="login_failure", reason="bad_password", **more))
        if second % 60 == 0:
            told.append(message(f"r{second}", time, type="registration", account_id=f"a{second}"))
    return told


async def sent_on(world: World, *crashes: int) -> tuple[list[Any], list[Any]]:
    """Return what is sent on of that log, where the owner dies at these places of it."""
    world.produce(*log_of_guesses_and_signups())
    shard = await world.owner()
    for end in crashes:
        await world.run(shard, end)
        shard = await world.owner()
    await world.run(shard, len(world.log))
    return [each.order for each in world.findings()], sorted(each.order for each in world.cells())


async def test_what_was_sent_on_before_a_take_over_is_not_sent_again(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    findings, cells = await sent_on(World(workshop, monkeypatch))
    assert min(len(findings), len(cells)) > 1
    assert (findings, cells) == await sent_on(World(workshop, monkeypatch), 40, 80, 120)


async def test_evidence_names_the_place_in_the_log_where_its_event_lies(world: World) -> None:
    await sent_on(world)
    shown = [each for finding in world.findings() for each in finding.evidence]
    assert len(shown) > 10
    for each in shown:
        assert each.origin is not UNSET
        assert (SOURCE.topic, SOURCE.partition) == (each.origin.topic, each.origin.partition)
        lies = msgspec.json.decode(world.log[each.origin.offset].value or b"")
        assert (each.event_id, each.time, each.session_id) == (
            lies["event_id"],
            lies["time"],
            lies["session_id"],
        )


async def test_a_frontier_that_only_some_partitions_heard_of_is_announced_to_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.kit = replace(world.kit, findings=4, crowds=16)
    shard = await world.owner()
    await world.run(shard)
    told = log_of_guesses_and_signups()
    world.produce(*told)
    with monkeypatch.context() as soon:
        soon.setattr(blocks, "ANNOUNCE_S", 1e12)
        await world.run(shard, len(told))
    for topic, partitions in (("detector-findings", 4), ("detector-crowds", 16)):
        heard = {each.partition for each in world.sent[20:] if each.topic == topic}
        assert 0 < len(heard) < partitions
    sent = len(world.sent)
    for _ in range(2):
        await world.run(shard)
    frontiers = [decode_block(each.value or b"").frontier for each in world.sent[sent:]]
    assert [shard.standing.frontier] * 20 == frontiers


async def test_what_says_nothing_is_counted_as_passed_over(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [
        message("a", START_MS, type="login_failure", reason="locked"),
        message("b", START_MS, type="login_failure", reason="bad_password"),
        message("c", START_MS, type="login_success", reason="locked", forwarded_for=["203.0.113.7"]),
        message("d", START_MS, type="request", account_id=None, forwarded_for=["203.0.113.7"]),
        message("e", START_MS, type="request", account_id=None),
        message("f", START_MS + 10 * SECOND_MS),
    ]
    for proxies, unknown in ((None, 1), ([], 0)):
        world = World(replace(workshop, trusted_proxies=proxies), monkeypatch)
        world.produce(*told)
        await world.run(await world.owner(), len(told))
        counts = [
            world.count("events_skipped_total", reason=reason) for reason in ("locked", "unknown_proxy")
        ]
        assert (5, [1, unknown]) == (world.total("events_total"), counts)


async def test_what_is_sent_on_is_outstanding_until_the_slowest_has_passed_it(world: World) -> None:
    beats: dict[str, Any] = {"type": "login_failure", "reason": "locked"}  # concern no crowd
    world.produce(message("a", START_MS, **beats), message("b", START_MS + 10 * SECOND_MS, **beats))
    shard = await world.owner()
    await world.run(shard, 1)
    shard._outbox.findings += [finding(), finding(1)]
    await world.run(shard, 2)
    assert 2 == shard.outstanding.count
    shard.outstanding.passed(shard.standing.frontier - 1)
    assert 2 == shard.outstanding.count
    shard.outstanding.passed(shard.standing.frontier)
    assert 0 == shard.outstanding.count


async def test_a_shard_whose_rows_redis_does_not_give_waits_and_loses_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.produce(*log_of_all_kinds())
    shard = await world.owner()
    with monkeypatch.context() as away:
        away.setattr(world.kit.store, "load", fail)
        for _ in range(2):
            with pytest.raises(UnavailableError):
                await world.run(shard, len(world.log))
            assert (True, True) == (shard.stuck, shard.full)
            await shard.commit()
        assert [] == world.sent
    await world.run(shard)
    assert (False, False) == (shard.stuck, shard.full)
    assert (34.0, 9.0, 8.0, 10.0) == counts(world)


async def test_a_visitor_behind_a_proxy_is_at_home_where_the_proxys_address_leads(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind = replace(workshop, trusted_proxies=["10.0.0.0/8"])
    world = World(behind, monkeypatch)
    world.kit = replace(world.kit, events=16)
    peers = [f"10.0.0.{number}" for number in range(1, 65)]
    here = [peer for peer in peers if partition_of(f"anon:{peer}".encode(), 16) == 0]
    visits: dict[str, Any] = {"type": "request", "account_id": None, "forwarded_for": ["203.0.113.7"]}
    world.produce(*(message(peer, START_MS, ip=peer, **visits) for peer in peers))
    world.produce(message("end", START_MS + 10 * SECOND_MS, ip=here[0], **visits))
    await world.run(await world.owner(), len(world.log))
    assert (64, 64 - len(here)) == (world.total("events_total"), world.total("misrouted_events_total"))


async def fail(*_: object) -> None:
    raise UnavailableError("Redis is away")

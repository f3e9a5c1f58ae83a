"""Feedback in a shard of cases as the live service runs it: whose it is, and what is counted when."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from aiokafka import ConsumerRecord
from aiokafka.structs import TopicPartition

from detector.alerts import Alert
from detector.feedback import Feedback, Feedbacks, StampedFeedback, Verdict
from detector.findings import Block, Finding, encode_block
from detector.stages.assemble import Workshop
from detector.stream import cases_shard
from detector.stream.cases_shard import CasesShard
from tests.ladder.making import HOUR_MS, START_MS, finding
from tests.policy.making import book, in_mode, on_trial
from tests.stream.world import Transactions, World

SOURCE = TopicPartition("detector-findings", 0)


async def no_cases(*_: Any) -> Sequence[bytes]:
    return []


@pytest.fixture
def world(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(workshop, monkeypatch)
    monkeypatch.setattr(
        cases_shard, "ShardTransactions", type("Transactions", (Transactions,), {"world": made})
    )
    monkeypatch.setattr(cases_shard, "committed_of", made._committed_of)
    monkeypatch.setattr(cases_shard, "read_cases", no_cases)
    logs: Any = made.logs
    monkeypatch.setattr(logs, "beginning_offsets", lambda parts: told(dict.fromkeys(parts, 0)))
    return made


async def told(answer: dict[TopicPartition, int]) -> dict[TopicPartition, int]:
    return answer


async def decided(world: World, offset: int, hour: int, *found: Finding) -> CasesShard:
    """Return a new owner of the partition that has read a block and decided, and committed nothing."""
    shard = CasesShard(world.kit, SOURCE)
    logs: Any = world.logs
    await shard.take_over(logs)
    block = encode_block(Block(0, 1, START_MS + hour * HOUR_MS, found))
    shard.receive([ConsumerRecord(*SOURCE, offset, 0, 0, None, block, None, 0, 0, ())])
    await shard.advance()
    return shard


def alerts(world: World, topic: str = "enforcement") -> list[Alert]:
    return [
        msgspec.json.decode(record.value or b"", type=Alert) for record in world.sent if record.topic == topic
    ]


def say(world: World, alert_id: str, verdict: Verdict, key: str = "acc-1") -> None:
    time = START_MS + HOUR_MS
    world.kit.workshop.feedback.put(StampedFeedback(key, time, Feedback(alert_id, verdict, "ann", time)))


async def test_a_verdict_is_counted_and_its_release_published_with_the_commit(world: World) -> None:
    first = await decided(world, 0, 1, finding(strength=1.0))
    await first.commit()
    (alert,) = alerts(world)
    world.sent.clear()
    world.committed = None
    say(world, alert.alert_id, "benign")
    say(world, alert.alert_id, "benign")
    say(world, "nobody's", "benign")
    shard = await decided(world, 0, 9, finding(strength=1.0))
    assert (0, 0) == (world.total("feedback_total"), world.total("feedback_unknown_total"))
    await shard.commit()
    assert ["restrict", "release"] == [alert.action for alert in alerts(world)]
    assert (1, 1) == (
        world.count("feedback_total", rule="overlapping_use", verdict="benign"),
        world.total("feedback_unknown_total"),
    )
    assert 2 == world.total("end_to_end_seconds_count")


async def test_what_is_in_shadow_goes_to_its_own_topic_and_is_counted_apart(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = "overlapping_use"
    monkeypatch.setattr(world.kit.workshop, "book", book(in_mode("shadow", rule), on_trial()))
    monkeypatch.setattr(world.kit.workshop, "feedback", Feedbacks())
    shard = await decided(world, 0, 1, finding(strength=1.0))
    await shard.commit()
    of_rules, of_policy = alerts(world, "enforcement.shadow")
    assert ["1", "trial"] == [of_rules.policy_version, of_policy.policy_version]
    assert ["acc-1"] * 2 == [(sent.key or b"").decode() for sent in world.sent if "shadow" in sent.topic]
    world.committed = None
    say(world, of_policy.alert_id, "true_positive")
    shard = await decided(world, 0, 9, finding(strength=1.0))
    await shard.commit()
    assert [] == alerts(world)
    for tried in ("rules", "policy"):
        labels = {"category": "account_sharing", "action": "restrict", "tried": tried}
        assert 2 == world.count("shadow_alerts_total", **labels)
    assert 1 == world.count("shadow_feedback_total", rule=rule, verdict="true_positive")
    for name in ("alerts_total", "feedback_total", "feedback_unknown_total", "end_to_end_seconds_count"):
        assert 0 == world.total(name)


async def test_a_shard_counts_only_what_its_keys_are_said_of(world: World) -> None:
    object.__setattr__(world.kit, "findings", 2)
    for number in range(20):
        say(world, "nobody's", "benign", f"acc-{number}")
    shard = await decided(world, 0, 9)
    await shard.commit()
    own = sum(shard._owns(f"acc-{number}") for number in range(20))
    assert 0 < own < 20
    assert own == world.total("feedback_unknown_total")

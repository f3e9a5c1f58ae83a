"""What is shown of the policy in force: one version, that of the group's highest frontier."""

from collections.abc import Mapping
from typing import Any

import pytest
from aiokafka.structs import TopicPartition
from prometheus_client import CollectorRegistry

from detector.logs import FIELDS
from detector.metrics import Metrics
from detector.policy import Book
from detector.policy.version import Version
from detector.stream.idle import Standing
from detector.stream.in_force import LOOK_S, InForce
from tests.policy.making import SHIPPED, book, edited, on_trial, sheet

TURN_MS = 1_767_225_600_000


class Group:
    """Frontiers of two partitions, a clock, and what is shown."""

    def __init__(self, of: Book) -> None:
        self.standings: Mapping[TopicPartition, Standing] | None = {}
        self.now = 100.0
        self.registry = CollectorRegistry()
        frontiers: Any = self
        self.in_force = InForce(Metrics(self.registry), of, frontiers, clock=lambda: self.now)

    async def sample(self) -> Mapping[TopicPartition, Standing] | None:
        return self.standings

    async def look(self, *frontiers: int) -> None:
        self.standings = {
            TopicPartition("events", number): Standing(frontier, frontier, quiet=False)
            for number, frontier in enumerate(frontiers)
        }
        self.now += LOOK_S
        await self.in_force.look()

    def shown(self) -> list[str]:
        families = {family.name: family.samples for family in self.registry.collect()}
        return [sample.labels["version"] for sample in families["detector_policy_info"]]

    def in_shadow(self) -> list[dict[str, str]]:
        families = {family.name: family.samples for family in self.registry.collect()}
        return [sample.labels for sample in families["detector_policy_in_shadow_info"]]

    def since(self) -> float | None:
        return self.registry.get_sample_value("detector_policy_since_timestamp_seconds")


@pytest.fixture
def growing() -> Book:
    return book(SHIPPED)


async def test_the_version_of_the_highest_frontier_is_the_only_one_shown(growing: Book) -> None:
    group = Group(growing)
    await group.look(TURN_MS - 1, TURN_MS)
    assert (["1"], 0.0) == (group.shown(), group.since())
    growing.put(Version.of(sheet(edited('version = "1"', 'version = "2"')).tables, TURN_MS))
    await group.look(TURN_MS - 2, TURN_MS - 1)
    assert (["1"], 0.0) == (group.shown(), group.since())
    await group.look(TURN_MS - 1, TURN_MS)
    assert (["2"], TURN_MS / 1000) == (group.shown(), group.since())
    labels = {"version": "2", "hash": growing.at(TURN_MS).hash}
    assert 1.0 == group.registry.get_sample_value("detector_policy_info", labels)


async def test_a_turn_is_told_once_in_the_log(growing: Book, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "detector")
    group = Group(growing)
    growing.put(Version.of(sheet(edited('version = "1"', 'version = "2"')).tables, TURN_MS))
    for frontier in (0, TURN_MS - 1, TURN_MS, TURN_MS + 1):
        await group.look(frontier)
    told = [getattr(line, FIELDS) for line in caplog.records]
    assert [("1", "ever"), ("2", "2026-01-01T00:00:00Z")] == [
        (each["version"], each["since"]) for each in told
    ]


async def test_where_kafka_does_not_tell_what_was_shown_stays(growing: Book) -> None:
    group = Group(growing)
    await group.look(0)
    growing.put(Version.of(sheet(edited('version = "1"', 'version = "2"')).tables, 0))
    group.standings, group.now = None, group.now + LOOK_S
    await group.in_force.look()
    assert ["1"] == group.shown()


async def test_what_is_in_shadow_is_shown_until_its_end() -> None:
    of = book(SHIPPED, on_trial(date="2026-01-01T00:00:00Z"))
    of.end("trial", TURN_MS + 2)
    group, shown = Group(of), []
    for frontier in (TURN_MS - 1, TURN_MS, TURN_MS + 1, TURN_MS + 2):
        await group.look(frontier)
        shown.append(group.in_shadow())
    label = {"version": "trial", "hash": of.shadows[0].at(None, None).hash}
    assert [[], [label], [label], []] == shown

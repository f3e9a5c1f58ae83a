"""What waits at the receivers stays bounded, and no partition waits for ever."""

from dataclasses import dataclass, field
from random import Random

import pytest

from detector.stream import outstanding
from detector.stream.idle import Standing
from detector.stream.outstanding import Outstanding, slowest_frontier

MOST = 100
PIECE = 10
"""What one commit sends at most."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outstanding, "MOST_OUTSTANDING", MOST)
    monkeypatch.setattr(outstanding, "LEAST_OUTSTANDING", 0)


def sent(*commits: tuple[int, int]) -> Outstanding:
    """Commits of (number, frontier)."""
    made = Outstanding(1)
    for number, frontier in commits:
        made.sent(number, frontier)
    return made


def standing(frontier: int, *, quiet: bool = False) -> Standing:
    return Standing(frontier, frontier, quiet)


def test_what_the_slowest_has_passed_waits_no_longer() -> None:
    waiting = sent((3, 10), (4, 20), (5, 30))
    waiting.passed(20)
    assert 5 == waiting.count


def test_what_lies_behind_the_slowest_in_part_still_waits() -> None:
    waiting = sent((3, 10))
    waiting.passed(9)
    assert 3 == waiting.count


@pytest.mark.parametrize(
    ("number", "many", "too_many"),
    [(50, False, False), (51, True, False), (100, True, False), (101, True, True)],
)
def test_the_others_are_asked_at_half_the_bound_and_waited_for_above_it(
    number: int,
    many: bool,  # noqa: FBT001  # a table's column
    too_many: bool,  # noqa: FBT001  # the same
) -> None:
    waiting = sent((number, 10))
    assert (many, too_many) == (waiting.many, waiting.too_many)


def test_the_bound_is_shared_by_all_partitions() -> None:
    made = Outstanding(4)
    made.sent(26, 10)
    assert made.too_many


def test_quiet_partitions_hold_nobody_back() -> None:
    assert 20 == slowest_frontier([standing(5, quiet=True), standing(20), standing(30)])


def test_where_all_are_quiet_nothing_waits() -> None:
    assert 30 == slowest_frontier([standing(5, quiet=True), standing(30, quiet=True)])


def test_one_that_nobody_ever_committed_holds_all_back() -> None:
    assert 0 == slowest_frontier([standing(0), standing(30)])


@dataclass
class Partition:
    """A log of moments at which something is sent on, oldest first."""

    log: list[int]
    outstanding: Outstanding = field(default_factory=lambda: Outstanding(1))
    frontier: int = 0
    quiet: bool = False
    waiting: list[int] = field(default_factory=list)

    def read(self, number: int) -> None:
        taken, self.log = self.log[:number], self.log[number:]
        if taken:
            self.frontier = taken[-1] + 1
            self.waiting += taken
            self.outstanding.sent(len(taken), self.frontier)
        self.quiet = not taken

    def decided(self, frontier: int) -> None:
        """Do as a receiver does with what this partition sent."""
        self.waiting = [moment for moment in self.waiting if moment >= frontier]


@pytest.mark.parametrize("seed", range(30))
def test_buffers_stay_bounded_and_every_log_is_read_to_its_end(seed: int) -> None:
    chance = Random(seed)
    logs = [sorted(chance.sample(range(5_000), chance.choice([0, 3, 400, 2_000]))) for _ in range(4)]
    partitions = [Partition(log) for log in logs]
    for _ in range(5_000):
        for each in partitions:
            if each.outstanding.too_many:
                each.quiet = False
            elif chance.random() < 0.7:
                each.read(chance.randrange(1, PIECE))
        slowest = slowest_frontier(Standing(each.frontier, 0, each.quiet) for each in partitions)
        for each in partitions:
            each.outstanding.passed(slowest)
            each.decided(slowest)
            assert len(each.waiting) <= MOST + PIECE
    assert [[]] * 4 == [each.log for each in partitions]

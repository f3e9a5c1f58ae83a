"""Another number of partitions is noticed: at the start, by what the group is given, and while it runs."""

from typing import Any

import pytest

from detector.errors import StateError, UnavailableError
from detector.stream.partition_watch import PartitionWatch
from detector.stream.progress import Progress
from detector.stream.standings import MOST_SENDERS

EXPECTED = {"events": 4, "crowds": 3, "findings": 2}
WATCH = PartitionWatch("detector", EXPECTED)


class Consumer:
    """Knows topics by their partitions; of one that it has not looked at, nothing."""

    def __init__(self, **partitions: int | None) -> None:
        self._partitions = partitions

    def partitions_for_topic(self, topic: str) -> set[int] | None:
        number = self._partitions[topic]
        return None if number is None else set(range(number))


def consumer(**partitions: int | None) -> Any:
    return Consumer(**(EXPECTED | partitions))


@pytest.mark.parametrize("known", [{}, {"events": None}])
def test_the_same_numbers_are_nothing_to_speak_of(known: dict[str, int | None]) -> None:
    WATCH.check(consumer(**known))
    WATCH.check_committed([Progress(), Progress(partitions=(4, 3, 2))])
    WATCH.check_given("events", 3)
    WATCH.check_size()


@pytest.mark.parametrize(("topic", "before"), EXPECTED.items())
def test_a_topic_that_grows_while_it_runs_is_named_with_what_to_do(topic: str, before: int) -> None:
    named = rf"topic {topic} has 5 partitions, and had {before} when the group detector began.*--group"
    with pytest.raises(StateError, match=named):
        WATCH.check(consumer(**{topic: 5}))


@pytest.mark.parametrize("partitions", [(5, 3, 2), (4, 5, 2), (4, 3, 5)])
def test_a_group_that_began_with_other_numbers_is_not_gone_on_with(partitions: tuple[int, int, int]) -> None:
    with pytest.raises(StateError, match="and had 5 when the group"):
        WATCH.check_committed([Progress(), Progress(partitions=partitions)])


def test_a_partition_that_was_not_there_is_not_taken_over() -> None:
    with pytest.raises(StateError, match="topic findings has 3 partitions, and had 2"):
        WATCH.check_given("findings", 2)


def test_more_senders_than_fit_beside_an_offset_are_named() -> None:
    most = {"events": MOST_SENDERS - 3, "crowds": 3, "findings": 99}
    PartitionWatch("detector", most).check_size()
    with pytest.raises(UnavailableError, match=rf"events \(510\) and crowds \(3\) have {MOST_SENDERS + 1}"):
        PartitionWatch("detector", most | {"events": MOST_SENDERS - 2}).check_size()

"""Quiet partitions: when they close, and up to where."""

import pytest
from aiokafka.structs import TopicPartition

from detector.stream.idle import POLLS, Quiet, Standing, quiet_frontier

OWN, ONE, TWO = (TopicPartition("events", number) for number in range(3))


def standing(frontier: int, newest: int = 0, *, quiet: bool = False) -> Standing:
    return Standing(frontier, newest, quiet)


def closed() -> Quiet:
    """A watch that has just closed its partition up to 77."""
    watch = Quiet(10.0, since=0.0)
    watch.sampled(77)
    for _ in range(POLLS):
        watch.found_nothing()
    return watch


def test_a_quiet_partition_closes_up_to_the_slowest_of_the_others() -> None:
    assert 40 == quiet_frontier(OWN, {OWN: standing(5), ONE: standing(40, 900), TWO: standing(50, 60)})


def test_quiet_others_hold_nobody_back() -> None:
    found = quiet_frontier(OWN, {OWN: standing(5), ONE: standing(40, quiet=True), TWO: standing(50)})
    assert 50 == found


def test_where_all_are_quiet_everything_is_closed() -> None:
    everyone = {OWN: standing(5, 90), ONE: standing(40, 80, quiet=True)}
    assert 91 == quiet_frontier(OWN, everyone)
    assert 91 == quiet_frontier(ONE, everyone | {OWN: standing(5, 90, quiet=True)})


def test_where_nobody_ever_heard_anything_nothing_is_closed() -> None:
    assert 0 == quiet_frontier(OWN, {})


@pytest.mark.parametrize(("now", "due"), [(9.9, False), (10.0, True), (50.0, True)])
def test_a_partition_is_due_after_the_time_out(now: float, due: bool) -> None:  # noqa: FBT001  # a table's column
    assert due == Quiet(10.0, since=0.0).due(now)


def test_what_is_heard_begins_the_time_out_anew() -> None:
    watch = Quiet(10.0, since=0.0)
    watch.heard(5.0)
    assert not watch.due(14.9)
    assert watch.due(15.0)


def test_two_polls_after_the_sample_must_find_nothing() -> None:
    watch = Quiet(10.0, since=0.0)
    watch.sampled(77)
    assert not watch.due(50.0)
    assert (None, False) == (watch.found_nothing(), watch.quiet)
    assert (77, True) == (watch.found_nothing(), watch.quiet)


def test_polls_before_the_sample_do_not_count() -> None:
    watch = Quiet(10.0, since=0.0)
    assert [None] * 5 == [watch.found_nothing() for _ in range(5)]
    watch.sampled(77)
    assert None is watch.found_nothing()


def test_what_is_heard_between_the_polls_makes_the_sample_void() -> None:
    watch = Quiet(10.0, since=0.0)
    watch.sampled(77)
    watch.found_nothing()
    watch.heard(12.0)
    assert [None, None, None] == [watch.found_nothing() for _ in range(3)]
    assert not watch.quiet
    assert not watch.due(21.9)
    watch.sampled(99)
    assert [None, 99] == [watch.found_nothing() for _ in range(2)]


def test_a_quiet_partition_is_sampled_again_at_once() -> None:
    watch = closed()
    assert watch.due(0.0)
    watch.sampled(88)
    assert not watch.due(0.0)
    assert [None, 88] == [watch.found_nothing() for _ in range(2)]


def test_a_partition_is_quiet_until_something_is_heard() -> None:
    watch = closed()
    watch.sampled(88)
    quiet = watch.quiet
    watch.heard(30.0)
    assert (True, False) == (quiet, watch.quiet)
    assert not watch.due(39.9)

"""Going back to a checkpoint, or to what the log still holds."""

import msgspec
import pytest
from aiokafka.structs import TopicPartition

from detector.errors import StateError
from detector.stages.accounts import Accounts, Checkpoint
from detector.stages.assemble import Workshop
from detector.stream.published import Published
from detector.stream.recovery import restore

SOURCE = TopicPartition("session-events", 0)
KEPT = Checkpoint(resume=40, position=50, frontier=500, newest=550)
ENCODED = msgspec.json.encode(KEPT)


@pytest.fixture
def stage(workshop: Workshop) -> Accounts:
    return workshop.accounts(*SOURCE)


def rebuilt_ms(stage: Accounts) -> int:
    return stage.checkpoint().rebuilt_ms


def test_a_new_partition_begins_at_its_first_message(stage: Accounts) -> None:
    assert 7 == restore(stage, Checkpoint, None, Published(), SOURCE, 7, 90)
    assert (7, 0) == (stage.position, rebuilt_ms(stage))


def test_reading_resumes_where_the_checkpoint_says(stage: Accounts) -> None:
    published = Published(offset=60, frontier=600)
    assert 40 == restore(stage, Checkpoint, ENCODED, published, SOURCE, 0, 90)
    assert (40, 500, 0) == (stage.position, stage.frontier, rebuilt_ms(stage))
    assert (60, 600) == (published.offset, published.frontier)


@pytest.mark.parametrize(("first", "rebuilt"), [(0, 0), (5, 600)])
def test_lost_rows_are_rebuilt_from_the_log_and_what_it_lost_is_told(
    stage: Accounts, first: int, rebuilt: int
) -> None:
    assert first == restore(stage, Checkpoint, None, Published(60, 600), SOURCE, first, 90)
    assert rebuilt == rebuilt_ms(stage)


@pytest.mark.parametrize(("first", "rebuilt"), [(40, 0), (41, 600)])
def test_a_log_that_begins_after_the_checkpoint_is_told(stage: Accounts, first: int, rebuilt: int) -> None:
    assert first == restore(stage, Checkpoint, ENCODED, Published(60, 600), SOURCE, first, 90)
    assert rebuilt == rebuilt_ms(stage)


def test_a_log_that_ends_before_the_checkpoint_is_another_log(stage: Accounts) -> None:
    with pytest.raises(StateError, match=r"ends at 49, but was read to 50: .* another group, or clear Redis"):
        restore(stage, Checkpoint, ENCODED, Published(), SOURCE, 0, 49)


def test_a_checkpoint_that_cannot_be_read_says_what_to_do(stage: Accounts) -> None:
    with pytest.raises(StateError, match="clear Redis"):
        restore(stage, Checkpoint, b"{", Published(), SOURCE, 0, 90)

"""What was published before a take-over."""

from detector.stages.accounts import Checkpoint
from detector.stream.offsets import Committed
from detector.stream.progress import IdleStep, Progress
from detector.stream.published import Published


def test_where_nothing_was_committed_nothing_was_published() -> None:
    assert Published(0, 0, []) == Published.of(None)


def test_what_was_committed_was_published() -> None:
    steps = (IdleStep(7, 70), IdleStep(8, 80))
    committed = Committed(9, Progress(90, 95, quiet=True, steps=steps).encode())
    assert Published(9, 90, list(steps)) == Published.of(committed)


def test_a_checkpoint_counts_where_offsets_were_reset() -> None:
    published = Published()
    published.include(Checkpoint(resume=3, position=5, frontier=50, newest=55))
    assert (5, 50) == (published.offset, published.frontier)


def test_a_checkpoint_takes_nothing_back() -> None:
    published = Published(9, 90)
    published.include(Checkpoint(resume=3, position=5, frontier=50, newest=55))
    assert (9, 90) == (published.offset, published.frontier)


def test_a_step_is_taken_before_the_message_at_its_offset_and_once() -> None:
    before, at, after = (IdleStep(offset, 10 * offset) for offset in (6, 7, 8))
    published = Published(steps=[before, at, after])
    assert [before, at] == list(published.steps_to(7))
    assert [] == list(published.steps_to(7))
    assert [after] == list(published.steps_to(9))

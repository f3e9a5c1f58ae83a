"""Going back to the last checkpoint of a shard that keeps rows."""

from typing import Protocol, TypeVar

import msgspec
from aiokafka.structs import TopicPartition

from detector.errors import StateError
from detector.logs import get_logger
from detector.stream.published import Published, Saved

log = get_logger(__name__)

C = TypeVar("C", bound=Saved)
C_contra = TypeVar("C_contra", bound=Saved, contravariant=True)


class Restorable(Protocol[C_contra]):
    """A stage that can go back."""

    def begin_at(self, offset: int) -> None:
        """Begin without a checkpoint, at the first offset that the log has."""
        ...

    def restore(self, checkpoint: C_contra) -> None:
        """Take up where a checkpoint left off."""
        ...

    def rebuild(self, now_ms: int) -> None:
        """Note that rows were lost, and that what lies before `now_ms`, event time, may be missing."""
        ...


def restore(  # what a take-over knows of a partition
    stage: Restorable[C],
    kind: type[C],
    payload: bytes | None,
    published: Published,
    source: TopicPartition,
    first: int,
    end: int,
) -> int:
    """Bring a new stage to its checkpoint of `kind`; return the offset to read from.

    `payload` is the checkpoint as it was stored; the log reaches from `first` to before `end`. Raises
    `StateError` for a checkpoint that cannot be read, or that is another log's.
    """
    if payload is None:
        if published.offset > 0:
            # Rows are gone and are folded again; what the log no longer holds is missing from them.
            _rebuild(stage, published, source, lost=first > 0)
        stage.begin_at(first)
        return first
    checkpoint = _decoded(payload, kind)
    if checkpoint.position > end:
        raise StateError(
            f"{source.topic}-{source.partition} ends at {end}, but was read to "
            f"{checkpoint.position}: was the topic created anew? use another group, or clear Redis"
        )
    stage.restore(checkpoint)
    published.include(checkpoint)
    if checkpoint.resume < first:
        _rebuild(stage, published, source, lost=True)
    return max(first, checkpoint.resume)


def _decoded(payload: bytes, kind: type[C]) -> C:
    try:
        return msgspec.json.decode(payload, type=kind)
    except msgspec.MsgspecError as error:
        raise StateError(f"a checkpoint cannot be read ({error}): clear Redis to rebuild it") from error


def _rebuild(stage: Restorable[C], published: Published, source: TopicPartition, *, lost: bool) -> None:
    log.warning("rows are folded again", topic=source.topic, partition=source.partition, some_lost=lost)
    if lost:
        stage.rebuild(max(published.frontier, 1))

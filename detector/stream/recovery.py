"""Going back to the last checkpoint of a shard of accounts."""

import msgspec
from aiokafka.structs import TopicPartition

from detector.errors import StateError
from detector.logs import get_logger
from detector.stages.accounts import Accounts, Checkpoint
from detector.stream.published import Published

log = get_logger(__name__)


def restore(
    stage: Accounts, payload: bytes | None, published: Published, source: TopicPartition, first: int, end: int
) -> int:
    """Bring a new stage to its checkpoint; return the offset to read from.

    `payload` is the checkpoint as it was stored; the log reaches from `first` to before `end`. Raises
    `StateError` for a checkpoint that cannot be read, or that is another log's.
    """
    if payload is None:
        if published.offset > 0:
            # Rows are gone and are folded again; what the log no longer holds is missing from them.
            _rebuild(stage, published, source, lost=first > 0)
        stage.begin_at(first)
        return first
    checkpoint = _decoded(payload)
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


def _decoded(payload: bytes) -> Checkpoint:
    try:
        return msgspec.json.decode(payload, type=Checkpoint)
    except msgspec.MsgspecError as error:
        raise StateError(f"a checkpoint cannot be read ({error}): clear Redis to rebuild it") from error


def _rebuild(stage: Accounts, published: Published, source: TopicPartition, *, lost: bool) -> None:
    log.warning("rows are folded again", partition=source.partition, some_lost=lost)
    if lost:
        stage.rebuild(max(published.frontier, 1))

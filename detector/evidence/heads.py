"""The head of each chain: what is kept apart, so that a chain cut off at its end shows too."""

from collections.abc import Iterable, Mapping
from typing import Annotated

import msgspec

from detector.alerts import Alert, Subject
from detector.errors import InputError

Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class Head(msgspec.Struct, frozen=True):
    """The last alert of a case: its number, hash, id and moment (event time, Unix ms), and its subject."""

    case_id: str
    sequence: Annotated[int, msgspec.Meta(ge=1)]
    hash: Hash
    alert_id: str
    decided_time: int
    subject: Subject


Heads = Mapping[str, Head]
"""By case."""
_DECODER = msgspec.json.Decoder(Head)


def head_of(alert: Alert) -> Head:
    """Return the head of a chain that ends with this alert."""
    return Head(
        alert.case_id,
        alert.sequence,
        alert.chain.hash,
        alert.alert_id,
        alert.decided_time,
        alert.subject,
    )


def encode_heads(heads: Heads) -> list[bytes]:
    """Return heads as lines of JSON, in the order of their cases' ids."""
    return [msgspec.json.encode(head) + b"\n" for _, head in sorted(heads.items())]


def read_heads(lines: Iterable[tuple[int, bytes]], name: str) -> dict[str, Head]:
    """Decode heads from numbered lines; raises `InputError` for a line that is none, or a case's second."""
    heads: dict[str, Head] = {}
    for number, line in lines:
        try:
            head = _DECODER.decode(line)
        except (msgspec.MsgspecError, RecursionError, ValueError) as error:
            raise InputError(
                f"{name}, line {number}: not the head of a chain ({error}): "
                "detector replay --heads writes such a file"
            ) from error
        if head.case_id in heads:
            raise InputError(
                f"{name}, line {number}: a second head of case {head.case_id!r}: which one counts?"
            )
        heads[head.case_id] = head
    return heads

"""Who asked for an account's data, and what was done: lines of the control topic, which is never shortened.

An account stands there as its keyed hash (`DETECTOR_PSEUDONYM_KEY`): who has its name and the key finds its
lines, and nobody else reads a name. A line stays under the key of its time. Workers pass over them.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final, TypeAlias

import msgspec

from detector.feedback import StampedFeedback
from detector.policy import Stamped
from detector.stream.alert_log import opened
from detector.stream.kafka import KafkaClients, reporting
from detector.stream.transactions import OutRecord


class Hold(msgspec.Struct, frozen=True, tag_field="kind", tag="privacy_hold"):
    """A case under dispute is kept, or no longer; `at` is the wall clock, Unix ms, in every line."""

    case_id: str
    held: bool
    reason: str
    author: str
    at: int


class Exported(msgspec.Struct, frozen=True, tag_field="kind", tag="privacy_export"):
    """What is kept of an account was given out: rows of how many shards, and how many cases."""

    account: str
    author: str
    at: int
    windows: int
    cases: int


class Forgetting(msgspec.Struct, frozen=True, tag_field="kind", tag="privacy_forgetting"):
    """An account is to be forgotten: these cases with this line, in one transaction, its windows next.

    `kept` has the cases that stay, each with the reason. Findings open new cases from `decided_to` on, event
    time, Unix ms.
    """

    account: str
    author: str
    at: int
    cases: list[str]
    kept: dict[str, str]
    decided_to: int


class Forgotten(msgspec.Struct, frozen=True, tag_field="kind", tag="privacy_forgotten"):
    """An account's windows were removed: by shard, from when on events count anew, event time, Unix ms."""

    account: str
    author: str
    at: int
    windows: dict[str, int]


Line: TypeAlias = Hold | Exported | Forgetting | Forgotten
KINDS: Final = frozenset({"privacy_hold", "privacy_export", "privacy_forgetting", "privacy_forgotten"})


class Controls(msgspec.Struct):
    """What the control topic says of an account, and which cases are held, with the reason."""

    entitlements: list[Stamped] = []
    feedback: list[StampedFeedback] = []
    holds: dict[str, str] = {}
    lines: list[Exported | Forgetting | Forgotten] = []
    """Of requests for the account's data."""


async def read_controls(clients: KafkaClients, topic: str, account: str, hashes: Collection[str]) -> Controls:
    """Read the control topic to its present end; what cannot be read is passed over, as workers do.

    `hashes` are the account's in hex, under each key. Raises `UnavailableError`.
    """
    found = Controls()
    async with opened(clients, topic) as log:
        async for records in log.batches():
            for record in records:
                _take(found, record.value or b"", account, hashes)
    return found


def _take(found: Controls, value: bytes, account: str, hashes: Collection[str]) -> None:
    try:
        said = msgspec.json.decode(value, type=_Kind)
        if said.kind in KINDS:
            _note(found, msgspec.json.decode(value, type=Line), hashes)
        elif said.key == account and said.kind == "entitlement":
            found.entitlements.append(msgspec.json.decode(value, type=Stamped))
        elif said.key == account and said.kind == "feedback":
            found.feedback.append(msgspec.json.decode(value, type=StampedFeedback))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return


class _Kind(msgspec.Struct):
    kind: str
    key: str | None = None


def _note(found: Controls, line: Line, hashes: Collection[str]) -> None:
    if isinstance(line, Hold):
        if line.held:
            found.holds[line.case_id] = line.reason
        else:
            found.holds.pop(line.case_id, None)
    elif line.account in hashes:
        found.lines.append(line)


def audit_record(topic: str, line: Line) -> OutRecord:
    """Return a line as a record of the control topic, which has one partition."""
    return OutRecord(topic, msgspec.json.encode(line), partition=0)


async def write_lines(clients: KafkaClients, group: str, topic: str, lines: Iterable[Line]) -> None:
    """Write lines, all or none; raises `UnavailableError`."""
    records: Sequence[OutRecord] = [audit_record(topic, line) for line in lines]
    producer = clients.transactional_producer(f"{group}-privacy")
    with reporting(f"writing to {topic}"):
        try:
            await producer.start()
            async with producer.transaction():
                for each in records:
                    await producer.send_and_wait(each.topic, each.value, partition=each.partition)
        finally:
            await producer.stop()

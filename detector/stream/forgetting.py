"""Forgetting an account: its cases and its windows are removed by becoming, for a moment, the owner of each.

A worker that owns a shard has rows and cases in memory and would write them back. So they are removed as at
every take-over: the owner is fenced (its transactional id, its claim in Redis), sends nothing more of what it
had in memory, and takes the shard over again, from what is left. Nothing else of the shard is touched,
nothing is lost and nothing sent twice. The account begins anew from the moment of event time that the shard's
last checkpoint or commit had reached.
"""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.structs import TopicPartition

from detector.alerts import Subject
from detector.errors import OwnershipLostError, StateError
from detector.ladder import Case
from detector.ladder.case import decode_case
from detector.ladder.history import held_against
from detector.stages.accounts import Checkpoint
from detector.stores import REMOVED, RowStore
from detector.stream.audit import Forgetting, audit_record
from detector.stream.decisions import case_records
from detector.stream.kafka import KafkaClients
from detector.stream.offsets import committed_of
from detector.stream.open_cases import read_cases
from detector.stream.standings import CasesProgress
from detector.stream.stored_under import decode_stored
from detector.stream.transactions import ShardTransactions
from detector.topics import Topics

ATTEMPTS: Final = 5
HOLDS: Final = "a step of it holds: it is to be released in time, and may have to be defended"
SPOKEN: Final = "somebody found it wrong: what it would speak of does not count for a time"
"""Why a case is kept though nobody holds it."""


def cases_of(data: Sequence[bytes], account: str) -> list[Case]:
    """Return the open cases about an account among those of a partition."""
    subject = Subject("account", account)
    return [case for case in map(decode_case, data) if case.subject == subject]


def kept_cases(cases: Sequence[Case], holds: Mapping[str, str], now: int) -> dict[str, str]:
    """Return the cases that are not forgotten, each with the reason.

    `holds` are those that somebody holds, with the reason; `now` is event time, Unix ms.
    """
    reasons = {case.case_id: _reason(case, holds, max(now, case.last)) for case in cases}
    return {case_id: reason for case_id, reason in reasons.items() if reason is not None}


def _reason(case: Case, holds: Mapping[str, str], now: int) -> str | None:
    if case.case_id in holds:
        return f"held: {holds[case.case_id]}"
    if case.mode == "shadow":
        return None  # nobody was told anything
    if held_against(case, now):
        return HOLDS
    return SPOKEN if now < max(case.held_until, *case.held.values(), 0) else None


@dataclass(frozen=True, slots=True)
class CasesHome:
    """Where the cases of an account are decided: the partition of the findings, and of the cases."""

    clients: KafkaClients
    admin: AIOKafkaAdminClient
    topics: Topics
    group: str
    partition: int

    async def read(self, account: str) -> list[Case]:
        """Return the account's open cases; raises `UnavailableError`, `StateError`."""
        home = TopicPartition(self.topics.cases, self.partition)
        return cases_of(await read_cases(self.clients, home), account)

    async def forget(self, asked: Forgetting, account: str, holds: Mapping[str, str]) -> Forgetting:
        """Close the account's cases but those that are kept; return the line that was written with it.

        `asked` has who asked, and when. Raises `UnavailableError`, `OwnershipLostError`, `StateError`.
        """
        source = TopicPartition(self.topics.findings, self.partition)
        transactions = ShardTransactions(self.clients, group=self.group, stage="cases", source=source)
        await transactions.start()
        try:
            committed = await committed_of(self.admin, self.group, source)
            decided_to = 0 if committed is None else CasesProgress.decode(committed.metadata).frontier
            cases = await self.read(account)
            kept = kept_cases(cases, holds, decided_to)
            gone = [case.case_id for case in cases if case.case_id not in kept]
            line = msgspec.structs.replace(asked, cases=gone, kept=kept, decided_to=decided_to)
            records = case_records(self.topics, dict.fromkeys(gone), self.partition)
            records.append(audit_record(self.topics.control, line))
            await transactions.commit(records, None, "")
        finally:
            await transactions.stop()
        return line


async def is_open(clients: KafkaClients, homes: Sequence[TopicPartition], case_id: str) -> bool:
    """Return whether a case of that id is open, `homes` being the partitions of the topic of cases.

    Raises `UnavailableError`, `StateError`.
    """
    for home in homes:
        if any(decode_case(data).case_id == case_id for data in await read_cases(clients, home)):
            return True
    return False


class Fence(Protocol):
    """What stops a shard's owner from sending; `detector.stream.transactions.ShardTransactions` is one."""

    async def start(self) -> None: ...  # noqa: D102  # as the class says
    async def stop(self) -> None: ...  # noqa: D102


async def forget_row(
    store: RowStore, fence: Fence, shard: str, rows: Sequence[bytes], tallies: Sequence[bytes]
) -> int | None:
    """Remove an account's row of a shard and the tally of its entries, by the names under which they may lie.

    None where there is neither, and nobody is disturbed.

    Returns the moment of event time, Unix ms, from which its events count anew. Raises `UnavailableError`,
    and `OwnershipLostError` where workers take the shard over again and again.
    """
    if not any([*await store.read(shard, rows), *await store.read_tallies(shard, tallies)]):
        return None
    for _ in range(ATTEMPTS - 1):
        with contextlib.suppress(OwnershipLostError):  # a worker took it over in between
            return await _removed(store, fence, shard, rows, tallies)
    return await _removed(store, fence, shard, rows, tallies)


async def _removed(
    store: RowStore, fence: Fence, shard: str, rows: Sequence[bytes], tallies: Sequence[bytes]
) -> int:
    try:
        await fence.start()
        claim, payload = await store.claim(shard)
        if payload is None:
            raise StateError(f"shard {shard} has rows and no checkpoint: start a worker, which makes one")
        await store.checkpoint(claim, payload, dict.fromkeys(rows, REMOVED), dict.fromkeys(tallies, b""))
    finally:
        await fence.stop()
    return msgspec.json.decode(decode_stored(payload).checkpoint, type=Checkpoint).frontier

"""A shard of stage accounts run as the live service does, without Kafka and Redis: commits and crashes."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from detector.stages.accounts import Accounts, Checkpoint, Record

if TYPE_CHECKING:
    from detector.findings import Finding

StoredRow = tuple[bytes, bytes | None]


class Runner:
    """Reads a log; what it keeps over a crash is what Kafka and Redis keep.

    `findings` are those sent on; after a crash none is sent again that the frontier last committed covers.
    """

    def __init__(self, make: Callable[[], Accounts], rows_in_memory: int = 2) -> None:
        self._make = make
        self._rows_in_memory = rows_in_memory
        self._stored: dict[str, StoredRow] = {}
        self._saved: Checkpoint | None = None
        self._published = 0
        self.shard = make()
        self.findings: list[Finding] = []
        self.late: list[int] = []

    def read(self, records: Sequence[Record]) -> None:
        """Take records and commit what follows from them."""
        refused = self.shard.read(records)
        self.late += [record.offset for record in refused.late]
        self.advance()

    def advance(self) -> None:
        """Judge what is closed and commit it."""
        ordered = self.shard.close()
        for key in self.shard.missing(ordered):
            self.shard.table.put(key, *self._stored.get(key, (None, None)))
        found = self.shard.judge(ordered)
        self.findings += [finding for finding in found if finding.time >= self._published]
        self._published = max(self._published, self.shard.frontier)

    def checkpoint(self) -> None:
        """Store what changed, and let go of most rows."""
        for key, row, ledger in self.shard.table.changes():
            self._stored[key] = (row, ledger or self._stored.get(key, (row, None))[1])
        self.shard.table.settle()
        self.shard.table.evict(self._rows_in_memory)
        self._saved = self.shard.checkpoint()

    def crash(self) -> int:
        """Begin anew from the last checkpoint; return the offset to read from."""
        self.shard = self._make()
        if self._saved is None:
            self.shard.begin_at(0)
            return 0
        self.shard.restore(self._saved)
        return self._saved.resume

    def finish(self) -> None:
        """Close everything that was read."""
        self.shard.raise_frontier(self.shard.newest + 1)
        self.advance()

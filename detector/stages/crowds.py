"""Stage crowds: what many accounts do together.

One object is one shard, one partition of the blocks of cells: `read` gathers what the partitions of stage
accounts send, `close` gives out what all of them have closed, `judge` folds it into rows and returns what the
rules found. Rows that are not in memory are fetched by the caller between `close` and `judge`.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from numpy.typing import NDArray

from detector.cells import Cell, CellBlock, CrowdKey
from detector.enrich import Enricher
from detector.errors import StateError
from detector.findings import Finding
from detector.policy import Book
from detector.stages.crowd_judge import CrowdJudge
from detector.stages.families import FAMILIES, Family
from detector.stages.gathering import Gathering, Standing
from detector.stages.masks import Mask
from detector.stages.rows import RowTable
from detector.windows.crowds.layout import KINDS

if TYPE_CHECKING:
    from detector.stages.crowd_ledger import CrowdLedger


class CrowdsCheckpoint(msgspec.Struct, frozen=True):
    """Where a shard stood when its rows were stored: cells before `standing.frontier` are folded.

    Reading resumes at `resume`; blocks before `position` were read before.
    """

    resume: int
    position: int
    standing: Standing
    rebuilt_ms: int = 0

    @property
    def frontier(self) -> int:
        """Cells before it are folded."""
        return self.standing.frontier


class Crowds:
    """One shard of stage crowds."""

    def __init__(
        self,
        enricher: Enricher,
        topic: str,
        book: Book,
        *,
        mask: Mask,
        is_known: Callable[[str, int], bool],
        families: Sequence[Family] = FAMILIES,
    ) -> None:
        self._families = {family.name: family for family in families}
        self._judges = {
            family.name: CrowdJudge(family, enricher, topic, book, mask=mask, is_known=is_known)
            for family in families
        }
        self._cells: Gathering[Cell] = Gathering()
        self.tables: dict[str, RowTable[CrowdLedger]] = {
            family.name: RowTable(family.rows) for family in families
        }
        self.counts: Counter[str] = Counter()
        """Cells folded, by family, since the counts were last taken."""
        self._rebuilt_ms = 0

    @property
    def frontier(self) -> int:
        """Everything before it, Unix ms, is folded and judged once `judge` has had what `close` gave."""
        return self._cells.closed_to

    @property
    def position(self) -> int:
        """The next offset to be read."""
        return self._cells.position

    @property
    def held(self) -> int:
        """How many cells wait for their moment to close."""
        return self._cells.held

    def restore(self, checkpoint: CrowdsCheckpoint) -> None:
        """Take up where a checkpoint left off; the caller then reads on from its `resume`."""
        self._cells.restore(checkpoint.standing, checkpoint.resume)
        self._note_rebuilt(checkpoint.rebuilt_ms)

    def checkpoint(self) -> CrowdsCheckpoint:
        """Say where the shard stands; everything closed must have been judged."""
        return CrowdsCheckpoint(
            resume=self._cells.resume,
            position=self._cells.position,
            standing=self._cells.standing,
            rebuilt_ms=self._rebuilt_ms,
        )

    def begin_at(self, offset: int) -> None:
        """Begin without a checkpoint, at the first offset that the log has."""
        self._cells.restore(Standing(), offset)

    def rebuild(self, now_ms: int) -> None:
        """Note that rows were lost, and that what lies before `now_ms`, event time, may be missing."""
        self._note_rebuilt(now_ms)

    def read(self, offset: int, block: CellBlock) -> int:
        """Take a block, which lies at `offset`; return how many cells were folded or are too late."""
        return self._cells.read(offset, block.sender, block.senders, block.frontier, block.cells)

    def close(self) -> list[Cell]:
        """Return what is closed, in order; it must be judged before anything else is closed."""
        return self._cells.close()

    def missing(self, cells: Sequence[Cell]) -> list[CrowdKey]:
        """Return the keys of rows that must be put into `tables` before these cells are judged."""
        wanted: dict[str, dict[str, CrowdKey]] = {}
        for cell in cells:
            wanted.setdefault(self._family(cell.key).name, {})[cell.key.text] = cell.key
        return [keys[text] for name, keys in wanted.items() for text in self.tables[name].missing(keys)]

    def put(self, key: CrowdKey, row: bytes | None, ledger: bytes | None) -> None:
        """Take a row as it was stored, or begin one."""
        self.tables[key.family].put(key.text, row, ledger)

    def judge(self, cells: Sequence[Cell]) -> list[Finding]:
        """Fold closed cells into their rows and return what the rules found, in order."""
        of_family: dict[str, list[Cell]] = {}
        for cell in cells:
            of_family.setdefault(cell.key.family, []).append(cell)
        findings: list[Finding] = []
        for name, own in of_family.items():
            self.counts[name] += len(own)
            family, table = self._families[name], self.tables[name]
            places = table.touch([cell.key.text for cell in own])
            features = family.fold(_columns(family, own, places), table.rows)
            findings += self._judges[name].findings(own, features, table)
        return sorted(findings, key=lambda found: found.order)

    def _family(self, key: CrowdKey) -> Family:
        try:
            return self._families[key.family]
        except KeyError as error:
            raise StateError(
                f"a cell of the family {key.family!r} was found, which this release does not know: "
                "run the one that wrote it"
            ) from error

    def _note_rebuilt(self, moment_ms: int) -> None:
        self._rebuilt_ms = moment_ms
        for judge in self._judges.values():
            judge.rebuilt_ms = moment_ms


def _columns(family: Family, cells: Sequence[Cell], places: NDArray[np.int32]) -> NDArray[np.void]:
    """Return cells as an array of the family's dtype, shape (n,)."""
    out = np.zeros(len(cells), family.cell)
    out["time_ms"] = [cell.time for cell in cells]
    out["row"] = places
    out["kind"] = [_KIND_PLACES[cell.key.kind] for cell in cells]
    out["excused"] = [cell.excused for cell in cells]
    for name, column in zip(family.facts, zip(*(cell.facts for cell in cells), strict=True), strict=True):
        out[name] = column
    return out


_KIND_PLACES = {name: place for place, name in enumerate(KINDS)}

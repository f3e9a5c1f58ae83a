"""Stage cases: findings about one subject meet in its case, and the case decides.

One object is one shard, the blocks of one partition. A moment is closed when every sender has closed it;
findings are then decided in an order that does not depend on who sent them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import msgspec

from detector.alerts import Alert, Subject
from detector.errors import StateError
from detector.findings import Block, Finding
from detector.ladder import Case, decide
from detector.ladder.case import VERSION
from detector.policy import Policy

SWEEP_MS: Final = 3_600_000
"""Cases that were quiet for long are let go of once in this time; when does not change any decision."""
CaseKey = tuple[Subject, str]


@dataclass(slots=True)
class Decided:
    """What a shard decided: alerts in order, and the cases that changed, None where one was closed."""

    alerts: list[Alert] = field(default_factory=list)
    cases: dict[str, Case | None] = field(default_factory=dict)


class Standing(msgspec.Struct, frozen=True):
    """Where a shard stands: kept with its committed offset.

    Findings before `frontier` are decided; `senders` are the frontiers of those who send, by number.
    """

    frontier: int = 0
    senders: dict[int, int] = {}


class Cases:
    """One shard of stage cases."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._cases: dict[CaseKey, Case] = {}
        self._senders: dict[int, int] = {}
        self._expected = 0
        self._waiting: list[tuple[int, Finding]] = []
        self._swept = 0
        self.decided_to = 0
        self.position = 0

    def restore(self, standing: Standing, position: int) -> None:
        """Take up where a commit left off; the caller then reads on from `position`.

        How many senders there are, the next block says: at the commit not all of them may have been heard.
        """
        self.decided_to = standing.frontier
        self._senders = dict(standing.senders)
        self.position = position

    def put(self, data: bytes) -> None:
        """Take a case as its topic holds it; raises `StateError` for bytes of another version."""
        try:
            case = msgspec.json.decode(data, type=Case)
        except msgspec.MsgspecError as error:
            raise StateError(f"a case cannot be read ({error}): run the release that wrote it") from error
        if case.version != VERSION:
            raise StateError(f"a case of version {case.version} was found, this is {VERSION}: upgrade")
        self._cases[case.subject, case.category] = case

    @property
    def standing(self) -> Standing:
        """What to keep with the committed offset."""
        return Standing(self.decided_to, dict(self._senders))

    @property
    def frontier(self) -> int:
        """Up to where every sender has sent; 0 while one was not heard, or no block since a restart."""
        if self._expected == 0 or len(self._senders) < self._expected:
            return 0
        return min(self._senders.values())

    @property
    def resume(self) -> int:
        """The offset to read from again: the oldest block with a finding that waits."""
        return min((offset for offset, _ in self._waiting), default=self.position)

    @property
    def open_cases(self) -> int:
        """How many cases are open."""
        return len(self._cases)

    def read(self, offset: int, block: Block) -> None:
        """Take a block, which lies at `offset`; what was decided before is not taken again."""
        self._expected = block.senders
        self._senders[block.sender] = max(self._senders.get(block.sender, 0), block.frontier)
        self._waiting += [(offset, found) for found in block.findings if found.time >= self.decided_to]
        self.position = max(self.position, offset + 1)

    def decide(self, detected_at: int) -> Decided:
        """Decide what is closed, in order; `detected_at` is the wall clock, Unix ms."""
        decided = Decided()
        frontier = self.frontier
        if frontier <= self.decided_to:
            return decided
        ready = [found for _, found in self._waiting if found.time < frontier]
        self._waiting = [entry for entry in self._waiting if entry[1].time >= frontier]
        self.decided_to = frontier
        for finding in _each_once(sorted(ready, key=lambda found: found.order)):
            self._decide(finding, detected_at, decided)
        if frontier - self._swept >= SWEEP_MS:
            self._sweep(frontier, decided)
        return decided

    def _decide(self, finding: Finding, detected_at: int, decided: Decided) -> None:
        key = (finding.subject, finding.category)
        known = self._cases.get(key)
        decision = decide(finding, known, self._policy, detected_at)
        if known is not None and known.case_id != decision.case.case_id:
            decided.cases[known.case_id] = None
        self._cases[key] = decided.cases[decision.case.case_id] = decision.case
        if decision.alert is not None:
            decided.alerts.append(decision.alert)

    def _sweep(self, frontier: int, decided: Decided) -> None:
        self._swept = frontier
        quiet = [key for key, case in self._cases.items() if frontier - case.last > self._policy.quiet_ms]
        for key in quiet:
            decided.cases[self._cases.pop(key).case_id] = None


def _each_once(findings: Iterable[Finding]) -> Iterable[Finding]:
    """Drop what repeats its neighbour: a sender that took over may send a finding again."""
    before = None
    for finding in findings:
        if before is None or finding.order != before:
            yield finding
        before = finding.order

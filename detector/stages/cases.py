"""Stage cases: findings about one subject meet in its case, and the case decides.

One object is one shard, the blocks of one partition. A moment is closed when every sender has closed it;
findings are then decided in an order that does not depend on who sent them. At one moment, first what is due
by its time is done, then feedback is heard that counts from then on, then findings are decided.
"""

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Final

from msgspec import UNSET

from detector.feedback import Feedbacks
from detector.findings import Block, Finding
from detector.ladder.case import Case, decode_case
from detector.policy import Book, Entitlements
from detector.stages.decided import Decided
from detector.stages.docket import Controls, Docket
from detector.stages.gathering import Gathering, Standing
from detector.stages.shadow import OfPolicy, OfRules
from detector.stages.spoken import Due, Spoken, everybody

SWEEP_MS: Final = 3_600_000
"""Cases that were quiet for long are let go of once in this time; when does not change any decision."""
ORPHANED_MS: Final = 24 * 3_600_000
"""Cases of a policy in shadow that nobody names are taken out of the topic so long after their last finding:
it may have been applied, and the worker that wrote them have read so sooner."""


class Cases:
    """One shard of stage cases; `own` says of a subject's id whether its cases are this shard's."""

    def __init__(
        self,
        book: Book,
        feedback: Feedbacks | None = None,
        own: Callable[[str], bool] = everybody,
        entitlements: Entitlements | None = None,
    ) -> None:
        self._book = book
        feedback = Feedbacks() if feedback is None else feedback
        self._spoken = Spoken(feedback, own)
        self._controls = Controls(feedback, Entitlements() if entitlements is None else entitlements)
        self._live = Docket(book, self._controls)
        self._of_rules = OfRules(book, self._controls, self._live)
        self._of_policies: dict[str, OfPolicy] = {}
        self._edition = -1
        self._orphans: list[Case] = []
        """Cases of policies in shadow that are not known."""
        self._findings: Gathering[Finding] = Gathering()
        self._swept = 0

    @property
    def _dockets(self) -> tuple[Docket, ...]:
        """All of them, what is in force first: rules in shadow read it."""
        return (self._live, self._of_rules, *self._of_policies.values())

    def restore(self, standing: Standing, position: int) -> None:
        """Take up where a commit left off; the caller then reads on from `position`."""
        self._findings.restore(standing, position)

    def put(self, data: bytes) -> None:
        """Take a case as its topic holds it; raises `StateError` for bytes of another version."""
        self._keep_up()
        self._put(decode_case(data))

    def _put(self, case: Case) -> None:
        docket = next((each for each in self._dockets if each.name == case.shadow), None)
        if docket is None:
            self._orphans.append(case)
        else:
            docket.put(case)

    def _keep_up(self) -> None:
        """Have a docket for each policy in shadow, where the book is another than it was."""
        if self._edition == self._book.edition:
            return
        self._edition = self._book.edition
        for version in self._book.shadows:
            if version.name not in self._of_policies:
                self._of_policies[version.name] = OfPolicy(version, self._controls)
            self._of_policies[version.name].until_ms = version.until_ms
        orphans, self._orphans = self._orphans, []
        for case in orphans:
            self._put(case)

    @property
    def standing(self) -> Standing:
        """What to keep with the committed offset."""
        return self._findings.standing

    @property
    def frontier(self) -> int:
        """Up to where every sender has sent."""
        return self._findings.frontier

    @property
    def position(self) -> int:
        """The next offset to be read."""
        return self._findings.position

    @property
    def resume(self) -> int:
        """The offset to read from again: the oldest block with a finding that waits."""
        return self._findings.resume

    @property
    def open_cases(self) -> int:
        """How many live cases are open."""
        return len(self._live)

    def read(self, offset: int, block: Block) -> int:
        """Take a block, which lies at `offset`; return how many findings were decided or are too late."""
        return self._findings.read(offset, block.sender, block.senders, block.frontier, block.findings)

    def decide(self, detected_at: int) -> Decided:
        """Decide what is closed, in order; `detected_at` is the wall clock, Unix ms."""
        decided, before = Decided(), self._findings.closed_to
        findings, frontier = self._findings.close(), self._findings.closed_to
        if frontier == before:
            return decided
        self._keep_up()
        for docket in self._dockets:
            docket.set_timers(before)
        spoken = deque(self._spoken.take(before, frontier))
        for finding in findings:
            self._catch_up(finding.time + 1, spoken, detected_at, decided)
            self._decide(finding, detected_at, decided)
        self._catch_up(frontier, spoken, detected_at, decided)
        if frontier - self._swept >= SWEEP_MS:
            self._sweep(frontier, decided)
        return decided

    def _catch_up(self, until: int, spoken: deque[Due], detected_at: int, decided: Decided) -> None:
        """Do what is due by its time, and hear what was said, of all moments before `until`."""
        while spoken and spoken[0].moment < until:
            said = spoken.popleft()
            self._settle(said.moment + 1, detected_at, decided)
            heard = [docket.hear(said, detected_at, decided) for docket in self._dockets]
            decided.unknown += said.is_own and not any(heard) and not said.late
        self._settle(until, detected_at, decided)

    def _settle(self, until: int, detected_at: int, decided: Decided) -> None:
        """Do what is due before `until`, moment by moment, for dockets read one another."""
        while (moment := self._next_timer()) is not None and moment < until:
            for docket in self._dockets:
                docket.settle(moment + 1, detected_at, decided, partial(self._is_refused, docket))

    def _next_timer(self) -> int | None:
        timers = (docket.next_timer for docket in self._dockets)
        return min((moment for moment in timers if moment is not None), default=None)

    def _decide(self, finding: Finding, detected_at: int, decided: Decided) -> None:
        """Decide by what is in force and, apart from it, by what is in shadow.

        A policy in shadow hears what its own parameters find in the place of what those in force do. What is
        not the subject's own doing is only counted.
        """
        heard: list[Docket] = [self._live, self._of_rules] if finding.trial is UNSET else []
        for version in self._book.shadows_at(finding.time):
            own = finding.rule in self._book.own_rules(version, finding.time)
            if finding.trial == (version.name if own else UNSET):
                heard.append(self._of_policies[version.name])
        held = self._live.is_refused(finding)
        for docket in heard:
            refused = held or (docket is not self._live and docket.is_refused(finding))
            docket.decide(finding, detected_at, decided, refused=refused)

    def _is_refused(self, docket: Docket, finding: Finding) -> bool:
        """Return whether what a docket hears is not its subject's own, by what is in force or by itself."""
        return self._live.is_refused(finding) or docket.is_refused(finding)

    def _sweep(self, frontier: int, decided: Decided) -> None:
        self._swept = frontier
        for docket in self._dockets:
            docket.sweep(frontier, decided)
        gone = [case for case in self._orphans if frontier - case.last >= ORPHANED_MS]
        decided.cases.update((case.case_id, None) for case in gone)
        self._orphans = [case for case in self._orphans if frontier - case.last < ORPHANED_MS]


__all__ = ["Cases", "Decided", "Standing"]

"""Stage cases: findings about one subject meet in its case, and the case decides.

One object is one shard, the blocks of one partition. A moment is closed when every sender has closed it;
findings are then decided in an order that does not depend on who sent them. At one moment, first what is due
by its time is done, then feedback is heard that counts from then on, then findings are decided.
"""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from detector.alerts import Alert
from detector.feedback import Feedbacks
from detector.findings import Block, Finding
from detector.ladder import Case, decide
from detector.ladder.case import Given, decode_case
from detector.ladder.due import next_due, settle
from detector.ladder.history import alert_before, is_over, is_refused
from detector.ladder.verdicts import hear
from detector.policy import Book, Entitlements, Policy
from detector.policy.entitlements import OF_ORGANISATIONS
from detector.stages.gathering import Gathering, Standing
from detector.stages.spoken import CaseKey, Due, Spoken, cases_about, cases_of, everybody
from detector.stages.timers import Timers

SWEEP_MS: Final = 3_600_000
"""Cases that were quiet for long are let go of once in this time; when does not change any decision."""


@dataclass(slots=True)
class Decided:
    """What a shard decided: alerts in order, and the cases that changed, None where one was closed.

    `verdicts` counts those that took effect, by the alert's rule and the verdict; `unknown` those on an
    alert that no open case knows.
    """

    alerts: list[Alert] = field(default_factory=list)
    cases: dict[str, Case | None] = field(default_factory=dict)
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    unknown: int = 0

    def add(self, later: "Decided") -> None:
        """Add what was decided later."""
        self.alerts += later.alerts
        self.cases |= later.cases
        self.verdicts += later.verdicts
        self.unknown += later.unknown


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
        self._feedback = Feedbacks() if feedback is None else feedback
        self._spoken = Spoken(self._feedback, own)
        self._entitlements = Entitlements() if entitlements is None else entitlements
        self._known_entitlements = 0
        self._untimed: list[CaseKey] = []
        self._cases: dict[CaseKey, Case] = {}
        self._timers = Timers()
        self._findings: Gathering[Finding] = Gathering()
        self._swept = 0

    def restore(self, standing: Standing, position: int) -> None:
        """Take up where a commit left off; the caller then reads on from `position`."""
        self._findings.restore(standing, position)

    def put(self, data: bytes) -> None:
        """Take a case as its topic holds it; raises `StateError` for bytes of another version."""
        case = decode_case(data)
        self._cases[case.subject, case.category] = case
        self._untimed.append((case.subject, case.category))

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
        """How many cases are open."""
        return len(self._cases)

    def read(self, offset: int, block: Block) -> int:
        """Take a block, which lies at `offset`; return how many findings were decided or are too late."""
        return self._findings.read(offset, block.sender, block.senders, block.frontier, block.findings)

    def decide(self, detected_at: int) -> Decided:
        """Decide what is closed, in order; `detected_at` is the wall clock, Unix ms."""
        decided, before = Decided(), self._findings.closed_to
        findings, frontier = self._findings.close(), self._findings.closed_to
        if frontier == before:
            return decided
        self._set_timers(before)
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
            self._hear(said, detected_at, decided)
        self._settle(until, detected_at, decided)

    def _settle(self, until: int, detected_at: int, decided: Decided) -> None:
        for moment, key in self._timers.run_out(until):
            case = self._cases[key]
            policy = self._book.at(moment, case.party.product, case.party.plan)
            released = settle(case, self._entitlements, policy, moment, detected_at)
            if released is not None:
                decided.alerts += released
                decided.cases[case.case_id] = case
            self._set_timer(key, moment + 1)

    def _set_timers(self, since: int) -> None:
        """Set the timers of cases that were restored, or whose party's entitlements may have changed."""
        changed = self._entitlements.changed_since(self._known_entitlements)
        self._known_entitlements += len(changed)
        keys = self._untimed
        if any(key.startswith(OF_ORGANISATIONS) for key in changed):
            keys = [*self._cases]
        elif changed:
            keys = keys + [key for name in set(changed) for key in cases_of(name) if key in self._cases]
        for key in keys:
            self._set_timer(key, since)
        self._untimed = []

    def _set_timer(self, key: CaseKey, since: int) -> None:
        self._timers.set(key, next_due(self._cases[key], self._entitlements, since))

    def _decide(self, finding: Finding, detected_at: int, decided: Decided) -> None:
        """Decide by the policy in force for the finding's time, product and plan.

        What a rule in shadow finds is dropped here, before it touches a case; and so is what the platform
        refuses to whom it keeps out: that is its own doing.
        """
        policy = self._book.at(finding.time, finding.product, finding.plan)
        if policy.mode(finding.rule) != "live":
            return
        key = (finding.subject, finding.category)
        before, known = self._cases.get(key), self._open(key, finding.time)
        if finding.purpose == "enforce" and self._is_refused(finding):
            if known is not None:
                known.suppressed += 1
                decided.cases[known.case_id] = known
            return
        decision = decide(finding, known, policy, detected_at, self._feedback.reporting_since)
        if before is not None and before.case_id != decision.case.case_id:
            decided.cases[before.case_id] = None
        self._cases[key] = decided.cases[decision.case.case_id] = decision.case
        if decision.alert is not None:
            decided.alerts.append(decision.alert)
        self._set_timer(key, finding.time + 1)

    def _is_refused(self, finding: Finding) -> bool:
        cases = filter(None, map(self._cases.get, cases_about(finding.subject)))
        return any(is_refused(case, finding.rule, finding.time) for case in cases)

    def _hear(self, due: Due, detected_at: int, decided: Decided) -> None:
        """Let feedback take effect on the alert that it is about, once."""
        about = self._about(due)
        if about is None:
            decided.unknown += not due.late
            return
        case, given, policy = about
        verdict = due.said.feedback.verdict
        if verdict not in given.verdicts:
            decided.alerts += hear(case, given, verdict, policy, due.moment, detected_at)
            decided.cases[case.case_id] = case
            decided.verdicts[given.rule, verdict] += 1
            self._set_timer((case.subject, case.category), due.moment + 1)

    def _about(self, due: Due) -> tuple[Case, Given, Policy] | None:
        """Return the alert that feedback is about, its open case and the policy that holds for it now."""
        known = (self._open(key, due.moment) for key in cases_of(due.said.key))
        for case in filter(None, known):
            given = alert_before(case, due.said.feedback.alert_id, due.said.counts_from)
            policy = self._book.at(due.moment, case.party.product, case.party.plan)
            if given is not None and not is_over(case, due.moment, policy.quiet_ms):
                return case, given, policy
        return None

    def _sweep(self, frontier: int, decided: Decided) -> None:
        self._swept = frontier
        quiet = [key for key, case in self._cases.items() if self._is_closed(case, frontier)]
        for key in quiet:
            self._timers.set(key, None)
            decided.cases[self._cases.pop(key).case_id] = None

    def _open(self, key: CaseKey, now: int) -> Case | None:
        """Return the case of a subject and category, if it is open at a moment."""
        case = self._cases.get(key)
        return None if case is None or self._is_closed(case, now) else case

    def _is_closed(self, case: Case, now: int) -> bool:
        """Return whether a case is closed whatever policy is in force now.

        The version in force at its last finding closes it at the latest: a later one that closes cases later,
        and may not be known yet, finds it closed whether or not it was let go of by then.
        """
        return is_over(case, now, self._book.longest_quiet_ms(case.last))


__all__ = ["Cases", "Decided", "Standing"]

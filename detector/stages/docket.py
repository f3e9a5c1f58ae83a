"""A docket: open cases by subject and category, all decided by one reading of the policy.

What is in force has one, and so has what is tried out in shadow (`detector.stages.shadow`); none changes
another.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import msgspec

from detector.alerts import Alert
from detector.feedback import Feedbacks
from detector.findings import Finding
from detector.ladder import Case, Decision, decide
from detector.ladder.case import Given, Word
from detector.ladder.decide import hold_back, tell_late
from detector.ladder.due import is_allowed, next_due, settle
from detector.ladder.groups import followed
from detector.ladder.history import alert_before, is_over
from detector.ladder.intruders import is_intruders, take_back
from detector.ladder.refused import is_refused
from detector.ladder.verdicts import hear, hear_of_group
from detector.policy import Book, Entitlements, Policy
from detector.policy.entitlements import OF_ORGANISATIONS
from detector.stages.decided import Decided
from detector.stages.spoken import CaseKey, Due, cases_about, cases_of
from detector.stages.timers import Timers


@dataclass(frozen=True, slots=True)
class Controls:
    """What a shard's dockets read beside their policies."""

    feedback: Feedbacks
    entitlements: Entitlements


class Docket:
    """The cases; `book` says by what they are decided, `name` is their `Case.shadow`."""

    def __init__(self, book: Book, controls: Controls, name: str | None = None) -> None:
        self.name = name
        self._book = book
        self._controls = controls
        self._cases: dict[CaseKey, Case] = {}
        self._timers = Timers()
        self._following: dict[str, set[CaseKey]] = {}
        """By a group's id, the cases of accounts that are named in it."""
        self._known_entitlements = 0
        self._started = False
        self._untimed: list[CaseKey] = []

    def __len__(self) -> int:
        """Return how many cases are open."""
        return len(self._cases)

    def open_at(self, key: CaseKey, now: int) -> Case | None:
        """Return the case of a subject and category, if it is open at a moment, Unix ms."""
        case = self._cases.get(key)
        return None if case is None or self._is_closed(case, now) else case

    def put(self, case: Case) -> None:
        """Take a case as its topic holds it."""
        self._cases[case.subject, case.category] = case
        self._follow(case)
        self._untimed.append((case.subject, case.category))

    def is_refused(self, finding: Finding) -> bool:
        """Return whether what was found is not the subject's: the platform's doing, or an intruder's.

        It may come of a step that the platform has carried out, rest on who entered the account or on what is
        allowed by now, or be of before the account got another holder. What was done to the subject is heard.
        """
        if finding.purpose == "protect":
            return False
        entitlements = self._controls.entitlements
        if _is_of_a_former_holder(finding, entitlements):
            return True
        if entitlements and is_allowed(finding, entitlements):
            return True
        policy = self._policy_of(finding)
        reporting_since = self._controls.feedback.reporting_since
        return any(
            is_refused(case, finding.rule, finding.time, policy, reporting_since)
            or is_intruders(case, finding)
            for case in map(self._cases.get, cases_about(finding.subject))
            if case is not None
        )

    def decide(self, finding: Finding, detected_at: int, decided: Decided, *, refused: bool) -> None:
        """Decide by the policy for the finding's time, product and plan, if it hears the finding's rule.

        `refused`: the finding is only counted, and its account taken out of the group that it is named in.
        """
        policy = self._policy_of(finding)
        key = (finding.subject, finding.category)
        before, known = self._cases.get(key), self.open_at(key, finding.time)
        if not self._hears(finding.rule, policy, known):
            return
        decision = (
            hold_back(finding, known, policy, detected_at, self._controls.feedback.reporting_since, self.name)
            if refused
            else self._decision(finding, known, policy, detected_at)
        )
        if decision is None:
            return
        if before is not None and before.case_id != decision.case.case_id:
            decided.cases[before.case_id] = None
        self._keep(decision.case, decision.alerts, decided)
        self._set_timer(key, finding.time + 1)
        if decision.intruder:
            self._take_back(decision.case, finding.time, detected_at, decided)

    @property
    def next_timer(self) -> int | None:
        """A moment, Unix ms, before which no timer runs out; None: there is none."""
        return self._timers.next

    def settle(
        self, until: int, detected_at: int, decided: Decided, is_refused: Callable[[Finding], bool]
    ) -> None:
        """Do what is due by its time before `until`, Unix ms; `is_refused`: see `decide`, of what waits."""
        for moment, key in self._timers.run_out(until):
            case = self._cases[key]
            policy = self._book.at(moment, case.party.product, case.party.plan)
            joined, by = self._joined(case, moment, policy)
            released = settle(joined, self._controls.entitlements, by, moment, detected_at)
            late = self._late(joined, moment, detected_at, is_refused)
            if released is not None or late is not None:
                told = [] if late is None or late.alert is None else [late.alert]
                self._keep(self._parted(joined, policy), [*(released or ()), *told], decided)
            self._set_timer(key, moment + 1)

    def set_timers(self, since: int) -> None:
        """Set the timers of cases that were restored, or whose party's entitlements may have changed."""
        entitlements, known = self._controls.entitlements, self._known_entitlements
        changed, first = entitlements.changed_since(known), not self._started
        late = set[str]() if first else entitlements.late_since(known, since)
        self._known_entitlements, self._started = known + len(changed), True
        for key in self._untimed:
            self._set_timer(key, since)
        for key in self._keys_of(changed):
            self._set_timer(key, since)
        for key in self._keys_of(late):
            # What is told of late counts from where the cases are now.
            self._timers.set(key, since)
        self._untimed = []

    def _keys_of(self, names: Collection[str]) -> list[CaseKey]:
        """Return the cases here that entitlements of some accounts and organisations are about."""
        if any(name.startswith(OF_ORGANISATIONS) for name in names):
            return [*self._cases]
        return [key for name in set(names) for key in cases_of(name) if key in self._cases]

    def hear(self, due: Due, detected_at: int, decided: Decided) -> bool:
        """Let feedback take effect, once; return whether an open case here knows its alert."""
        for key in sorted(self._following.get(due.said.key, ()), key=str):
            self._hear_of_group(key, due, detected_at, decided)
        about = self._about(due)
        if about is None:
            return False
        case, given, policy = about
        word = Word(due.said.feedback.verdict, due.said.feedback.time_ms)
        joined, by = self._joined(case, due.moment, policy)
        alerts = hear(joined, given, word, by, due.moment, detected_at)
        if alerts is not None:
            self._keep(self._parted(joined, policy), alerts, decided)
            counted = decided.verdicts if self.name is None else decided.shadow_verdicts
            counted[given.rule, word.verdict] += 1
            self._set_timer((case.subject, case.category), due.moment + 1)
        return True

    def _hear_of_group(self, key: CaseKey, due: Due, detected_at: int, decided: Decided) -> None:
        """Let feedback on a group's alert take effect where the group's case is followed."""
        case = self.open_at(key, due.moment)
        group = None if case is None else followed(case, due.said.key)
        if case is None or group is None:
            return
        about = self._given(group, due)
        if about is None:
            return
        given, policy = about
        word = Word(due.said.feedback.verdict, due.said.feedback.time_ms)
        released = hear_of_group(case, group, given, word, policy, due.moment, detected_at)
        if released is not None:
            self._keep(case, released, decided)
            self._set_timer(key, due.moment + 1)

    def _take_back(self, intruded: Case, now: int, detected_at: int, decided: Decided) -> None:
        """Take back what was held against an account for what whoever entered it did."""
        for key in cases_about(intruded.subject):
            case = self.open_at(key, now)
            if case is None or case is intruded or case.party.purpose == "protect":
                continue
            policy = self._book.at(now, case.party.product, case.party.plan)
            joined, by = self._joined(case, now, policy)
            released = take_back(joined, intruded, by, now, detected_at)
            self._keep(self._parted(joined, policy), released, decided)
            self._set_timer(key, now + 1)

    def sweep(self, frontier: int, decided: Decided) -> None:
        """Let go of cases that are closed at the frontier, Unix ms."""
        quiet = [key for key, case in self._cases.items() if self._is_closed(case, frontier)]
        for key in quiet:
            self._timers.set(key, None)
            decided.cases[self._cases.pop(key).case_id] = None
        self._following.clear()
        for case in self._cases.values():
            self._follow(case)

    def _follow(self, case: Case) -> None:
        """Know which cases follow those of groups: feedback names the group alone."""
        for group in case.groups:
            self._following.setdefault(group.subject.id, set()).add((case.subject, case.category))

    def _hears(self, rule: str, policy: Policy, _: Case | None) -> bool:
        return rule in policy.live

    def _decision(self, finding: Finding, known: Case | None, policy: Policy, detected_at: int) -> Decision:
        reporting_since = self._controls.feedback.reporting_since
        return decide(for_ears(finding, policy), known, policy, detected_at, reporting_since, self.name)

    def _late(
        self, case: Case, now: int, detected_at: int, is_refused: Callable[[Finding], bool]
    ) -> Decision | None:
        """Tell what has waited for long enough; None where nothing has."""
        reporting_since = self._controls.feedback.reporting_since
        return tell_late(case, self._policy_of, now, detected_at, reporting_since, is_refused)

    def _policy_of(self, finding: Finding) -> Policy:
        return self._book.at(finding.time, finding.product, finding.plan)

    def _joined(self, case: Case, _: int, policy: Policy) -> tuple[Case, Policy]:
        """Return a case with all that its score joins, and by what it is decided."""
        return case, policy

    def _parted(self, joined: Case, _: Policy) -> Case:
        """Return a case with what it keeps itself."""
        return joined

    def _about(self, due: Due) -> tuple[Case, Given, Policy] | None:
        """Return the alert that feedback is about, its open case and the policy that holds for it now."""
        known = (self.open_at(key, due.moment) for key in cases_of(due.said.key))
        for case in filter(None, known):
            about = self._given(case, due)
            if about is not None:
                return case, *about
        return None

    def _given(self, case: Case, due: Due) -> tuple[Given, Policy] | None:
        """Return the alert of a case that feedback is about, and the policy that holds for it now."""
        given = alert_before(case, due.said.feedback.alert_id, due.said.counts_from)
        policy = self._book.at(due.moment, case.party.product, case.party.plan)
        return None if given is None or is_over(case, due.moment, policy.ends) else (given, policy)

    def _is_closed(self, case: Case, now: int) -> bool:
        """Return whether a case is closed whatever policy is in force now.

        The version in force at its last finding closes it at the latest: a later one that closes cases later,
        and may not be known yet, finds it closed whether or not it was let go of by then.
        """
        return is_over(case, now, self._book.latest_ends(case.last))

    def _set_timer(self, key: CaseKey, since: int) -> None:
        self._timers.set(key, next_due(self._cases[key], self._controls.entitlements, since))

    def _keep(self, case: Case, alerts: Sequence[Alert], decided: Decided) -> None:
        self._cases[case.subject, case.category] = decided.cases[case.case_id] = case
        self._follow(case)
        (decided.alerts if self.name is None else decided.shadow).extend(alerts)


def _is_of_a_former_holder(finding: Finding, entitlements: Entitlements) -> bool:
    """Return whether all that a finding rests on was before the account got its holder."""
    if finding.subject.type != "account":
        return False
    newest = finding.evidence[-1].time
    return any(newest < moment <= finding.time for moment in entitlements.handovers(finding.subject.id))


def for_ears(finding: Finding, policy: Policy) -> Finding:
    """Return a finding without what could not be judged by rules that the policy does not hear.

    What is said of no rule, such as an unknown plan, is said to everybody.
    """
    unheard = policy.weights.keys() - policy.live
    heard = tuple(doubt for doubt in finding.not_evaluated if doubt.signal not in unheard)
    if len(heard) == len(finding.not_evaluated):
        return finding
    return msgspec.structs.replace(finding, not_evaluated=heard)

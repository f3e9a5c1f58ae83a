"""What is tried out beside the live cases: rules in shadow, and policies in shadow.

Each has cases of its own. Those of rules read the live case that they stand beside
(`detector.ladder.trial`); those of a policy are decided by it alone, from its date on. Nobody carries out
what is recommended there: it counts as carried out after the policy's `grace`.
"""

from collections.abc import Callable

from msgspec import UNSET
from msgspec.structs import replace

from detector.findings import Finding
from detector.ladder import Case, Decision
from detector.ladder.history import is_over
from detector.ladder.trial import OF_RULES, alone, assumed_carried_out, beside, try_out
from detector.policy import Book, Policy
from detector.policy.version import Version
from detector.stages.decided import Decided
from detector.stages.docket import Controls, Docket, for_ears


class OfRules(Docket):
    """The cases of rules in shadow, beside those of `live`."""

    def __init__(self, book: Book, controls: Controls, live: Docket) -> None:
        super().__init__(book, controls, OF_RULES)
        self._live = live
        self._tried: dict[str, Policy] = {}
        """By the hash of a policy with rules in shadow, what would hold were they live."""

    def decide(self, finding: Finding, detected_at: int, decided: Decided, *, refused: bool) -> None:
        """See `Docket.decide`; beside the live ones, each is told of by itself."""
        super().decide(replace(finding, ring=UNSET), detected_at, decided, refused=refused)

    def _hears(self, rule: str, policy: Policy, known: Case | None) -> bool:
        """Hear rules in shadow, and live ones where a rule in shadow has opened a case."""
        return rule in policy.shadow or (known is not None and bool(policy.shadow) and rule in policy.live)

    def _decision(self, finding: Finding, known: Case | None, policy: Policy, detected_at: int) -> Decision:
        tried = self._tried_out(policy)
        live = self._live.open_at((finding.subject, finding.category), finding.time)
        return try_out(
            for_ears(finding, tried),
            known,
            live,
            policy,
            tried,
            detected_at,
            self._controls.feedback.reporting_since,
        )

    def _joined(self, case: Case, now: int, policy: Policy) -> tuple[Case, Policy]:
        live = self._live.open_at((case.subject, case.category), now)
        if live is not None and is_over(live, now, policy.ends):
            live = None
        return beside(case, live, now), self._tried_out(policy)

    def _parted(self, joined: Case, policy: Policy) -> Case:
        return alone(joined, policy)

    def _tried_out(self, policy: Policy) -> Policy:
        if policy.hash not in self._tried:
            self._tried[policy.hash] = policy.tried_out()
        return self._tried[policy.hash]


class OfPolicy(Docket):
    """The cases of a policy in shadow."""

    def __init__(self, version: Version, controls: Controls) -> None:
        super().__init__(Book((version,)), controls, version.name)
        self.until_ms = version.until_ms
        """From when on, Unix ms, nothing more comes of it: its cases are closed, whatever is due."""

    @property
    def next_timer(self) -> int | None:
        """See `Docket.next_timer`."""
        moment = super().next_timer
        return None if moment is None or moment >= self.until_ms else moment

    def settle(
        self, until: int, detected_at: int, decided: Decided, is_refused: Callable[[Finding], bool]
    ) -> None:
        """See `Docket.settle`."""
        super().settle(min(until, self.until_ms), detected_at, decided, is_refused)

    def _is_closed(self, case: Case, now: int) -> bool:
        return now >= self.until_ms or super()._is_closed(case, now)

    def _decision(self, finding: Finding, known: Case | None, policy: Policy, detected_at: int) -> Decision:
        decision = super()._decision(finding, known, policy, detected_at)
        return assumed_carried_out(decision, policy)

    def _late(
        self, case: Case, now: int, detected_at: int, is_refused: Callable[[Finding], bool]
    ) -> Decision | None:
        decision = super()._late(case, now, detected_at, is_refused)
        if decision is None or decision.alert is None:
            return decision
        return assumed_carried_out(decision, self._book.at(now, case.party.product, case.party.plan))

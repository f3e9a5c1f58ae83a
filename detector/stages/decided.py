"""What a shard of stage cases decided, to be sent on with the cases that changed."""

from collections import Counter
from dataclasses import dataclass, field

from detector.alerts import Alert
from detector.ladder import Case


@dataclass(slots=True)
class Decided:
    """Alerts in order, those in shadow apart; and the cases that changed, None where one was closed.

    `verdicts` counts those that took effect, by the alert's rule and the verdict, `shadow_verdicts` those on
    alerts in shadow; `unknown` those on an alert that no open case knows.
    """

    alerts: list[Alert] = field(default_factory=list)
    shadow: list[Alert] = field(default_factory=list)
    cases: dict[str, Case | None] = field(default_factory=dict)
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    shadow_verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    unknown: int = 0

    def add(self, later: "Decided") -> None:
        """Add what was decided later."""
        self.alerts += later.alerts
        self.shadow += later.shadow
        self.cases |= later.cases
        self.verdicts += later.verdicts
        self.shadow_verdicts += later.shadow_verdicts
        self.unknown += later.unknown

"""How well alerts match labels, as CONTRACT "Labels" counts it.

An alert is right if its subject, `account_id` or `org_id` is a label's subject or alternative, its category
the label's or in `also`, and its `decided_time` within the label's time and a day after. A case is right if
all its accusing alerts are. Rows of one `incident` are one affair, caught with its first right alert. Every
innocent account that an alert names is a false alarm each time; innocent is who has no label of abuse, or a
`benign` one for that moment and none of abuse.

Two levels are told apart: alerts at `warn` or above, and those at `restrict` or above.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from detector.scoring.accusations import ACCUSING, RESTRICTING, Accusation
from detector.scoring.labels import Label
from detector.scoring.ledger import Ledger, Outcome, Wrong
from detector.scoring.restate import Restated, restate
from detector.scoring.tally import Row
from detector.scoring.truth import Truth

Accuses = Callable[[Accusation], bool]


@dataclass(frozen=True, slots=True)
class Judged:
    """One history's alerts and labels; without `weeks` the labels' span is the time watched."""

    alerts: Sequence[Accusation]
    labels: Sequence[Label]
    weeks: float | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """The whole and its parts, for the alerts of one level; what became of each affair; what was wrong.

    `by_strength` tells each profile's difficulties apart.
    """

    name: str
    overall: Row
    by_category: tuple[Row, ...]
    by_profile: tuple[Row, ...]
    by_difficulty: tuple[Row, ...]
    by_strength: tuple[Row, ...]
    affairs: tuple[Outcome, ...]
    wrong: tuple[Wrong, ...]

    @property
    def missed(self) -> tuple[Outcome, ...]:
        """The affairs that no right alert named."""
        return tuple(each for each in self.affairs if each.caught_ms is None)


@dataclass(frozen=True, slots=True)
class Score:
    """Both levels; `innocents` accounts with a benign label were watched for `account_weeks` together."""

    warn: Level
    restrict: Level
    restated: Restated
    innocents: int
    account_weeks: float

    @property
    def overall(self) -> Row:
        """The whole at `warn` or above."""
        return self.warn.overall


def score(alerts: Iterable[Accusation], labels: Sequence[Label], weeks: float | None = None) -> Score:
    """Compare the alerts of one history with its labels."""
    return pooled([Judged(tuple(alerts), labels, weeks)])


def pooled(histories: Sequence[Judged]) -> Score:
    """Compare alerts with labels, several histories as one; who is called alike in two is not the same."""
    warn = compare("warn", histories, lambda alert: alert.action in ACCUSING)
    exposure = warn.overall.false_alarms.exposure
    innocents = warn.overall.hit.whole
    return Score(
        warn=warn,
        restrict=compare("restrict", histories, lambda alert: alert.action in RESTRICTING),
        restated=restate(warn.overall),
        innocents=innocents,
        account_weeks=exposure,
    )


def compare(name: str, histories: Sequence[Judged], accuses: Accuses) -> Level:
    """Count the alerts that `accuses` lets through."""
    ledger = Ledger()
    for number, history in enumerate(histories):
        truth = Truth(history.labels, number)
        ledger.open(truth, truth.weeks if history.weeks is None else history.weeks)
        for alert in history.alerts:
            if accuses(alert):
                ledger.enter(truth, alert)
    return Level(
        name=name,
        overall=ledger.total(),
        by_category=ledger.by_category(),
        by_profile=ledger.by_profile(),
        by_difficulty=ledger.by_difficulty(),
        by_strength=ledger.by_strength(),
        affairs=ledger.outcomes(),
        wrong=tuple(ledger.wrong),
    )

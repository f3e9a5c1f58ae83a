"""What a score would be where abuse is rare: simulated histories hold more of it than a platform does.

Of accounts watched as long as those of the score, the share `prevalence` abuses. Each abusive one is rightly
accused with the chance `recall`, and each innocent one is accused `alarms` times: the measured rate times
the mean weeks that an innocent was watched. Then

    precision = prevalence * recall / (prevalence * recall + (1 - prevalence) * alarms)

The low bound takes recall's low bound and the rate's high one together, the high bound the other way round:
wider than 95 % each, never narrower.
"""

from dataclasses import dataclass
from typing import Final

from detector.scoring.tally import Row

PREVALENCE: Final = 0.005


@dataclass(frozen=True, slots=True)
class Restated:
    """Precision (`value`) where `prevalence` of the accounts abuse; None where recall or rate is unknown."""

    prevalence: float
    value: float | None
    low: float | None
    high: float | None


def restate(row: Row, prevalence: float = PREVALENCE) -> Restated:
    """Return the precision that a row's recall and rate of false alarms would make."""
    recall, alarms = row.recall, row.false_alarms
    weeks = alarms.exposure / row.hit.whole if row.hit.whole else 0.0

    def precision(caught: float | None, rate: float | None) -> float | None:
        if caught is None or rate is None:
            return None
        right = prevalence * caught
        wrong = (1.0 - prevalence) * rate / alarms.per * weeks
        return right / (right + wrong) if right + wrong else None

    return Restated(
        prevalence,
        precision(recall.value, alarms.value),
        precision(recall.low, alarms.high),
        precision(recall.high, alarms.low),
    )

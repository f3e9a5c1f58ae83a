"""What another threshold of `warn` would have made of the same alerts."""

from collections.abc import Sequence
from typing import Final

from detector.scoring.score import Judged, Level, compare

THRESHOLDS: Final = (0.2, 0.3, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


def trade_off(histories: Sequence[Judged]) -> list[tuple[float, Level]]:
    """Count, for each threshold, the alerts of that score or more, whatever step they recommend.

    A score is known where it made an alert, that is when it reached a step or after the cooldown; what it was
    between two alerts is not. So recall between two steps is a little less than a policy with a step there
    would give, and precision a little more or less.
    """
    return [(threshold, _from(threshold, histories)) for threshold in THRESHOLDS]


def _from(threshold: float, histories: Sequence[Judged]) -> Level:
    return compare(
        f"{threshold:.2f}",
        histories,
        lambda alert: alert.action != "release" and alert.score is not None and alert.score >= threshold,
    )

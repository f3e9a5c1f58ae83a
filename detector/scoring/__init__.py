"""How well alerts match labels: what is true of whom, and what was said of them.

`labels` and `truth` know what is true, `accusations` what alerts say; `ledger` and `tally` count, `score`
puts it together at two levels, with bounds (`confidence`) and restated for where abuse is rare (`restate`).
"""

from detector.scoring.accusations import Accusation, read_alerts
from detector.scoring.labels import Label, read_labels
from detector.scoring.score import Judged, Score, pooled, score

__all__ = ["Accusation", "Judged", "Label", "Score", "pooled", "read_alerts", "read_labels", "score"]

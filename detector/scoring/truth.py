"""Labels by subject: which alerts they make right, and who is innocent when."""

from collections import defaultdict
from collections.abc import Sequence

from detector.scoring.accusations import Accusation
from detector.scoring.labels import BENIGN, Label, Subject
from detector.scoring.tally import Affair

GRACE_MS = 86_400_000
WEEK_MS = 7 * GRACE_MS
UNLABELLED = "unlabelled"


class Truth:
    """The labels of one history by subject; `history` is its number among those scored together."""

    def __init__(self, labels: Sequence[Label], history: int = 0) -> None:
        self.labels = labels
        self.history = history
        self.abuse: dict[Subject, list[int]] = defaultdict(list)
        self.quiet: dict[Subject, list[Label]] = defaultdict(list)
        for number, label in enumerate(labels):
            for subject in label.subjects:
                if label.category == BENIGN:
                    self.quiet[subject].append(label)
                else:
                    self.abuse[subject].append(number)

    @property
    def weeks(self) -> float:
        """The span of all labels."""
        if not self.labels:
            return 0.0
        first = min(label.from_ms for label in self.labels)
        return (max(label.to_ms for label in self.labels) - first) / WEEK_MS

    def right(self, alert: Accusation) -> list[int]:
        """Return the numbers of the labels that make this alert right."""
        return [n for n in self.guilt(alert) if _fits(self.labels[n], alert)]

    def guilt(self, alert: Accusation) -> list[int]:
        """Return the numbers of all labels of abuse that name whom the alert is about."""
        return sorted({n for subject in alert.about for n in self.abuse.get(subject, ())})

    def innocent(self, subject: Subject, time_ms: int) -> Label | str | None:
        """Return the benign label that covers the moment, or `unlabelled`, or None: not innocent."""
        quiet = self.quiet.get(subject, ())
        guilty = [self.labels[n] for n in self.abuse.get(subject, ())]
        if any(_covers(label, time_ms) for label in guilty):
            return None
        for label in quiet:
            if not guilty or label.from_ms <= time_ms <= label.to_ms:
                return label
        return UNLABELLED if subject.type == "account" and not guilty else None

    def affair(self, number: int) -> Affair:
        """Return the affair that a label belongs to: its incident, or itself."""
        incident = self.labels[number].incident
        return (self.history, f"#{number}" if incident is None else f"={incident}")


def _fits(label: Label, alert: Accusation) -> bool:
    return alert.category in (label.category, *label.also) and _covers(label, alert.decided_time)


def _covers(label: Label, time_ms: int) -> bool:
    return label.from_ms <= time_ms <= label.to_ms + GRACE_MS

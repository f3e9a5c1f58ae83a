"""How well alerts match labels, as CONTRACT "Labels" counts it.

An alert at `warn` or above is right if its subject, `account_id` or `org_id` is a label's subject or
alternative, its category the label's or in `also`, and its `decided_time` within the label's time and a day
after. Rows of one `incident` and category are one affair, caught when one right alert names it. Every
innocent account that an alert names is a false alarm; innocent is who has no label of abuse, or a `benign`
one for that moment and none of abuse.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from detector.simulate.accusations import ACCUSING, Accusation
from detector.simulate.labels import BENIGN, Label, Subject
from detector.simulate.tally import Counts, Row, total
from detector.simulate.truth import UNLABELLED, Truth


@dataclass(frozen=True, slots=True)
class Score:
    """The whole, and its parts by category, profile and difficulty.

    `innocents` accounts with a benign label were watched for `weeks`: what false alarms are related to.
    """

    overall: Row
    by_category: tuple[Row, ...]
    by_profile: tuple[Row, ...]
    by_difficulty: tuple[Row, ...]
    innocents: int
    weeks: float


def score(alerts: Iterable[Accusation], labels: Sequence[Label], weeks: float | None = None) -> Score:
    """Compare alerts with labels; without `weeks` the labels' span is the time watched."""
    truth = Truth(labels)
    ledger = _Ledger(truth)
    for alert in alerts:
        if alert.action in ACCUSING:
            ledger.enter(alert)
    return ledger.close(weeks if weeks is not None else truth.weeks)


class _Ledger:
    """Counts alerts, affairs and false alarms under each heading."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.whole = Counts()
        self.category: dict[str, Counts] = defaultdict(Counts)
        self.profile: dict[str, Counts] = defaultdict(Counts)
        self.difficulty: dict[str, Counts] = defaultdict(Counts)
        for number, label in enumerate(truth.labels):
            subject = Subject(type=label.subject_type, id=label.subject_id)
            for counts in self._headings(label):
                if label.category != BENIGN:
                    affair = truth.affair(number)
                    counts.affairs[affair] = min(label.from_ms, counts.affairs.get(affair, label.from_ms))
                elif subject.type == "account" and subject not in truth.abuse:
                    counts.innocents.add(subject)

    def enter(self, alert: Accusation) -> None:
        """Count one accusing alert."""
        right = self.truth.right(alert)
        self._count(alert, right)
        for number in right:
            affair = self.truth.affair(number)
            for counts in self._headings(self.truth.labels[number]):
                counts.caught[affair] = min(alert.decided_time, counts.caught.get(affair, alert.decided_time))
        for subject in sorted(alert.about | set(alert.related), key=lambda s: (s.type, s.id)):
            label = self.truth.innocent(subject, alert.decided_time)
            if label is not None:
                profile = label if isinstance(label, str) else label.profile
                for counts in (self.whole, self.category[alert.category], self.profile[profile]):
                    counts.false_alarms += 1
                    counts.hit.add(subject)

    def close(self, weeks: float) -> Score:
        """Return the rows, in the order of their names."""
        innocents = len(self.whole.innocents)

        def rows(counts: dict[str, Counts], exposed: int | None = None) -> tuple[Row, ...]:
            return tuple(total(name, counts[name], weeks, exposed) for name in sorted(counts))

        return Score(
            overall=total("all", self.whole, weeks),
            by_category=rows(self.category, innocents),
            by_profile=rows(self.profile),
            by_difficulty=rows(self.difficulty),
            innocents=innocents,
            weeks=weeks,
        )

    def _count(self, alert: Accusation, right: list[int]) -> None:
        """Under the alert's category, and under the profile and difficulty of whom it is about."""
        labels = self.truth.labels
        about = [n for subject in alert.about for n in self.truth.abuse.get(subject, ())]
        about_labels = [labels[n] for n in right or sorted(about)] or [
            label for subject in alert.about for label in self.truth.quiet.get(subject, ())
        ]
        profiles = {label.profile for label in about_labels} or {UNLABELLED}
        difficulties = {label.difficulty for label in about_labels if label.difficulty is not None}
        headings = [self.whole, self.category[alert.category]]
        headings += [self.profile[name] for name in profiles] + [
            self.difficulty[name] for name in difficulties
        ]
        for counts in headings:
            counts.alerts += 1
            counts.right += bool(right)

    def _headings(self, label: Label) -> list[Counts]:
        headings = [self.whole, self.profile[label.profile]]
        if label.category != BENIGN:
            headings.append(self.category[label.category])
        if label.difficulty is not None:
            headings.append(self.difficulty[label.difficulty])
        return headings

"""How well alerts match labels, as CONTRACT "Labels" counts it.

An alert at `warn` or above is right if its subject, `account_id` or `org_id` is a label's subject or
alternative, its category the label's or in `also`, and its `decided_time` within the label's time and a day
after. Rows of one `incident` and category are one affair, caught when one right alert names it. Every
innocent account that an alert names is a false alarm; innocent is who has no label of abuse, or a `benign`
one for that moment and none of abuse.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from detector.errors import InputError
from detector.simulate.labels import BENIGN, Label, Subject
from detector.simulate.tally import Counts, Row, total

ACTIONS = ("observe", "warn", "restrict", "suspend", "remove_content", "lock")
ACCUSING = frozenset(ACTIONS[ACTIONS.index("warn") :])
GRACE_MS = 86_400_000
WEEK_MS = 7 * GRACE_MS
UNLABELLED = "unlabelled"


class Accusation(msgspec.Struct, frozen=True, kw_only=True):
    """What scoring needs of an alert; an alert's other fields are passed over."""

    category: str
    action: str
    subject: Subject
    decided_time: int
    account_id: str | None = None
    org_id: str | None = None
    related: tuple[Subject, ...] = ()

    @property
    def about(self) -> frozenset[Subject]:
        """Whom it is about: any of these may be a label's subject."""
        account = [] if self.account_id is None else [Subject(type="account", id=self.account_id)]
        org = [] if self.org_id is None else [Subject(type="org", id=self.org_id)]
        return frozenset([self.subject, *account, *org])


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


def read_alerts(lines: Iterable[tuple[int, bytes]], name: str) -> Iterator[Accusation]:
    """Decode alerts from numbered JSON lines; blank lines are passed over.

    Raises InputError with `name` and the line's number where a line is no alert.
    """
    decoder = msgspec.json.Decoder(Accusation)
    for number, line in lines:
        if not line.strip():
            continue
        try:
            alert = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise InputError(f"{name}, line {number}: not an alert: {error}") from error
        if alert.action not in ACTIONS and alert.action != "release":
            raise InputError(f"{name}, line {number}: not an alert: unknown action {alert.action!r}")
        yield alert


def score(alerts: Iterable[Accusation], labels: Sequence[Label], weeks: float | None = None) -> Score:
    """Compare alerts with labels; without `weeks` the labels' span is the time watched."""
    truth = _Truth(labels)
    ledger = _Ledger(truth)
    for alert in alerts:
        if alert.action in ACCUSING:
            ledger.enter(alert)
    return ledger.close(weeks if weeks is not None else truth.weeks)


class _Truth:
    """Labels by subject."""

    def __init__(self, labels: Sequence[Label]) -> None:
        self.labels = labels
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
        if not self.labels:
            return 0.0
        first = min(label.from_ms for label in self.labels)
        return (max(label.to_ms for label in self.labels) - first) / WEEK_MS

    def right(self, alert: Accusation) -> list[int]:
        """Labels that make this alert right."""
        numbers = sorted({n for subject in alert.about for n in self.abuse.get(subject, ())})
        return [n for n in numbers if _fits(self.labels[n], alert)]

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

    def affair(self, number: int) -> tuple[str, str]:
        label = self.labels[number]
        return (f"#{number}" if label.incident is None else f"={label.incident}", label.category)


class _Ledger:
    """Counts alerts, affairs and false alarms under each heading."""

    def __init__(self, truth: _Truth) -> None:
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


def _fits(label: Label, alert: Accusation) -> bool:
    return alert.category in (label.category, *label.also) and _covers(label, alert.decided_time)


def _covers(label: Label, time_ms: int) -> bool:
    return label.from_ms <= time_ms <= label.to_ms + GRACE_MS

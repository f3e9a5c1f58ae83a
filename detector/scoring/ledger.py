"""The ledger of a score: alerts, affairs and false alarms, each under the headings it belongs to."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from detector.scoring.accusations import Accusation
from detector.scoring.labels import BENIGN, Label, Subject
from detector.scoring.tally import Affair, Counts, Person, Row, total
from detector.scoring.truth import UNLABELLED, Truth


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an affair; its first label stands for it. `caught_ms` is None where it was missed."""

    history: int
    category: str
    profile: str
    difficulty: str | None
    subject: Subject
    from_ms: int
    caught_ms: int | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """A wrong alert, or a right one that names innocents as well."""

    history: int
    category: str
    action: str
    subject: Subject
    decided_time: int
    profiles: tuple[str, ...]
    innocents: tuple[Subject, ...]


class Ledger:
    """Counts under each heading; histories are opened first, then their alerts are entered."""

    def __init__(self) -> None:
        self.wrong: list[Wrong] = []
        self._whole = Counts()
        self._category: dict[str, Counts] = defaultdict(Counts)
        self._profile: dict[str, Counts] = defaultdict(Counts)
        self._difficulty: dict[str, Counts] = defaultdict(Counts)
        self._strength: dict[str, Counts] = defaultdict(Counts)
        self._affairs: dict[Affair, Label] = {}

    def open(self, truth: Truth, weeks: float) -> None:
        """Enter the affairs and the innocents of a history that was watched for `weeks`."""
        for number, label in enumerate(truth.labels):
            subject = Subject(type=label.subject_type, id=label.subject_id)
            if label.category == BENIGN:
                if subject.type == "account" and subject not in truth.abuse:
                    for counts in (self._whole, self._profile[label.profile]):
                        counts.innocents[truth.history, subject] = weeks
                continue
            affair = truth.affair(number)
            self._affairs.setdefault(affair, label)
            for counts in self._headings(label):
                counts.affairs[affair] = min(label.from_ms, counts.affairs.get(affair, label.from_ms))

    def enter(self, truth: Truth, alert: Accusation) -> None:
        """Count one accusing alert."""
        right = truth.right(alert)
        self._count_case(truth, alert, right)
        for number in right:
            affair = truth.affair(number)
            for counts in self._headings(truth.labels[number]):
                counts.caught[affair] = min(alert.decided_time, counts.caught.get(affair, alert.decided_time))
        hit = self._count_hits(truth, alert)
        if hit or not right:
            self.wrong.append(_wrong(truth, alert, hit))

    def total(self) -> Row:
        """Return the row of everything."""
        return total("all", self._whole, self._whole.innocents)

    def by_category(self) -> tuple[Row, ...]:
        """Return a row for each category; every innocent might be accused of each."""
        return self._rows(self._category, self._whole.innocents)

    def by_profile(self) -> tuple[Row, ...]:
        """Return a row for each profile; its own innocents might be accused."""
        return self._rows(self._profile)

    def by_difficulty(self) -> tuple[Row, ...]:
        """Return a row for each difficulty; no innocent has one."""
        return self._rows(self._difficulty)

    def by_strength(self) -> tuple[Row, ...]:
        """Return a row for each profile at each of its difficulties."""
        return self._rows(self._strength)

    def outcomes(self) -> tuple[Outcome, ...]:
        """Return what became of each affair, in the order of the labels."""
        return tuple(
            Outcome(
                history=affair[0],
                category=label.category,
                profile=label.profile,
                difficulty=label.difficulty,
                subject=Subject(type=label.subject_type, id=label.subject_id),
                from_ms=self._whole.affairs[affair],
                caught_ms=self._whole.caught.get(affair),
            )
            for affair, label in self._affairs.items()
        )

    def _rows(
        self, headings: dict[str, Counts], innocents: dict[Person, float] | None = None
    ) -> tuple[Row, ...]:
        return tuple(
            total(name, counts, counts.innocents if innocents is None else innocents)
            for name, counts in sorted(headings.items())
        )

    def _count_case(self, truth: Truth, alert: Accusation, right: Sequence[int]) -> None:
        """Under the alert's category, and under the profile and difficulty of whom it is about."""
        about = [truth.labels[number] for number in right or truth.guilt(alert)] or _benign(truth, alert)
        headings = [self._whole, self._category[alert.category]]
        headings += [self._profile[name] for name in _profiles(about)]
        headings += [self._difficulty[name] for name in {each.difficulty for each in about} if name]
        headings += [self._strength[name] for name in {_strength(each) for each in about} if name]
        case = (truth.history, alert.case)
        for counts in headings:
            counts.cases[case] = bool(right) and counts.cases.get(case, True)
            counts.proven.update(truth.affair(number) for number in right)

    def _count_hits(self, truth: Truth, alert: Accusation) -> tuple[Subject, ...]:
        """Count whom it names and who is innocent; return them."""
        hit = []
        for subject in alert.named:
            label = truth.innocent(subject, alert.decided_time)
            if label is None:
                continue
            hit.append(subject)
            profile = label if isinstance(label, str) else label.profile
            for counts in (self._whole, self._category[alert.category], self._profile[profile]):
                counts.false_alarms += 1
                counts.hit.add((truth.history, subject))
        return tuple(hit)

    def _headings(self, label: Label) -> list[Counts]:
        headings = [self._whole, self._profile[label.profile], self._category[label.category]]
        if label.difficulty is not None:
            headings += [self._difficulty[label.difficulty], self._strength[_strength(label)]]
        return headings


def _benign(truth: Truth, alert: Accusation) -> list[Label]:
    return [label for subject in alert.about for label in truth.quiet.get(subject, ())]


def _profiles(about: Sequence[Label]) -> set[str]:
    return {label.profile for label in about} or {UNLABELLED}


def _strength(label: Label) -> str:
    """Name a profile at its difficulty; "" where it has none."""
    return "" if label.difficulty is None else f"{label.profile}, {label.difficulty}"


def _wrong(truth: Truth, alert: Accusation, hit: tuple[Subject, ...]) -> Wrong:
    about = [truth.labels[number] for number in truth.guilt(alert)] or _benign(truth, alert)
    named = [label for subject in hit for label in truth.quiet.get(subject, ())]
    return Wrong(
        history=truth.history,
        category=alert.category,
        action=alert.action,
        subject=alert.subject,
        decided_time=alert.decided_time,
        profiles=tuple(sorted(_profiles([*about, *named]))),
        innocents=hit,
    )

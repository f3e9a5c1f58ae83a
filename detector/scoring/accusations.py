"""Alerts as scoring sees them: who is accused of what, and when."""

from collections.abc import Iterable, Iterator

import msgspec

from detector.errors import InputError
from detector.scoring.labels import Subject

ACTIONS = ("observe", "warn", "restrict", "suspend", "remove_content", "lock")
ACCUSING = frozenset(ACTIONS[ACTIONS.index("warn") :])
RESTRICTING = frozenset(ACTIONS[ACTIONS.index("restrict") :])


class Accusation(msgspec.Struct, frozen=True, kw_only=True):
    """What scoring needs of an alert; an alert's other fields are passed over."""

    category: str
    action: str
    subject: Subject
    decided_time: int
    account_id: str | None = None
    org_id: str | None = None
    related: tuple[Subject, ...] = ()
    case_id: str | None = None
    score: float | None = None

    @property
    def about(self) -> frozenset[Subject]:
        """Whom it is about: any of these may be a label's subject."""
        account = [] if self.account_id is None else [Subject(type="account", id=self.account_id)]
        org = [] if self.org_id is None else [Subject(type="org", id=self.org_id)]
        return frozenset([self.subject, *account, *org])

    @property
    def named(self) -> tuple[Subject, ...]:
        """Everybody it names, in one order."""
        return tuple(sorted(self.about.union(self.related), key=lambda each: (each.type, each.id)))

    @property
    def case(self) -> str:
        """Which case it belongs to; where no id says so, its subject and category do."""
        return self.case_id or f"{self.subject.type}/{self.subject.id}/{self.category}"


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

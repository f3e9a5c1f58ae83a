"""A case: the open matter of one subject and category, kept in the topic of cases."""

import msgspec

from detector.alerts import Subject

VERSION = 1


class Signal(msgspec.Struct):
    """The strongest finding of one rule that still counts: its strength at `time`, and what it measured."""

    strength: float
    time: int
    signal: str
    value: float
    threshold: float


class Case(msgspec.Struct):
    """What is remembered of a case between its findings; times are event time, Unix ms."""

    case_id: str
    subject: Subject
    category: str
    opened: int
    last: int
    signals: dict[str, Signal] = {}
    """By rule."""
    suppressed: int = 0
    sequence: int = 0
    head: str = ""
    """The hash of the last alert."""
    alert_id: str | None = None
    step: int = -1
    """The last alert's step: how grave its action is, a place in `ACTIONS`."""
    threshold: float = 0.0
    """The score from which that step is taken."""
    alerted: int = 0
    version: int = VERSION

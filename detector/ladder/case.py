"""A case: the open matter of one subject and category, kept in the topic of cases."""

from typing import Literal

import msgspec

from detector.alerts import Subject
from detector.errors import StateError
from detector.feedback import OF_STEPS, Verdict
from detector.findings import Finding
from detector.policy.model import ACTIONS

VERSION = 4


class Signal(msgspec.Struct):
    """The strongest finding of one rule that still counts: its strength at `time`, and what it measured."""

    strength: float
    time: int
    signal: str
    value: float
    threshold: float
    confirmed: int | None = None
    """When somebody said that it was right: it decays from then on, and was found no later for that."""

    @classmethod
    def of(cls, finding: Finding) -> "Signal":
        """Return what a finding says."""
        return cls(finding.strength, finding.time, finding.signal, finding.value, finding.threshold)


class Part(msgspec.Struct, frozen=True):
    """A rule's part in the score that led to a step; 0 where the alert shows it and the step does without."""

    rule: str
    size: float
    note: bool = False
    """It is worth a note, and adds up with nothing."""


class Word(msgspec.Struct, frozen=True):
    """What was said of an alert, and when, Unix ms."""

    verdict: Verdict
    said: int

    @property
    def order(self) -> tuple[int, str]:
        """Of two words the later one holds, whichever came first; at one moment the later in the alphabet."""
        return self.said, self.verdict


class Seen(msgspec.Struct, frozen=True):
    """From where an event of an alert's evidence came; the address in clear, however the alert shows it."""

    ip: str
    asn: int
    device_id: str | None = None
    city: str | None = None
    session_id: str | None = None


class Trace(msgspec.Struct, frozen=True):
    """By what somebody who entered an account is known, and when he was seen, last and first.

    The address is in clear.
    """

    ip: str
    session_id: str | None
    device_id: str | None
    time: int
    first: int

    @property
    def who(self) -> tuple[str, str | None, str | None]:
        """The same for the same address, session and device."""
        return self.ip, self.session_id, self.device_id

    def is_of(self, seen: Seen, *, by_session: bool) -> bool:
        """Return whether an event is of the same address, the same device or, if it counts, session."""
        same_session = by_session and seen.session_id is not None and seen.session_id == self.session_id
        same_device = seen.device_id is not None and seen.device_id == self.device_id
        return seen.ip == self.ip or same_session or same_device


class Given(msgspec.Struct):
    """An alert of the case, as it is remembered: what it recommends, why, and what was said of it."""

    alert_id: str
    action: str
    time: int
    rule: str
    parts: list[Part] = []
    """All that it rested on."""
    score: float = 0.0
    """From which score on its step is taken."""
    expires: int | None = None
    until_quiet_ms: int | None = None
    """It is released when nothing was found for so long."""
    by_a_person: bool = False
    """A person has to approve its step."""
    because: list[str] = []
    """The alerts whose steps had to come before its own."""
    seen: list[Seen] = []
    """What may turn out to be allowed, or to be an intruder's."""
    judged: Word | None = None
    """The last word on the finding."""
    became: Word | None = None
    """The last word on what became of the step."""
    wrong: bool = False
    """What it rested on was explained away."""
    carried: int | None = None
    """From when on the platform says that the step was carried out."""
    assumed: int | None = None
    """From when on it counts as carried out in shadow, where nobody says so."""
    released: bool = False
    idle: bool = False
    """Of an alert about a group: it is not held against the account, of which so much was not due, or is not
    by now."""

    @property
    def gravity(self) -> int:
        """How grave its action is, a place in `ACTIONS`; -1 for a release."""
        return ACTIONS.index(self.action) if self.action in ACTIONS else -1

    @property
    def rules(self) -> list[str]:
        """The rules that it rested on."""
        return [part.rule for part in self.parts]

    @property
    def is_void(self) -> bool:
        """Whether it leads to no graver step: it was explained away, or is said not to be carried out."""
        return self.wrong or self.idle or (self.became is not None and self.became.verdict == "declined")

    def last(self, verdict: Verdict) -> Word | None:
        """Return the last word of a verdict's kind: on the finding, or on what became of the step."""
        return self.became if verdict in OF_STEPS else self.judged

    def note(self, word: Word) -> None:
        """Remember a word as the last one of its kind."""
        if word.verdict in OF_STEPS:
            self.became = word
        else:
            self.judged = word


class Party(msgspec.Struct, frozen=True):
    """Whom the last alert was about, or the first finding; who is told of it, and by whose policy."""

    purpose: Literal["enforce", "protect"] = "enforce"
    notify: Literal["holder", "org_admin", "nobody"] = "nobody"
    account_id: str | None = None
    org_id: str | None = None
    product: str | None = None
    plan: str | None = None


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
    alerted: int = 0
    alerts: list[Given] = []
    """The newest ones, oldest first; see `detector.ladder.history`."""
    anew: int = 0
    """From this moment on the ladder began anew: earlier steps lead to no graver ones."""
    party: Party = Party()
    intruders: list[Trace] = []
    """Of a takeover: who entered, the newest last."""
    held_until: int = 0
    """Before this moment no finding counts."""
    held: dict[str, int] = {}
    """By rule, the moment before which its findings do not count."""
    waits: list[Finding] = []
    """What is told after WAITS_MS, unless the account was named with others by then; the oldest first."""
    groups: list["Case"] = []
    """The cases of the groups in which the account is named, as its own shard follows them."""
    left: bool = False
    """Of a group's case that is followed: the account was taken out of the group."""
    shadow: str | None = None
    """None: the case is live; "": of rules in shadow of the live policy; else: of which policy in shadow."""
    version: int = VERSION

    @property
    def mode(self) -> Literal["live", "shadow"]:
        """The mode of its alerts."""
        return "live" if self.shadow is None else "shadow"

    @property
    def all_alerts(self) -> list[Given]:
        """Its alerts, and those about groups in which its account is named."""
        return [*self.alerts, *(one for group in self.groups for one in group.alerts)]


def decode_case(data: bytes) -> Case:
    """Return a case as its topic holds it; raises `StateError` for bytes of another version."""
    try:
        case = msgspec.json.decode(data, type=Case)
    except msgspec.MsgspecError as error:
        raise StateError(f"a case cannot be read ({error}): run the release that wrote it") from error
    if case.version != VERSION:
        raise StateError(
            f"a case of version {case.version} was found, and this release knows only {VERSION}: run "
            "the release that wrote it, or begin anew under another DETECTOR_GROUP"
        )
    return case

"""Feedback: an analyst's or the platform's verdict on an alert, and from which moment on it counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal, TypeAlias

import msgspec

from detector.events import EARLIEST_MS, LATEST_MS
from detector.moments import Instant, instant_ms

Verdict: TypeAlias = Literal["true_positive", "false_positive", "benign", "carried_out", "declined", "lifted"]
"""On the finding: `true_positive`, `false_positive`, `benign`; what became of the step: the others. What each
does is in `detector.ladder.verdicts`."""
OF_STEPS: Final[frozenset[Verdict]] = frozenset({"carried_out", "declined", "lifted"})
"""Verdicts that say what became of a step."""
NO_TIME: Final = "`time` is no moment of the years 2000 to 2099"


class Feedback(msgspec.Struct, frozen=True):
    """One verdict as its message has it; the message's key is the id of the alert's subject."""

    alert_id: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    verdict: Verdict
    author: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
    time: Instant
    note: Annotated[str, msgspec.Meta(max_length=4_096)] | None = None

    def __post_init__(self) -> None:
        """Refuse, with a ValueError, a time that no clock could mean."""
        if not EARLIEST_MS <= self.time_ms < LATEST_MS:
            raise ValueError(NO_TIME)

    @property
    def time_ms(self) -> int:
        """When it was said, Unix ms."""
        return instant_ms(self.time)


class StampedFeedback(msgspec.Struct, frozen=True):
    """Feedback on the control topic: on whose alert, from which moment on, and which message said so.

    `source` is `topic/partition/offset` of that message.
    """

    key: str
    counts_from: int
    feedback: Feedback
    source: str = ""
    kind: Literal["feedback"] = "feedback"

    @property
    def order(self) -> tuple[int, str, str, str]:
        """Feedback takes effect in this order, whenever and wherever it was read."""
        return (self.counts_from, self.feedback.alert_id, self.feedback.verdict, self.source)


@dataclass(slots=True)
class Feedbacks:
    """All feedback that was read, in the order in which it was; each shard asks for what is new to it.

    Who said it and in which words is not kept.
    """

    reporting_since: int | None = None
    """From when on, Unix ms, the platform says what becomes of steps; None: it never did."""
    _said: list[StampedFeedback] = field(default_factory=list)
    _first: dict[str, int] = field(default_factory=dict)
    """By the subject's id, from when on the first of them counts."""

    def put(self, stamped: StampedFeedback) -> None:
        """Take one in."""
        bare = msgspec.structs.replace(stamped.feedback, author="-", note=None)
        self._said.append(msgspec.structs.replace(stamped, feedback=bare))
        self._first[stamped.key] = min(stamped.counts_from, self._first.get(stamped.key, stamped.counts_from))
        if bare.verdict in OF_STEPS:
            earlier = stamped.counts_from if self.reporting_since is None else self.reporting_since
            self.reporting_since = min(earlier, stamped.counts_from)

    def is_about(self, subject_id: str, now: int) -> bool:
        """Return whether anything was said of a subject's alerts that counts by a moment, Unix ms."""
        return self._first.get(subject_id, now + 1) <= now

    def since(self, place: int) -> Sequence[StampedFeedback]:
        """Return what was read after the first `place` of them."""
        return self._said[place:]

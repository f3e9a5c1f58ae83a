"""Feedback on its way to the cases of one shard: held until its moment is closed, then given in order."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, get_args

from detector.alerts import Subject, SubjectType
from detector.categories import CLAUSES
from detector.feedback import Feedbacks, StampedFeedback
from detector.findings import RING

CaseKey = tuple[Subject, str]
TYPES: Final[tuple[SubjectType, ...]] = get_args(SubjectType)


class Due(NamedTuple):
    """Feedback whose moment has come; it takes effect at `moment`, later than it counts where it was late."""

    moment: int
    said: StampedFeedback
    is_own: bool
    """Whether its subject is the shard's; else it is of a group that the shard's accounts may be in."""

    @property
    def late(self) -> bool:
        """Whether its moment had passed before it was read."""
        return self.moment > self.said.counts_from


def everybody(_: str) -> bool:
    """Say yes: where there is one shard, all are its own."""
    return True


class Spoken:
    """What was said of the alerts of those subjects, by their ids, whom `own` knows to be the shard's.

    What was said of groups of accounts is every shard's to hear.
    """

    def __init__(self, feedback: Feedbacks, own: Callable[[str], bool]) -> None:
        self._feedback = feedback
        self._own = own
        self._read = 0
        self._waiting: list[StampedFeedback] = []

    def take(self, since: int, until: int) -> list[Due]:
        """Give out, in order, what counts before `until`; all before `since` was decided already.

        What counts from before `since` is late, or was given out before a restart: the case knows which.
        """
        news = self._feedback.since(self._read)
        self._read += len(news)
        self._waiting += [said for said in news if said.key.startswith(RING) or self._own(said.key)]
        ready = [said for said in self._waiting if said.counts_from < until]
        if ready:
            self._waiting = [said for said in self._waiting if said.counts_from >= until]
        ready.sort(key=lambda said: said.order)
        return [Due(max(since, said.counts_from), said, self._own(said.key)) for said in ready]


def cases_of(subject_id: str) -> Iterator[CaseKey]:
    """Yield the keys under which cases of a subject of that id can be."""
    for type_ in TYPES:
        yield from cases_about(Subject(type_, subject_id))


def cases_about(subject: Subject) -> Iterator[CaseKey]:
    """Yield the keys under which cases of a subject can be."""
    for category in CLAUSES:
        yield subject, category

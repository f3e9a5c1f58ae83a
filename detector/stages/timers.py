"""Event-time timers of cases: when each is to be looked at though nothing was found."""

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import NamedTuple, cast

from detector.alerts import Subject, SubjectType
from detector.stages.spoken import CaseKey


class _Timer(NamedTuple):
    """One that was set; in this order they run out."""

    moment: int
    type: str
    id: str
    category: str

    @property
    def key(self) -> CaseKey:
        return Subject(cast("SubjectType", self.type), self.id), self.category


class Timers:
    """At most one timer a case."""

    def __init__(self) -> None:
        self._set: dict[CaseKey, int] = {}
        self._heap: list[_Timer] = []
        """With those that were set anew since, which no longer count."""

    def set(self, key: CaseKey, moment: int | None) -> None:
        """Have a case's timer run out at a moment, Unix ms, and at no other; None: never."""
        if moment is None:
            self._set.pop(key, None)
        elif self._set.get(key) != moment:
            self._set[key] = moment
            subject, category = key
            heappush(self._heap, _Timer(moment, subject.type, subject.id, category))

    @property
    def next(self) -> int | None:
        """A moment, Unix ms, before which none runs out; None: there is none."""
        return self._heap[0].moment if self._heap else None

    def run_out(self, until: int) -> Iterator[tuple[int, CaseKey]]:
        """Give out moments before `until`, with whose they are, in order; any may be set meanwhile."""
        while self._heap and self._heap[0].moment < until:
            timer = heappop(self._heap)
            if self._set.get(timer.key) == timer.moment:
                del self._set[timer.key]
                yield timer.moment, timer.key

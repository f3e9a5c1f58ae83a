"""The history: everybody's days put together in event-time order."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from random import Random

import msgspec

from detector.simulate.inhabitants import Inhabitant
from detector.simulate.labels import BENIGN, Label, Subject
from detector.simulate.pools import Pools
from detector.simulate.profiles import inhabitant
from detector.simulate.visits import DAY_MS, SHANGHAI_MS, Dated, Day, Event, Visit

SLICE_MS = 600_000


@dataclass(frozen=True)
class History:
    """`accounts` inhabitants over `days` times 24 h from `start_ms` (Unix ms): [start_ms, end_ms).

    `entitled`: some people are innocent by their entitlement only, so it must be given to who judges them.
    """

    accounts: int
    days: int
    seed: int
    start_ms: int
    pools: Pools = field(repr=False)
    entitled: bool = False

    @property
    def end_ms(self) -> int:
        """The end of the history, open."""
        return self.start_ms + self.days * DAY_MS

    @cached_property
    def inhabitants(self) -> tuple[tuple[str, Inhabitant], ...]:
        """Everybody, by number, with the profile's name."""
        return tuple(
            inhabitant(self.seed, number, self.pools, entitled=self.entitled)
            for number in range(self.accounts)
        )

    def calendar(self) -> Iterator[Day]:
        """Return the local days that the history touches."""
        midnight_ms = (self.start_ms + SHANGHAI_MS) // DAY_MS * DAY_MS - SHANGHAI_MS
        for index, start_ms in enumerate(range(midnight_ms, self.end_ms, DAY_MS)):
            yield Day(index=index, start_ms=start_ms)

    def visits(self, number: int, day: Day) -> Iterable[Visit]:
        """Plan one inhabitant's visits on a day, in no order."""
        _, who = self.inhabitants[number]
        return who.plan(day, Random(f"{self.seed}/day/{number}/{day.index}"))

    def labels(self) -> Iterator[Label]:
        """Say what is true of whom; abuse lasts from its first visit to the end of its last."""
        quiet: set[Subject] = set()
        for number, (profile, who) in enumerate(self.inhabitants):
            yield self._label(number, profile, who)
            if who.quiet is not None and who.quiet not in quiet:
                quiet.add(who.quiet)
                yield self._benign(who.quiet, profile)

    def _label(self, number: int, profile: str, who: Inhabitant) -> Label:
        if who.category == BENIGN:
            return self._benign(who.subject, profile)
        planned = (visit for day in self.calendar() for visit in self.visits(number, day))
        abuse = [v for v in planned if v.abusive and v.start_ms < self.end_ms and v.end_ms > self.start_ms]
        if not abuse:  # whoever has not come to it yet must stay quiet
            return self._benign(who.subject, profile)
        return Label(
            subject_type=who.subject.type,
            subject_id=who.subject.id,
            category=who.category,
            from_ms=max(self.start_ms, min(visit.start_ms for visit in abuse)),
            to_ms=min(self.end_ms, max(visit.end_ms for visit in abuse)),
            profile=profile,
            difficulty=who.difficulty,
            also=who.also,
            alt_subjects=who.alternatives,
        )

    def _benign(self, subject: Subject, profile: str) -> Label:
        return Label(
            subject_type=subject.type,
            subject_id=subject.id,
            category=BENIGN,
            from_ms=self.start_ms,
            to_ms=self.end_ms,
            profile=profile,
        )


def simulate(history: History) -> Iterator[Event]:
    """Yield the session events in the order (`time`, `event_id`), in memory of about a day's visits."""
    return (event for _, _, event in _dated(history))


def messages(history: History) -> Iterator[tuple[bytes, bytes, int]]:
    """Yield the same events as the platform sends them: Kafka key, JSON, event time in Unix ms."""
    encode = msgspec.json.Encoder().encode
    for time_ms, _, event in _dated(history):
        key = event.get("account_id") or f"anon:{event['ip']}"
        yield str(key).encode(), encode(event), time_ms


def _dated(history: History) -> Iterator[Dated]:
    waiting: list[Visit] = []
    open_events: list[Dated] = []
    for day in history.calendar():
        for number in range(history.accounts):
            waiting.extend(history.visits(number, day))
        waiting.sort(key=lambda visit: -visit.start_ms)
        for slice_ms in range(day.start_ms, day.start_ms + DAY_MS, SLICE_MS):
            end_ms = slice_ms + SLICE_MS
            while waiting and waiting[-1].start_ms < end_ms:
                open_events += waiting.pop().events()
            open_events.sort()
            closed = bisect_left(open_events, (end_ms,))
            for dated in open_events[:closed]:
                if history.start_ms <= dated[0] < history.end_ms:
                    yield dated
            del open_events[:closed]

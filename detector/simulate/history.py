"""The history: everybody's days put together in event-time order."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from random import Random

import msgspec

from detector.scoring.labels import BENIGN, Label, Subject
from detector.simulate.profiles import FIRST
from detector.simulate.world.inhabitants import Charge, Inhabitant, account_subject
from detector.simulate.world.pools import Pools
from detector.simulate.world.population import Population
from detector.simulate.world.visits import DAY_MS, SHANGHAI_MS, Dated, Day, Event, Visit

SLICE_MS = 600_000


@dataclass(frozen=True)
class History:
    """`accounts` accounts and visitors over `days` times 24 h from `start_ms` (Unix ms): [start_ms, end_ms).

    Inhabitants are dealt until they have so many, the last one whole, and so many `decks` are out, each of
    which holds every profile. `entitled`: some people are innocent by their entitlement only, so it must be
    given to who judges them.
    """

    accounts: int
    days: int
    seed: int
    start_ms: int
    pools: Pools = field(repr=False)
    entitled: bool = False
    population: Population = field(default=FIRST, repr=False)
    decks: int = 0

    @property
    def end_ms(self) -> int:
        """The end of the history, open."""
        return self.start_ms + self.days * DAY_MS

    @cached_property
    def inhabitants(self) -> tuple[tuple[str, Inhabitant], ...]:
        """Everybody, by number, with the profile's name."""
        dealt: list[tuple[str, Inhabitant]] = []
        missing, least = self.accounts, self.decks * len(self.population.deck)
        while missing > 0 or len(dealt) < least:
            named = self.population.inhabitant(self.seed, len(dealt), self.pools, entitled=self.entitled)
            dealt.append(named)
            missing -= named[1].counts_for
        return tuple(dealt)

    @property
    def size(self) -> int:
        """How many accounts and visitors there are; whoever has no account is one visitor."""
        return sum(who.counts_for for _, who in self.inhabitants)

    def at_ms(self, day: float) -> int:
        """Return the moment `day` days after the local midnight before the history's start, in Unix ms."""
        midnight_ms = (self.start_ms + SHANGHAI_MS) // DAY_MS * DAY_MS - SHANGHAI_MS
        return midnight_ms + int(day * DAY_MS)

    def calendar(self) -> Iterator[Day]:
        """Return the local days that the history touches."""
        for index, start_ms in enumerate(range(self.at_ms(0), self.end_ms, DAY_MS)):
            yield Day(index=index, start_ms=start_ms)

    def visits(self, number: int, day: Day) -> Iterable[Visit]:
        """Plan one inhabitant's visits on a day, in no order."""
        _, who = self.inhabitants[number]
        return who.plan(day, Random(f"{self.seed}/day/{number}/{day.index}"))

    def labels(self) -> Iterator[Label]:
        """Say what is true of whom; abuse lasts from its first visit to the end of its last."""
        told: set[Subject] = set()
        for number, (profile, who) in enumerate(self.inhabitants):
            spans = self._spans(number) if who.charges else {}
            accused: set[Subject] = set()
            idle: list[Subject] = []
            for charge in who.charges:
                label = _label(charge, profile, spans)
                if label is None:  # whoever has not come to it yet must stay quiet
                    idle.append(charge.subject)
                    continue
                accused.update(label.subjects)
                yield label
            for subject in dict.fromkeys([*map(account_subject, who.accounts), *idle, *who.quiet]):
                if subject not in accused and subject not in told:
                    yield self._benign(subject, profile)
                if subject.type != "account":  # the only ones that several inhabitants may share
                    told.add(subject)

    def _spans(self, number: int) -> dict[int, tuple[int, int]]:
        """Return when each of an inhabitant's affairs begins and ends within the history, in Unix ms."""
        spans: dict[int, tuple[int, int]] = {}
        for day in self.calendar():
            for visit in self.visits(number, day):
                if visit.affair is None or visit.start_ms >= self.end_ms or visit.end_ms <= self.start_ms:
                    continue
                from_ms, to_ms = spans.get(visit.affair, (self.end_ms, self.start_ms))
                spans[visit.affair] = (
                    max(self.start_ms, min(from_ms, visit.start_ms)),
                    min(self.end_ms, max(to_ms, visit.end_ms)),
                )
        return spans

    def _benign(self, subject: Subject, profile: str) -> Label:
        return Label(
            subject_type=subject.type,
            subject_id=subject.id,
            category=BENIGN,
            from_ms=self.start_ms,
            to_ms=self.end_ms,
            profile=profile,
        )


def _label(charge: Charge, profile: str, spans: dict[int, tuple[int, int]]) -> Label | None:
    """Return the label of a charge, or None where none of its visits lies in the history."""
    own = [spans[affair] for affair in charge.affairs if affair in spans]
    if not own:
        return None
    return Label(
        subject_type=charge.subject.type,
        subject_id=charge.subject.id,
        category=charge.category,
        from_ms=min(from_ms for from_ms, _ in own),
        to_ms=max(to_ms for _, to_ms in own),
        profile=profile,
        difficulty=charge.difficulty,
        also=charge.also,
        alt_subjects=charge.alternatives,
        incident=charge.incident,
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
        for number in range(len(history.inhabitants)):
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

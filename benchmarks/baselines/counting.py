"""Counting as thresholds do it: distinct values in a sliding window, and leaky buckets."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from detector.enrich import Place
from detector.events import SessionEvent
from detector.scoring.labels import Subject

Who: TypeAlias = Callable[[SessionEvent], Subject | None]
"""Whom an event is counted for; None: it is not counted."""
What: TypeAlias = Callable[[SessionEvent, Place], str]
"""What is counted; "": nothing."""


@dataclass(slots=True)
class MoreThan:
    """Accuses whom more than `limit` distinct values were seen of within `window_ms`."""

    limit: int
    window_ms: int
    who: Who
    what: What
    _seen: dict[Subject, dict[str, int]] = field(default_factory=dict)

    def see(self, event: SessionEvent, time_ms: int, place: Place) -> Subject | None:
        """Take the next event; `time_ms`, Unix ms, never falls."""
        subject, value = self.who(event), self.what(event, place)
        if subject is None or not value:
            return None
        values = self._seen.setdefault(subject, {})
        values[value] = time_ms
        if len(values) <= self.limit:
            return None
        since = time_ms - self.window_ms
        self._seen[subject] = recent = {each: time for each, time in values.items() if time > since}
        return subject if len(recent) > self.limit else None


@dataclass(slots=True)
class _Bucket:
    level: float = 0.0
    time: int = 0
    poured: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Leaky:
    """Accuses whose bucket runs over: it holds `capacity` and loses one every `leak_ms`.

    A value that lies in the bucket already is not poured again; an empty bucket has forgotten its values.
    """

    capacity: int
    leak_ms: int
    who: Who
    what: What
    _buckets: dict[Subject, _Bucket] = field(default_factory=dict)

    def see(self, event: SessionEvent, time_ms: int, place: Place) -> Subject | None:
        """Take the next event; `time_ms`, Unix ms, never falls."""
        subject, value = self.who(event), self.what(event, place)
        if subject is None or not value:
            return None
        bucket = self._buckets.setdefault(subject, _Bucket())
        bucket.level -= (time_ms - bucket.time) / self.leak_ms
        bucket.time = time_ms
        if bucket.level <= 0.0:
            bucket.level, bucket.poured = 0.0, set()
        if value in bucket.poured:
            return None
        bucket.poured.add(value)
        bucket.level += 1.0
        if bucket.level <= self.capacity:
            return None
        del self._buckets[subject]
        return subject

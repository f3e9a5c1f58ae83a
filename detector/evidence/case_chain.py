"""The chain of one case, put together from links in the order in which they come.

Remembered are the last link, and which numbers before it have not come yet.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from detector.evidence.claims import Link
from detector.evidence.faults import Fault

REORDERED = "reordered"


class Gap(NamedTuple):
    """Numbers `first` to `last` that have not come, though the alert of `seen`, which is behind them, has.

    `before` is the hash of the number before the first, `after` the `previous` of the number behind the last.
    `allowed`: they may have been let go.
    """

    first: int
    last: int
    before: str
    after: str
    allowed: bool
    seen: Fault

    def split(self, link: Link) -> Iterator["Gap"]:
        """Yield what of it is left once a link has come: of the two, only the first can have been let go."""
        if link.sequence > self.first:
            yield self._replace(last=link.sequence - 1, after=link.previous)
        if link.sequence < self.last:
            yield self._replace(first=link.sequence + 1, before=link.hash, allowed=False)

    @property
    def fault(self) -> Fault:
        """What to say where it is never filled."""
        numbers = (
            f"numbers {self.first} to {self.last} do"
            if self.first < self.last
            else f"number {self.first} does"
        )
        return self.seen.of(f"missing: {numbers} not come before it")


@dataclass(slots=True)
class CaseChain:
    """A case: the greatest number that has come, with its hash, and gaps before it in their order."""

    sequence: int = 0
    hash: str = ""
    gaps: list[Gap] = field(default_factory=list)

    def fits(self, link: Link) -> bool:
        """Tell whether the link is the next one, or one that has not come."""
        return link.sequence == self.sequence + 1 or self._gap(link.sequence) is not None

    def put(self, link: Link, seen: Fault, *, may_begin_late: bool) -> Iterator[str]:
        """Take a link, and yield what is wrong with its place."""
        if link.sequence > self.sequence:
            yield from self._append(link, seen, allowed=may_begin_late and self.sequence == 0)
            return
        place = self._gap(link.sequence)
        if place is not None:
            yield from self._fill(place, link)
        elif link.sequence == self.sequence and link.hash == self.hash:
            yield "doubled: it is there a second time"
        else:
            yield f"inserted or doubled: the case has a number {link.sequence} already"

    def _append(self, link: Link, seen: Fault, *, allowed: bool) -> Iterator[str]:
        if link.sequence > self.sequence + 1:
            gap = Gap(self.sequence + 1, link.sequence - 1, self.hash, link.previous, allowed, seen)
            self.gaps.append(gap)
        elif link.previous != self.hash:
            yield _broken(self.sequence)
        self.sequence, self.hash = link.sequence, link.hash

    def _fill(self, place: int, link: Link) -> Iterator[str]:
        gap = self.gaps[place]
        self.gaps[place : place + 1] = gap.split(link)
        yield f"{REORDERED}: it comes after number {self.sequence} of the case"
        if link.sequence == gap.first and link.previous != gap.before:
            yield _broken(gap.first - 1)
        if link.sequence == gap.last and link.hash != gap.after:
            yield _broken(gap.last + 1)

    def _gap(self, sequence: int) -> int | None:
        """Return the place among the gaps of the one in which a number lies."""
        place = bisect_right(self.gaps, sequence, key=lambda gap: gap.first) - 1
        return place if place >= 0 and sequence <= self.gaps[place].last else None


def _broken(neighbour: int) -> str:
    return f"broken: it and the number {neighbour} that is here are not chained: one of the two is false"

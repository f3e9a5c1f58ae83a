"""Chains of alerts, read one after the other: of each case only the last link is remembered.

An alert that is wrong in itself (`Claim.flaw`) takes its place where it fits, so that those after it are not
accused as well; where it does not fit, it is as if it were not there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, NamedTuple

from detector.evidence.claims import Claim, Link
from detector.evidence.faults import Fault
from detector.evidence.heads import Head, Heads

_AT_THE_END: Final = "at the end"


class _Last(NamedTuple):
    sequence: int
    hash: str


@dataclass(slots=True)
class Tally:
    """What was counted: alerts and cases, and what of these could not be checked from end to end."""

    alerts: int = 0
    cases: int = 0
    faults: int = 0
    begun_late: int = 0
    """Cases whose first alerts are allowed not to be there."""
    headless: int = 0
    """Cases without a head, where that is allowed."""
    newer: int = 0
    """Alerts that came after the heads were taken."""
    gone: int = 0
    """Heads of cases whose alerts are allowed not to be there."""


class Chains:
    """Checks alerts in the order in which they are handed in.

    `heads`: None where they are not known. `settled`: they were taken when all the alerts were there, so that
    every case has one; else later alerts may follow, and cases that are over have none. `ordered`: alerts
    come in the order of a file of alerts.
    """

    def __init__(self, heads: Heads | None = None, *, settled: bool = True, ordered: bool = True) -> None:
        self.tally = Tally()
        self.earliest_ms: int | None = None
        """The earliest decision seen, event time, Unix ms."""
        self._heads = heads
        self._settled = settled
        self._ordered = ordered
        self._last: dict[bytes, _Last] = {}
        self._newest: tuple[int, str, int] = (0, "", 0)

    @property
    def knows_heads(self) -> bool:
        """Whether there were heads to check by."""
        return self._heads is not None

    def take(self, place: str, claim: Claim, *, may_begin_late: bool = False) -> list[Fault]:
        """Check the next alert, which lies at `place`.

        `may_begin_late`: alerts of its case that came before may have been let go.
        """
        self.tally.alerts += 1
        found = [
            Fault(place, claim.alert_id, claim.case_id, claim.sequence, what)
            for what in self._wrong(claim, may_begin_late=may_begin_late)
        ]
        self.tally.faults += len(found)
        return found

    def end(self, gone: Callable[[Head], bool] = lambda _: False) -> Iterator[Fault]:
        """Check that each head was reached; `gone` tells whether a whole case may have been let go."""
        for head in (self._heads or {}).values():
            last = self._last.get(_key(head.case_id))
            if last is None and gone(head):
                self.tally.gone += 1
            elif last is None or last.sequence < head.sequence:
                end = "none of its alerts is there" if last is None else f"it ends at number {last.sequence}"
                what = f"missing: this is the last alert of the case by its head, but {end}"
                self.tally.faults += 1
                yield Fault(_AT_THE_END, head.alert_id, head.case_id, head.sequence, what)

    def _wrong(self, claim: Claim, *, may_begin_late: bool) -> Iterator[str]:
        link = claim.link
        if claim.flaw is not None or link is None:
            yield claim.flaw or "not an alert: it says nothing of its place"
            if link is not None and link.sequence == self._reached(link.case_id) + 1:
                self._append(link)
            return
        yield from self._out_of_order(claim, link)
        last = self._last.get(_key(link.case_id))
        if self._heads is not None:
            yield from self._off_head(link, self._heads.get(link.case_id), self._reached(link.case_id))
        if last is not None and link.sequence <= last.sequence:
            yield _repeated(link, last)
            return
        if last is not None:
            yield from _following(link, last)
        elif link.sequence > 1 and may_begin_late:
            self.tally.begun_late += 1
        elif link.sequence > 1:
            yield _missing(1, link.sequence - 1)
        self._append(link)

    def _reached(self, case_id: str) -> int:
        last = self._last.get(_key(case_id))
        return 0 if last is None else last.sequence

    def _append(self, link: Link) -> None:
        key = _key(link.case_id)
        self.tally.cases += key not in self._last
        self._last[key] = _Last(link.sequence, link.hash)

    def _off_head(self, link: Link, head: Head | None, reached: int) -> Iterator[str]:
        if head is None:
            if reached == 0 and self._settled:
                yield "without head: the case is not among the heads: it was inserted, or its head is missing"
            elif reached == 0:
                self.tally.headless += 1
        elif link.sequence == head.sequence and link.hash != head.hash:
            yield "not the head: this alert has another hash than the case's head of this number"
        elif link.sequence > head.sequence and not self._settled:
            self.tally.newer += 1
        elif link.sequence > head.sequence >= reached:
            yield f"inserted: the case ends at number {head.sequence} by its head"

    def _out_of_order(self, claim: Claim, link: Link) -> Iterator[str]:
        time_ms = claim.decided_time or 0
        place = (time_ms, link.case_id, link.sequence)
        if self._ordered and place < self._newest:
            self._ordered = False  # said once
            yield "out of order: it belongs before an alert above it (decided_time, case_id, sequence)"
        self._newest = place
        self.earliest_ms = time_ms if self.earliest_ms is None else min(self.earliest_ms, time_ms)


def _following(link: Link, last: _Last) -> Iterator[str]:
    if link.sequence > last.sequence + 1:
        yield _missing(last.sequence + 1, link.sequence - 1)
    elif link.previous != last.hash:
        yield f"broken: it is not chained to the number {last.sequence} that is here: one of the two is false"


def _missing(first: int, last: int) -> str:
    numbers = (
        f"number {first} of the case does" if first == last else f"numbers {first} to {last} of the case do"
    )
    return f"missing: {numbers} not come before it"


def _repeated(link: Link, last: _Last) -> str:
    if link == Link(link.case_id, last.sequence, link.previous, last.hash):
        return "doubled: it is there a second time"
    return f"inserted, doubled or out of order: it comes after number {last.sequence} of the case"


def _key(case_id: str) -> bytes:
    """Return as many bytes for a case whatever somebody calls it."""
    return sha256(case_id.encode(errors="surrogatepass")).digest()

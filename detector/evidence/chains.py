"""Chains of alerts, read one after the other: of each case only its last link is remembered, and its gaps.

An alert that is wrong in itself (`Claim.flaw`) takes its place where it fits, so that those after it are not
accused as well; where it does not fit, it is as if it were not there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from detector.evidence.case_chain import REORDERED, CaseChain
from detector.evidence.claims import Claim, Link
from detector.evidence.faults import LONGEST_NAME, Fault
from detector.evidence.heads import Head, Heads

_AT_THE_END: Final = "at the end"


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
        self._disorder_said = False
        self._newest: tuple[int, str, int] = (0, "", 0)
        self._cases: dict[bytes, CaseChain] = {}

    @property
    def knows_heads(self) -> bool:
        """Whether there were heads to check by."""
        return self._heads is not None

    def take(self, place: str, claim: Claim, *, may_begin_late: bool = False) -> list[Fault]:
        """Check the next alert, which lies at `place`.

        `may_begin_late`: alerts of its case that came before may have been let go.
        """
        self.tally.alerts += 1
        named = Fault(place, _cut(claim.alert_id), _cut(claim.case_id), claim.sequence, "")
        found = [named.of(what) for what in self._wrong(claim, named, may_begin_late=may_begin_late)]
        self.tally.faults += len(found)
        return found

    def end(self, gone: Callable[[Head], bool] = lambda _: False) -> Iterator[Fault]:
        """Say which alerts never came, by the gaps and by the heads.

        `gone` tells whether a whole case may have been let go.
        """
        for fault in (*self._unfilled(), *self._unreached(gone)):
            self.tally.faults += 1
            yield fault

    def _wrong(self, claim: Claim, named: Fault, *, may_begin_late: bool) -> Iterator[str]:
        link = claim.link
        if claim.flaw is not None or link is None:
            yield claim.flaw or "not an alert: it says nothing of its place"
            if link is not None and self._case(link).fits(link):
                list(self._put(link, named, may_begin_late=may_begin_late))
            return
        yield from self._disorder(claim, link)
        if self._heads is not None:
            yield from self._off_head(link, self._heads.get(link.case_id), self._case(link).sequence)
        for what in self._put(link, named, may_begin_late=may_begin_late):
            if not (self._disorder_said and what.startswith(REORDERED)):  # said once
                yield what

    def _case(self, link: Link) -> CaseChain:
        return self._cases.get(_key(link.case_id)) or CaseChain()

    def _put(self, link: Link, named: Fault, *, may_begin_late: bool) -> Iterator[str]:
        case = self._cases.setdefault(_key(link.case_id), CaseChain())
        self.tally.cases = len(self._cases)
        yield from case.put(link, named, may_begin_late=may_begin_late)

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

    def _disorder(self, claim: Claim, link: Link) -> Iterator[str]:
        time_ms = claim.decided_time or 0
        place = (time_ms, link.case_id, link.sequence)
        if self._ordered and not self._disorder_said and place < self._newest:
            self._disorder_said = True
            yield "out of order: it belongs before an alert above it (decided_time, case_id, sequence)"
        self._newest = place
        self.earliest_ms = time_ms if self.earliest_ms is None else min(self.earliest_ms, time_ms)

    def _unfilled(self) -> Iterator[Fault]:
        for case in self._cases.values():
            for gap in case.gaps:
                if gap.allowed:
                    self.tally.begun_late += 1
                else:
                    yield gap.fault

    def _unreached(self, gone: Callable[[Head], bool]) -> Iterator[Fault]:
        for head in (self._heads or {}).values():
            case = self._cases.get(_key(head.case_id))
            if case is None and gone(head):
                self.tally.gone += 1
            elif case is None or case.sequence < head.sequence:
                end = "none of its alerts is there" if case is None else f"it ends at number {case.sequence}"
                what = f"missing: this is the last alert of the case by its head, but {end}"
                yield Fault(_AT_THE_END, head.alert_id, head.case_id, head.sequence, what)


def _cut(text: str | None) -> str | None:
    """Keep as much of a name as is shown, and one character more."""
    return None if text is None else text[: LONGEST_NAME + 1]


def _key(case_id: str) -> bytes:
    """Return as many bytes for a case whatever somebody calls it."""
    return sha256(case_id.encode(errors="surrogatepass")).digest()

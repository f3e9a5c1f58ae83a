"""Judging crowds: from a family's features to findings about the crowd, or about the accounts in it."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from msgspec import UNSET
from numpy.typing import NDArray

from detector.alerts import NotEvaluated, Subject
from detector.categories import BITS, SUFFERED_BITS
from detector.cells import Cell, CrowdKey
from detector.enrich import Enricher, prefix_of
from detector.findings import Finding
from detector.policy import Book
from detector.policy.document import Mode
from detector.policy.version import Party
from detector.rules import Features
from detector.rules.crowds import CrowdRule
from detector.stages.crowd_ledger import (
    IN_SHADOW,
    CrowdLedger,
    Member,
    accused_bits,
    forget_accused,
    member,
)
from detector.stages.evidence import Showing, unshown
from detector.stages.families import Family
from detector.stages.masks import Mask
from detector.stages.plans import doubts_of_plan
from detector.stages.raised import SURE, heard, heard_apart, is_stale
from detector.stages.rows import RowTable
from detector.stages.terms import Bench, Terms, Trial
from detector.windows.crowds.layout import KINDS

MOST_EVIDENCE = 20
"""Events that a finding shows, the newest of those it rests on."""
MOST_RELATED = 50
"""Accounts that a finding names beside its subject, the newest of those it rests on."""
REBUILT_FOR_MS = 7 * 24 * 3_600_000
"""The longest window: so long after a loss of rows, something may be missing from it."""
STAYS_MS = 24 * 3_600_000
"""How long an address is taken to stay with whom it was given to: lines of homes get others by the day."""

NOBODY: Final[Party] = (None, None)
"""Whose product and plan what many share has."""
_SUBJECTS = {"address": "network", "prefix": "network", "device": "device", "organisation": "org"}


class _Firing(NamedTuple):
    """A rule that is heard at a cell: its slot, the trial if it is one, and its strength."""

    slot: int
    trial: Trial[CrowdRule] | None
    strength: float

    @property
    def policy(self) -> str | None:
        """The policy in shadow, if it is one's."""
        return None if self.trial is None else self.trial.policy

    @property
    def noted_in(self) -> int:
        """The slot in which rows remember it."""
        return self.slot if self.trial is None else self.trial.spare


class CrowdJudge:
    """Holds a family's rules against features; one for each shard and family."""

    def __init__(self, family: Family, enricher: Enricher, topic: str, book: Book, *, mask: Mask) -> None:
        self._family = family
        self._book = book
        self._terms: Terms[CrowdRule] = Terms(family.rules, book, layered=False)
        self._enricher = enricher
        self._showing = Showing(enricher, topic, mask)
        self._judges = [np.array([kind in rule.kinds for kind in KINDS]) for rule in family.rules]
        self.rebuilt_ms = 0
        """Event time at which the rows began anew after a loss; 0 where none was lost."""

    def findings(
        self, cells: Sequence[Cell], features: NDArray[np.void], table: RowTable[CrowdLedger]
    ) -> list[Finding]:
        """Return what the rules found, in the order of cells, and bring the ledgers up to each cell.

        `features`: of the family's dtype, shape (n,), of the cells; `table` holds their rows.
        """
        fired: dict[int, list[_Firing]] = {}
        bench = self._terms.bench(features, features["time_ms"], lambda _: NOBODY)
        for slot, trial, places, strengths in self._fired(bench, cells, features, table):
            for place, strength in zip(places.tolist(), strengths.tolist(), strict=True):
                fired.setdefault(place, []).append(_Firing(slot, trial, strength))
        findings: list[Finding] = []
        for place, (cell, row, ring) in enumerate(
            zip(cells, features["row"].tolist(), features["slot"].tolist(), strict=True)
        ):
            ledger = table.write_ledger(row)
            if ring >= 0:
                ledger[ring] = member(cell, ledger[ring])
            for firing in fired.get(place, ()):
                one = features[place : place + 1].view(np.recarray)[0]
                rule = bench.rule(firing.slot, place, firing.policy)
                if rule.accuses != "crowd":
                    _begin(firing.trial, ledger, table.rows["raised_ms"][row], cell.time)
                findings += self._found(firing, rule, cell, one, ledger)
        return findings

    def _fired(
        self,
        bench: Bench[CrowdRule],
        cells: Sequence[Cell],
        features: NDArray[np.void],
        table: RowTable[CrowdLedger],
    ) -> Iterator[tuple[int, Trial[CrowdRule] | None, NDArray[np.intp], NDArray[np.float64]]]:
        """Yield by slot, and by trial if it is one, where a rule is heard and how loud."""
        for slot, trial, said in self._said(bench):
            rule = self._family.rules[slot]
            strengths = np.where(self._judges[slot][bench.seen.kind], said, 0.0)
            places = np.flatnonzero((strengths > 0.0) & ((bench.seen.excused & BITS[rule.category]) == 0))
            if not len(places):
                continue
            if rule.accuses == "crowd":
                modes = [
                    self._mode(rule, trial, cells[place].time, _party_of(cells[place]))
                    for place in places.tolist()
                ]
                places = places[[mode != "off" for mode in modes]]
                if trial is None:
                    shadow = np.array([mode == "shadow" for mode in modes if mode != "off"], np.bool_)
                    places = places[heard(places, strengths, features, table.rows, slot, shadow)]
                else:
                    spare, since_ms = trial.spare, trial.since_ms
                    places = heard_apart(places, strengths, features, table.rows, spare, since_ms)
            yield slot, trial, places, strengths[places]

    def _said(
        self, bench: Bench[CrowdRule]
    ) -> Iterator[tuple[int, Trial[CrowdRule] | None, NDArray[np.float64]]]:
        """Yield what each rule says of each cell, of those that it judges."""
        kinds = bench.seen.kind
        for slot in range(len(self._family.rules)):
            said = bench.strengths(slot) if self._judges[slot][kinds].any() else None
            if said is not None:
                yield slot, None, said
        yield from ((trial.slot, trial, said) for trial, said in bench.trials())

    def _found(
        self, firing: _Firing, rule: CrowdRule, cell: Cell, one: Features, ledger: CrowdLedger
    ) -> Iterator[Finding]:
        mask = rule.rests_on(one)
        rested = [known for place, known in enumerate(ledger) if known is not None and mask >> place & 1]
        rested.sort(key=lambda known: (known.time, known.event_id))
        if rule.accuses == "crowd":
            subject = _subject(cell.key)
            yield self._finding(rule, firing, cell, one, subject, _party_of(cell), rested)
            return
        # Each once for as long as the row remembers it, for its case keeps what was found; and once
        # again when it is sure: the first accounts of a large farm are no better than its last.
        told = accused_bits(firing.noted_in, sure=firing.strength >= SURE)
        for subject, members in _accused(rule, rested).items():
            if rule.accuses == "addresses" and cell.time - members[-1].time > STAYS_MS:
                continue
            party = _party(subject, members)
            mode = self._mode(rule, firing.trial, cell.time, party)
            if mode == "off":
                continue
            # What was said in shadow is noted apart: nothing that is live is left out for it.
            shadow = mode == "shadow"
            if not any(known.is_accused(told, in_shadow=shadow) for known in members):
                yield self._finding(rule, firing, cell, one, subject, party, rested)
            for known in members:
                known.accused |= told << IN_SHADOW if shadow else told

    def _mode(self, rule: CrowdRule, trial: Trial[CrowdRule] | None, time_ms: int, party: Party) -> Mode:
        """Return for what a rule judges a party at a moment, Unix ms, by what is in force or by a trial."""
        if trial is None:
            return self._book.mode(rule.name, time_ms, *party)
        version = self._book.tried(trial.policy)
        return "shadow" if version is not None and rule.name in version.at(*party).live else "off"

    def _finding(
        self,
        rule: CrowdRule,
        firing: _Firing,
        cell: Cell,
        one: Features,
        subject: Subject,
        party: Party,
        rested: Sequence[Member],
    ) -> Finding:
        reason = rule.reason(one)
        accounts = dict.fromkeys(known.account_id for known in rested if known.account_id is not None)
        related = [Subject("account", name) for name in accounts if name != subject.id]
        shown = rested if rule.accuses == "crowd" else _accused(rule, rested)[subject]
        shown = shown[-MOST_EVIDENCE:]
        how = self._book.at(cell.time, *party).addresses
        # Who was attacked is no accomplice.
        alone = rule.purpose == "protect" or bool(BITS[rule.category] & SUFFERED_BITS)
        return Finding(
            time=cell.time,
            event_id=cell.event_id,
            rule=rule.name,
            rule_version=rule.version,
            category=rule.category,
            purpose=rule.purpose,
            subject=subject,
            account_id=subject.id if subject.type == "account" else None,
            org_id=cell.org_id if subject.type in {"account", "org"} else None,
            signal=reason.signal,
            value=float(reason.value),
            threshold=float(reason.threshold),
            strength=round(firing.strength, 6),
            evidence=tuple(self._showing.show(known, known.partition, how) for known in shown),
            addresses=unshown(shown, how),
            not_evaluated=self._doubts(rule, cell) + doubts_of_plan(self._book, party[1], cell.time),
            enrichment=self._enricher.builds,
            related=() if alone else tuple(related[-MOST_RELATED:]),
            related_total=0 if alone else len(related),
            product=party[0],
            plan=party[1],
            trial=UNSET if firing.policy is None else firing.policy,
        )

    def _doubts(self, rule: CrowdRule, cell: Cell) -> tuple[NotEvaluated, ...]:
        lost = self.rebuilt_ms and cell.time - self.rebuilt_ms < REBUILT_FOR_MS
        return (NotEvaluated(rule.name, "rebuilt"),) if lost else ()


def _begin(
    trial: Trial[CrowdRule] | None, ledger: CrowdLedger, raised_ms: NDArray[np.int64], now: int
) -> None:
    """Forget whom another policy, which had the slot before a trial, accused of a crowd; note that it judges.

    `raised_ms` is of the crowd's row.
    """
    if trial is None:
        return
    if is_stale(raised_ms[trial.spare], trial.since_ms):
        forget_accused(ledger, trial.spare)
    raised_ms[trial.spare] = -now


def _accused(rule: CrowdRule, rested: Sequence[Member]) -> dict[Subject, list[Member]]:
    """Return whom a rule accuses among the members that it rests on, each with its members."""
    accused: dict[Subject, list[Member]] = {}
    for known in rested:
        if rule.accuses == "addresses":
            network = prefix_of(known.ip) if ":" in known.ip else known.ip
            accused.setdefault(Subject("network", network), []).append(known)
        elif known.account_id is not None:
            accused.setdefault(Subject("account", known.account_id), []).append(known)
    return accused


def _party(subject: Subject, members: Sequence[Member]) -> Party:
    """Return an account's product and plan when it was seen last; an address has none."""
    return (members[-1].product, members[-1].plan) if subject.type == "account" else NOBODY


def _party_of(cell: Cell) -> Party:
    """Return whose product and plan a crowd has: an organisation's are its own, an address has none."""
    return (cell.product, cell.plan) if _subject(cell.key).type == "org" else NOBODY


def _subject(key: CrowdKey) -> Subject:
    """Return whom a finding about a crowd is about; what is no thing of its own is a group."""
    kind = _SUBJECTS.get(key.kind)
    if kind is None:
        return Subject("group", f"{key.kind}:{key.id}")
    return Subject(kind, key.id)  # type: ignore[arg-type]  # the types are those of a subject

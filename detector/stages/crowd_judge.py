"""Judging crowds: from a family's features to findings about the crowd, or about the accounts in it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from msgspec import UNSET
from msgspec.structs import replace
from numpy.typing import NDArray

from detector.alerts import NotEvaluated, Subject, short_hash
from detector.categories import BITS, SUFFERED_BITS
from detector.cells import Cell, CrowdKey
from detector.enrich import Enricher, prefix_of
from detector.findings import RING, WAITS, WAITS_MS, Finding
from detector.ladder.intruders import AT_MOST_MS
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
ALONE = 20
"""Accounts of a ring, of those that a finding rests on, that are accused each by itself, the oldest ones."""
TOGETHER = 10
"""So many of the others at a time are told of together, where they come within WAITS_MS."""
OF_RINGS: Final = frozenset({"batch_registration", "crawler", "unauthorized_client"})
"""Categories in which accounts are told of together: of what many do alike, not of what is done to them."""
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


class _Said(NamedTuple):
    """What a rule says at a cell, by which features, and the members that it rests on, oldest first."""

    firing: _Firing
    rule: CrowdRule
    cell: Cell
    one: Features
    rested: Sequence[Member]

    @property
    def in_trial(self) -> bool:
        """Whether it is a trial's word."""
        return self.firing.trial is not None


class CrowdJudge:
    """Holds a family's rules against features; one for each shard and family.

    `is_known` says of an account by a moment, Unix ms, whether its own case may hold something back: it is
    told of by itself, as is one that somebody may have entered.
    """

    def __init__(
        self,
        family: Family,
        enricher: Enricher,
        topic: str,
        book: Book,
        *,
        mask: Mask,
        is_known: Callable[[str, int], bool],
    ) -> None:
        self._family = family
        self._book = book
        self._terms: Terms[CrowdRule] = Terms(family.rules, book, layered=False)
        self._enricher = enricher
        self._showing = Showing(enricher, topic, mask)
        self._is_known = is_known
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
        said = _Said(firing, rule, cell, one, rested)
        if rule.accuses == "crowd":
            yield self._finding(said, _subject(cell.key), _party_of(cell), rested)
        else:
            yield from self._of_members(said)

    def _of_members(self, said: _Said) -> Iterator[Finding]:
        """Yield what is found of those that a rule accuses.

        Each once for as long as the row remembers it, for its case keeps what was found; and once again when
        the rule is sure: the first accounts of a large farm are no better than its last.
        """
        firing, rule, cell, _, rested = said
        told = accused_bits(firing.noted_in, sure=firing.strength >= SURE)
        waiting: dict[Subject, list[Member]] = {}
        held: dict[Subject, Finding] = {}
        for place, (subject, members) in enumerate(_accused(rule, rested).items()):
            party = _party(subject, members)
            mode = self._mode(rule, firing.trial, cell.time, party)
            if mode == "off" or (rule.accuses == "addresses" and cell.time - members[-1].time > STAYS_MS):
                continue
            # What was said in shadow is noted apart: nothing that is live is left out for it.
            shadow = mode == "shadow"
            may_wait = place >= ALONE and self._may_wait(said, subject, members, shadow=shadow)
            if not any(known.is_accused(told, in_shadow=shadow) for known in members):
                finding = self._finding(said, subject, party, members)
                if may_wait:
                    held[subject] = finding
                    _wait(said, members)
                else:
                    yield finding
            for known in members:
                known.accused |= told << IN_SHADOW if shadow else told
            if may_wait and _do_wait(said, members):
                waiting[subject] = members
        if held:
            yield from self._of_ring(said, waiting, held)

    def _may_wait(self, said: _Said, subject: Subject, members: Sequence[Member], *, shadow: bool) -> bool:
        """Return whether an account may be told of with others: by no rule in shadow, and none that is known.

        What its own case may hold back, it holds back best from what is found of the account alone.
        """
        of_ring = said.rule.category in OF_RINGS and shadow == said.in_trial
        entered = any(said.cell.time - known.entered < AT_MOST_MS for known in members)
        return of_ring and not entered and not self._is_known(subject.id, said.cell.time)

    def _of_ring(
        self, said: _Said, waiting: dict[Subject, list[Member]], held: dict[Subject, Finding]
    ) -> Iterator[Finding]:
        """Yield what is found of accounts of a large ring: TOGETHER of those that wait are one group.

        They have one product and plan, for by one policy is decided what follows. `waiting`: who waits, with
        its members; `held`: what was found just now of those who wait since then.
        """
        parties: dict[Party, list[Subject]] = {}
        for subject, members in waiting.items():
            parties.setdefault(_party(subject, members), []).append(subject)
        for party, names in parties.items():
            grouped = len(names) // TOGETHER * TOGETHER
            for start in range(0, grouped, TOGETHER):
                group = names[start : start + TOGETHER]
                finding = self._of_group(said, group, party, [waiting[subject][-1] for subject in group])
                yield finding
                for subject in group:
                    members = waiting[subject]
                    alone = held.get(subject) or self._finding(said, subject, party, members)
                    yield replace(alone, ring=finding.subject.id)
                    for known in members:
                        known.waits.pop(said.firing.noted_in, None)
            yield from (replace(held[subject], ring=WAITS) for subject in names[grouped:] if subject in held)

    def _of_group(
        self, said: _Said, group: Sequence[Subject], party: Party, shown: Sequence[Member]
    ) -> Finding:
        """Return the finding about accounts that are told of together, a subject of these and of this moment.

        Whatever else they share says the same of the same subject, if it says so at the same moment.
        """
        *_, newest = group
        finding = self._finding(said, newest, party, shown)
        name = short_hash(said.rule.category, said.cell.time, *sorted(subject.id for subject in group))
        subject = Subject("group", f"{RING}{name}")
        return replace(finding, subject=subject, org_id=None, related=tuple(group))

    def _mode(self, rule: CrowdRule, trial: Trial[CrowdRule] | None, time_ms: int, party: Party) -> Mode:
        """Return for what a rule judges a party at a moment, Unix ms, by what is in force or by a trial."""
        if trial is None:
            return self._book.mode(rule.name, time_ms, *party)
        version = self._book.tried(trial.policy)
        return "shadow" if version is not None and rule.name in version.at(*party).live else "off"

    def _finding(self, said: _Said, subject: Subject, party: Party, shown: Sequence[Member]) -> Finding:
        """Return the finding about a subject, with the events of `shown`."""
        firing, rule, cell, one, rested = said
        reason = rule.reason(one)
        accounts = dict.fromkeys(known.account_id for known in rested if known.account_id is not None)
        related = [Subject("account", name) for name in accounts if name != subject.id]
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
            org_id=_org_of(subject, cell, rested),
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


def _wait(said: _Said, members: Sequence[Member]) -> None:
    """Let an account wait to be told of with others, from now on or since it does."""
    if not _do_wait(said, members):
        members[-1].waits[said.firing.noted_in] = said.cell.time


def _do_wait(said: _Said, members: Sequence[Member]) -> bool:
    """Return whether an account waits to be told of with others, by its members."""
    slot, now = said.firing.noted_in, said.cell.time
    return any(now - known.waits.get(slot, 0) < WAITS_MS for known in members)


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


def _org_of(subject: Subject, cell: Cell, rested: Sequence[Member]) -> str | None:
    """Return the organisation that a subject is, or that an account was seen in last; others have none."""
    if subject.type != "account":
        return cell.org_id if subject.type == "org" else None
    *_, last = (known for known in rested if known.account_id == subject.id)
    return last.org_id


def _subject(key: CrowdKey) -> Subject:
    """Return whom a finding about a crowd is about; what is no thing of its own is a group."""
    kind = _SUBJECTS.get(key.kind)
    if kind is None:
        return Subject("group", f"{key.kind}:{key.id}")
    return Subject(kind, key.id)  # type: ignore[arg-type]  # the types are those of a subject

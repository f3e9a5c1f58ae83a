"""Judging: from features to findings, with the events each one rests on."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from msgspec import UNSET
from numpy.typing import NDArray

from detector.alerts import NotEvaluated, Subject
from detector.categories import BITS, REQUESTS
from detector.clipping import clipped
from detector.enrich import Enricher, NetworkClass, Precision, prefix_of
from detector.events import SessionEvent
from detector.findings import Finding
from detector.policy import Book, Entitlements
from detector.policy.version import Party
from detector.rules import Features, Rule
from detector.rules.base import ALWAYS_OBSERVE, category_of
from detector.stages.evidence import Showing, unshown
from detector.stages.ledger import Ledger, Witness, witness
from detector.stages.masks import Mask
from detector.stages.order import Ordered
from detector.stages.plans import doubts_of_plan
from detector.stages.raised import heard, heard_apart
from detector.stages.rows import RowTable
from detector.stages.terms import Bench, Forms, Terms

ADDRESSED = ("datacenter_access", "credential_attack", "account_takeover", "ip_spoofing")
"""Categories whose rules rest on addresses, though not on places."""
ANONYMOUS = (NetworkClass.VPN, NetworkClass.TOR, NetworkClass.RELAY, NetworkClass.SATELLITE)
REBUILT_FOR_MS = 24 * 3_600_000
"""The longest window: so long after a loss of rows, something may be missing from it."""


class _Firing(NamedTuple):
    """A rule that is heard at a moment: its slot, the policy in shadow if it is one's, and its strength."""

    slot: int
    trial: str | None
    strength: float


class Judge:
    """Holds the rules against features; one for each shard."""

    def __init__(
        self,
        rules: Sequence[Rule],
        enricher: Enricher,
        topic: str,
        partition: int,
        *,
        book: Book,
        entitlements: Entitlements,
        mask: Mask,
        clients_told: bool = True,
    ) -> None:
        """`clients_told`: whether the platform said which clients are its own."""
        self._rules = rules
        self._book = book
        self._terms: Terms[Rule] = Terms(rules, book, layered=True)
        self._entitlements = entitlements
        self._enricher = enricher
        self._showing = Showing(enricher, topic, mask)
        self._partition = partition
        self._clients_told = clients_told
        self.rebuilt_ms = 0
        """Event time at which the rows began anew after a loss; 0 where none was lost."""

    def findings(
        self, ordered: Ordered, features: NDArray[np.void], table: RowTable[Ledger]
    ) -> list[Finding]:
        """Return what the rules found, in the order of events, and bring the ledgers up to each event.

        `features`: FEATURES, shape (n,), of the events; `table` holds their rows.
        """
        fired: dict[int, list[_Firing]] = {}
        bench = self._terms.bench(
            features,
            ordered.times,
            lambda place: self._party(ordered.events[place], int(ordered.times[place])),
        )
        for slot, trial, places, strengths in self._fired(bench, features, table):
            for place, strength in zip(places.tolist(), strengths.tolist(), strict=True):
                fired.setdefault(place, []).append(_Firing(slot, trial, strength))
        noted = np.flatnonzero((features["opened"] >= 0) | (features["failure"] >= 0)).tolist()
        findings = []
        for place in sorted({*noted, *fired}):
            row = int(features["row"][place])
            seen = witness(ordered.events[place], int(ordered.times[place]), int(ordered.offsets[place]))
            _note(table, row, features[place], seen)
            for firing in fired.get(place, ()):
                one = features[place : place + 1].view(np.recarray)[0]
                findings.append(self._finding(bench, firing, place, ordered.events[place], seen, one, table))
        return findings

    def _party(self, event: SessionEvent, time_ms: int) -> Party:
        """Return the product that an event used, and the plan of its account then."""
        return event.product, self._entitlements.plan_at(event.account_id, event.org_id, time_ms)

    def _fired(
        self, bench: Bench[Rule], features: NDArray[np.void], table: RowTable[Ledger]
    ) -> Iterator[tuple[int, str | None, NDArray[np.intp], NDArray[np.float64]]]:
        """Yield by slot, and by the policy in shadow if it is one's, where a rule is heard and how loud."""
        seen = bench.seen
        for slot, rule in enumerate(self._rules):
            strengths = bench.strengths(slot)
            if strengths is None:
                continue
            fired = strengths > 0.0
            if not fired.any():
                continue
            places = np.flatnonzero(fired & ((seen.excused & _bits(rule, seen)) == 0))
            if len(places):
                if rule.category not in REQUESTS:
                    shadow = bench.in_shadow(slot, places)
                    places = places[heard(places, strengths, features, table.rows, slot, shadow)]
                yield slot, None, places, strengths[places]
        for trial, strengths in bench.trials():
            excused = seen.excused & _bits(self._rules[trial.slot], seen)
            places = np.flatnonzero((strengths > 0.0) & (excused == 0))
            if len(places):
                if self._rules[trial.slot].category not in REQUESTS:
                    spare, since_ms = trial.spare, trial.since_ms
                    places = heard_apart(places, strengths, features, table.rows, spare, since_ms)
                yield trial.slot, trial.policy, places, strengths[places]

    def _finding(
        self,
        bench: Bench[Rule],
        firing: _Firing,
        place: int,
        event: SessionEvent,
        seen: Witness,
        one: Features,
        table: RowTable[Ledger],
    ) -> Finding:
        rule = bench.rule(firing.slot, place, firing.trial)
        strength = firing.strength
        reason = rule.reason(one)
        account = event.account_id
        product, plan = self._party(event, seen.time)
        product = clipped(product)
        rested = self._rested(rule, seen, one, table)
        how = self._book.at(seen.time, product, plan).addresses
        return Finding(
            time=seen.time,
            event_id=event.event_id,
            rule=rule.name,
            rule_version=rule.version,
            category=category_of(rule, seat=bool(one["seat"])),
            purpose=rule.purpose,
            subject=self._subject(event, one, strength),
            account_id=account,
            org_id=clipped(event.org_id),
            signal=reason.signal,
            value=float(reason.value),
            threshold=float(reason.threshold),
            strength=round(strength, 6),
            evidence=tuple(self._showing.show(known, self._partition, how) for known in rested),
            addresses=unshown(rested, how),
            not_evaluated=self._doubts(rule, bench.panel(place).everybody, one)
            + doubts_of_plan(self._book, plan, seen.time),
            enrichment=self._enricher.builds,
            product=product,
            plan=plan,
            trial=UNSET if firing.trial is None else firing.trial,
        )

    def _subject(self, event: SessionEvent, one: Features, strength: float) -> Subject:
        """Return whom a finding is about: an account, or the network that a visitor is known by.

        What is only noted of a verified crawler is noted of the network that announces its address: an
        operator's hundreds of addresses are one visitor. More than a note is about the address alone.
        """
        if event.account_id is not None:
            return Subject("account", event.account_id)
        if one["verified"] and strength <= ALWAYS_OBSERVE:
            asn = self._enricher.place(event.ip).asn
            if asn != 0:
                return Subject("network", f"asn:{asn}")
        return Subject("network", _network(event.ip))

    def _rested(self, rule: Rule, seen: Witness, one: Features, table: RowTable[Ledger]) -> list[Witness]:
        """Return the events that a finding rests on, in order."""
        ledger = table.ledger(int(one["row"]))
        if rule.slots == "failures":
            rested = [known for known in ledger.failures if known is not None]
        else:
            slots = int(one[rule.slots]) if rule.slots else 1 << max(0, int(one["current"]))
            rested = list(ledger.chosen(slots))
        chosen = {known.event_id: known for known in [*rested, seen]}
        return sorted(chosen.values(), key=lambda known: (known.time, known.event_id))

    def _doubts(self, rule: Rule, forms: Forms[Rule], one: Features) -> tuple[NotEvaluated, ...]:
        """Say what could not be judged about the event's place, and what a loss of rows left out."""
        codes = []
        if self.rebuilt_ms and one["time_ms"] - self.rebuilt_ms < REBUILT_FOR_MS:
            codes.append("rebuilt")
        if not self._clients_told and rule.category == "unauthorized_client":
            codes.append("unknown_clients")
        if rule.places and not one["proxied"]:
            codes += _doubts_of_place(one)
        doubts = tuple(NotEvaluated(rule.name, code) for code in codes)
        return doubts + _addressless(forms) if one["proxied"] else doubts


def _addressless(forms: Forms[Rule]) -> tuple[NotEvaluated, ...]:
    return tuple(
        NotEvaluated(rule.name, "unknown_proxy")
        for rule in forms
        if rule is not None and (rule.places or rule.category in ADDRESSED)
    )


def _bits(rule: Rule, seen: Features) -> NDArray[np.integer] | int:
    """Return the bit of the category of what a rule says of each moment."""
    of_account, of_seat = (BITS[category_of(rule, seat=seat)] for seat in (False, True))
    return of_account if of_seat == of_account else np.where(seen.seat > 0, of_seat, of_account)


def _doubts_of_place(one: Features) -> Iterator[str]:
    if one["network"] in ANONYMOUS:
        yield "anonymous_network"
    if one["precision"] == Precision.NONE:
        yield "missing_geo"
    elif one["precision"] < Precision.CITY:
        yield "low_precision"


def _note(table: RowTable[Ledger], row: int, one: Features, seen: Witness) -> None:
    if one["opened"] >= 0:
        table.write_ledger(row).sightings[one["opened"]] = seen
    if one["failure"] >= 0:
        table.write_ledger(row).failures[one["failure"]] = seen


def _network(ip: str) -> str:
    """Return the network a visitor is known by: an IPv4 address, or an IPv6 /64."""
    return prefix_of(ip) if ":" in ip else ip

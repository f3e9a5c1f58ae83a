"""Which form of each rule judges which moments, as the policy in force says for a product and a plan."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from detector.policy import Book, Policy
from detector.policy.version import Party, known
from detector.rules import Rule, Strengths
from detector.rules.crowds import CrowdRule
from detector.rules.moments import Moments

R = TypeVar("R", bound=Rule | CrowdRule)
Forms: TypeAlias = tuple[R | None, ...]
"""The catalogue's rules with a policy's parameters, by slot; None: the rule is off."""


class Trial(NamedTuple, Generic[R]):
    """A rule, by its slot, with the parameters of a policy in shadow that differ from those in force.

    `spare` is the slot in which rows remember what it said (`detector.policy.trial`), if that was since
    `since_ms`, Unix ms: before, the slot may have been another's.
    """

    policy: str
    since_ms: int
    slot: int
    spare: int
    form: R


class Panel(NamedTuple, Generic[R]):
    """Who judges a moment: the forms, the slots of those that are heard in shadow only, and trials beside."""

    forms: Forms[R]
    shadow: frozenset[int] = frozenset()
    trials: tuple[Trial[R], ...] = ()

    def trial(self, policy: str, slot: int) -> R:
        """Return the form of a slot's rule by a policy in shadow."""
        return next(each.form for each in self.trials if (each.policy, each.slot) == (policy, slot))

    @property
    def everybody(self) -> Forms[R]:
        """The rules that judge, for whomever, in whichever form."""
        if not self.trials:
            return self.forms
        tried: dict[int, R | None] = {each.slot: each.form for each in self.trials}
        return tuple(tried.get(slot) if form is None else form for slot, form in enumerate(self.forms))


class Bench(Generic[R]):
    """The panels that judge the moments of a batch; most often one for all of them.

    `owners`: the place in `panels` of each moment's, shape (n,); None where the first judges all.
    """

    def __init__(
        self, features: NDArray[np.void], panels: Sequence[Panel[R]], owners: NDArray[np.intp] | None
    ) -> None:
        self.seen = Moments(features)
        self._panels = panels
        self._owners = owners
        self._parts: list[tuple[Panel[R], NDArray[np.intp], Moments]] = []
        for owner in () if owners is None else np.unique(owners).tolist():
            places = np.flatnonzero(owners == owner)
            self._parts.append((panels[owner], places, Moments(features[places])))
        self._count = len(features)

    def strengths(self, slot: int) -> Strengths | None:
        """Return what a slot's rule says of each moment, 0 where it is off; None: it is off for all."""
        if self._owners is None:
            rule = self._panels[0].forms[slot]
            return None if rule is None else rule.check(self.seen)
        if all(panel.forms[slot] is None for panel, _, _ in self._parts):
            return None
        strengths = np.zeros(self._count)
        for panel, places, seen in self._parts:
            rule = panel.forms[slot]
            if rule is not None:
                strengths[places] = rule.check(seen)
        return strengths

    def trials(self) -> Iterator[tuple[Trial[R], Strengths]]:
        """Yield what rules say of each moment by policies in shadow, 0 where they say nothing.

        The form of a trial that is yielded need not be that of each moment: see `rule`.
        """
        if self._owners is None:
            yield from ((trial, trial.form.check(self.seen)) for trial in self._panels[0].trials)
            return
        said: dict[tuple[str, int], tuple[Trial[R], Strengths]] = {}
        for panel, places, seen in self._parts:
            for trial in panel.trials:
                key = (trial.policy, trial.slot)
                _, strengths = said.setdefault(key, (trial, np.zeros(self._count)))
                strengths[places] = trial.form.check(seen)
        yield from said.values()

    def panel(self, place: int) -> Panel[R]:
        """Return who judges one moment."""
        return self._panels[0 if self._owners is None else int(self._owners[place])]

    def in_shadow(self, slot: int, places: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Return of each place whether a slot's rule is heard in shadow only, shape of `places`."""
        shadow = np.array([slot in panel.shadow for panel in self._panels])
        return np.full(len(places), shadow[0]) if self._owners is None else shadow[self._owners[places]]

    def rule(self, slot: int, place: int, policy: str | None = None) -> R:
        """Return the form of a slot's rule that fired at a moment, by a policy in shadow or that in force."""
        panel = self.panel(place)
        if policy is not None:
            return panel.trial(policy, slot)
        rule = panel.forms[slot]
        if rule is None:
            raise ValueError(f"the rule of slot {slot} is off and cannot have fired")
        return rule


class Terms(Generic[R]):
    """The panels of a catalogue's rules for every time and layer of a book, alike ones once.

    `layered`: whether a moment has a product and a plan. Where it has none, a rule has its parameters from
    the general part, and is off where no layer wants it.
    """

    def __init__(self, rules: Sequence[R], book: Book, *, layered: bool) -> None:
        self._rules = rules
        self._book = book
        self._layered = layered
        self._turns: list[int] = []
        self._places: list[dict[Party, int]] = []
        """By turn, the place of each party's panel."""
        self._panels: list[Panel[R]] = []
        self._edition = -1

    def bench(
        self, features: NDArray[np.void], times: NDArray[np.int64], party: Callable[[int], Party]
    ) -> Bench[R]:
        """Return who judges the moments of a batch, `times` in order; `party` is asked where it matters."""
        self._keep_up()
        first, last = (self._turn_at(int(times[place])) for place in (0, -1))
        one_for_all = {place for turn in range(first, last + 1) for place in self._places[turn].values()}
        if len(one_for_all) == 1:
            return Bench(features, [self._panels[one_for_all.pop()]], None)
        owners = [self._owner(int(time), party(place)) for place, time in enumerate(times)]
        return Bench(features, self._panels, np.array(owners, np.intp))

    def _turn_at(self, time_ms: int) -> int:
        return bisect_right(self._turns, time_ms) - 1

    def _keep_up(self) -> None:
        """Work out the panels, where the book is another than it was."""
        if self._edition == self._book.edition:
            return
        self._edition = self._book.edition
        self._turns = self._book.turns
        self._places = []
        panels: dict[Panel[R], int] = {}
        for turn in self._turns:
            parties = self._book.parties(turn)
            asked = {party: [party] for party in parties} if self._layered else {(None, None): parties}
            self._places.append({})
            for party, wanting in asked.items():
                panel = _panel(self._rules, self._book, turn, party, wanting)
                self._places[-1][party] = panels.setdefault(panel, len(panels))
        self._panels = [*panels]

    def _owner(self, time_ms: int, party: Party) -> int:
        places = self._places[self._turn_at(time_ms)]
        return places[known(party, places)]


def _panel(rules: Sequence[R], book: Book, turn: int, party: Party, wanting: Sequence[Party]) -> Panel[R]:
    """Return who judges a party's moments from a turn on: the rules that any party in `wanting` wants."""
    policy = book.at(turn, *party)
    forms: list[R | None] = []
    shadow = set()
    for slot, rule in enumerate(rules):
        modes = {book.mode(rule.name, turn, *each) for each in wanting}
        forms.append(None if modes == {"off"} else _form(rule, policy))
        if "live" not in modes and "shadow" in modes:
            shadow.add(slot)
    return Panel(tuple(forms), frozenset(shadow), tuple(_trials(rules, book, turn, party, wanting)))


def _trials(
    rules: Sequence[R], book: Book, turn: int, party: Party, wanting: Sequence[Party]
) -> Iterator[Trial[R]]:
    for version in book.shadows_at(turn):
        own = book.own_rules(version, turn)
        for slot, rule in enumerate(rules):
            spare = own.get(rule.name)
            if spare is not None and any(rule.name in version.at(*each).live for each in wanting):
                form = _form(rule, version.at(*party))
                yield Trial(version.name, version.since_ms, slot, spare, form)


def _form(rule: R, policy: Policy) -> R:
    values: Any = rule  # a rule is a dataclass, which its protocol cannot say
    formed: R = replace(values, **policy.parameters.get(rule.name, {}))
    return formed

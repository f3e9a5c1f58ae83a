"""Which form of each rule judges which moments, as the policy in force says for a product and a plan."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from detector.policy import Book
from detector.policy.version import Party, known
from detector.rules import Rule, Strengths
from detector.rules.crowds import CrowdRule
from detector.rules.moments import Moments

R = TypeVar("R", bound=Rule | CrowdRule)
Forms: TypeAlias = tuple[R | None, ...]
"""The catalogue's rules with a policy's parameters, by slot; None: the rule is off."""


class Panel(NamedTuple, Generic[R]):
    """Who judges a moment: the forms, and the slots of those that are heard in shadow only."""

    forms: Forms[R]
    shadow: frozenset[int] = frozenset()


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
        self._parts: list[tuple[Forms[R], NDArray[np.intp], Moments]] = []
        for owner in () if owners is None else np.unique(owners).tolist():
            places = np.flatnonzero(owners == owner)
            self._parts.append((panels[owner].forms, places, Moments(features[places])))
        self._count = len(features)

    def strengths(self, slot: int) -> Strengths | None:
        """Return what a slot's rule says of each moment, 0 where it is off; None: it is off for all."""
        if self._owners is None:
            rule = self._panels[0].forms[slot]
            return None if rule is None else rule.check(self.seen)
        if all(forms[slot] is None for forms, _, _ in self._parts):
            return None
        strengths = np.zeros(self._count)
        for forms, places, seen in self._parts:
            rule = forms[slot]
            if rule is not None:
                strengths[places] = rule.check(seen)
        return strengths

    def forms(self, place: int) -> Forms[R]:
        """Return the forms that judge one moment."""
        return self._panels[0 if self._owners is None else int(self._owners[place])].forms

    def in_shadow(self, slot: int, places: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Return of each place whether a slot's rule is heard in shadow only, shape of `places`."""
        shadow = np.array([slot in panel.shadow for panel in self._panels])
        return np.full(len(places), shadow[0]) if self._owners is None else shadow[self._owners[places]]

    def rule(self, slot: int, place: int) -> R:
        """Return the form of a slot's rule that fired at a moment."""
        rule = self.forms(place)[slot]
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
        forms.append(None if modes == {"off"} else _form(rule, policy.parameters.get(rule.name, {})))
        if "live" not in modes and "shadow" in modes:
            shadow.add(slot)
    return Panel(tuple(forms), frozenset(shadow))


def _form(rule: R, parameters: dict[str, int | float]) -> R:
    values: Any = rule  # a rule is a dataclass, which its protocol cannot say
    formed: R = replace(values, **parameters)
    return formed

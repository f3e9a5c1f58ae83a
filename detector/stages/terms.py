"""Which form of each rule judges which moments, as the policy in force says for a product and a plan."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from detector.policy import Book, Policy
from detector.policy.book import Party, Version
from detector.rules import Rule, Strengths
from detector.rules.crowds import CrowdRule
from detector.rules.moments import Moments

R = TypeVar("R", bound=Rule | CrowdRule)
Forms: TypeAlias = tuple[R | None, ...]
"""The catalogue's rules with a policy's parameters, by slot; None: the rule is off."""


class Bench(Generic[R]):
    """The forms that judge the moments of a batch; most often one for all of them.

    `owners`: the place in `forms` of each moment's, shape (n,); None where the first judges all.
    """

    def __init__(
        self, features: NDArray[np.void], forms: Sequence[Forms[R]], owners: NDArray[np.intp] | None
    ) -> None:
        self.seen = Moments(features)
        self._forms = forms
        self._owners = owners
        self._parts: list[tuple[Forms[R], NDArray[np.intp], Moments]] = []
        for owner in () if owners is None else np.unique(owners).tolist():
            places = np.flatnonzero(owners == owner)
            self._parts.append((forms[owner], places, Moments(features[places])))
        self._count = len(features)

    def strengths(self, slot: int) -> Strengths | None:
        """Return what a slot's rule says of each moment, 0 where it is off; None: it is off for all."""
        if self._owners is None:
            rule = self._forms[0][slot]
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
        return self._forms[0 if self._owners is None else int(self._owners[place])]

    def rule(self, slot: int, place: int) -> R:
        """Return the form of a slot's rule that fired at a moment."""
        rule = self.forms(place)[slot]
        if rule is None:
            raise ValueError(f"the rule of slot {slot} is off and cannot have fired")
        return rule


class Terms(Generic[R]):
    """The forms of a catalogue's rules in every version and layer of a book, alike ones once.

    `layered`: whether a moment has a product and a plan. Where it has none, a rule has its parameters from
    the general part, and is off where no layer wants it.
    """

    def __init__(self, rules: Sequence[R], book: Book, *, layered: bool) -> None:
        self._rules = rules
        self._book = book
        self._layered = layered
        self._places: list[dict[Party, int]] = []
        """By version, the place of each party's forms."""
        self._forms: list[Forms[R]] = []
        self._edition = -1

    def bench(
        self, features: NDArray[np.void], times: NDArray[np.int64], party: Callable[[int], Party]
    ) -> Bench[R]:
        """Return who judges the moments of a batch, `times` in order; `party` is asked where it matters."""
        self._keep_up()
        first, last = (self._book.version_at(int(times[place])) for place in (0, -1))
        one_for_all = {
            place for version in range(first, last + 1) for place in self._places[version].values()
        }
        if len(one_for_all) == 1:
            return Bench(features, [self._forms[one_for_all.pop()]], None)
        owners = [self._owner(int(time), party(place)) for place, time in enumerate(times)]
        return Bench(features, self._forms, np.array(owners, np.intp))

    def _keep_up(self) -> None:
        """Work out the forms, where the book is another than it was."""
        if self._edition == self._book.edition:
            return
        self._edition = self._book.edition
        self._places = []
        forms: dict[Forms[R], int] = {}
        for version in self._book.versions:
            self._places.append({})
            for party, policies in _by_party(version, layered=self._layered).items():
                formed = tuple(_form(rule, policies) for rule in self._rules)
                self._places[-1][party] = forms.setdefault(formed, len(forms))
        self._forms = [*forms]

    def _owner(self, time_ms: int, party: Party) -> int:
        version = self._book.version_at(time_ms)
        places = self._places[version]
        return places[self._book.versions[version].known(*party)] if len(places) > 1 else places[None, None]


def _by_party(version: Version, *, layered: bool) -> dict[Party, Sequence[Policy]]:
    """Return by whose terms moments are judged: the first policy has the parameters, any may want a rule."""
    if layered:
        return {party: [policy] for party, policy in version.policies.items()}
    return {(None, None): [version.policies[None, None], *version.policies.values()]}


def _form(rule: R, policies: Sequence[Policy]) -> R | None:
    if all(policy.mode(rule.name) == "off" for policy in policies):
        return None
    values: Any = rule  # a rule is a dataclass, which its protocol cannot say
    formed: R = replace(values, **policies[0].parameters.get(rule.name, {}))
    return formed

"""A book of policies: versions with the moments from which they count, each with its layers.

Versions in shadow stand beside those in force, each from its own moment on and until its end.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product as pairs
from typing import Final, Self

from detector.policy.document import Mode
from detector.policy.model import Policy
from detector.policy.reading import PolicyError, Problem, Sheet
from detector.policy.structure import Wrong
from detector.policy.trial import other_parameters
from detector.policy.version import EVER, NEVER, Party, Version, in_shadow, since

PLANS: Final = frozenset({"trial", "member", "enterprise"})
"""Plans that are known whatever a policy says of them."""


@dataclass(slots=True)
class Book:
    """Versions in the order of their moments; the earliest that it was made of also counts before its own.

    `edition` grows with every change: what was worked out of the book is worked out anew. `shadows` are in
    shadow, each from its moment on and never before, in the order in which they were put in.
    """

    versions: tuple[Version, ...]
    shadows: tuple[Version, ...] = ()
    edition: int = 0
    _tried: dict[int, tuple[Version, ...]] = field(init=False, default_factory=dict, compare=False)
    """By the place of a version in force, those in shadow that can be tried beside it."""

    @classmethod
    def of(cls, sheets: Sequence[Sheet]) -> Self:
        """Return the book of files; raises `PolicyError` with everything that is wrong with them."""
        problems = [problem for sheet in sheets for problem in sheet.problems]
        problems = problems or [*_same_twice(sheets)] or [*_in_shadow_of_nothing(sheets)]
        if problems:
            raise PolicyError(problems)
        in_order = sorted(sheets, key=lambda sheet: since(sheet.tables))
        live, shadows = (
            tuple(Version.of(sheet.tables) for sheet in in_order if in_shadow(sheet.tables) is shadow)
            for shadow in (False, True)
        )
        book = cls(live, shadows)
        tried = (sheet for sheet in in_order if in_shadow(sheet.tables))
        for sheet, version in zip(tried, shadows, strict=True):
            problems += sheet.sorted(book.misfits(version))
        if problems:
            raise PolicyError(problems)
        return book

    def put(self, version: Version) -> None:
        """Take one more version in; of two from the same moment on, the one that came later holds."""
        first, known = self.versions[0], self.versions
        if version.since_ms < first.since_ms:
            known = (replace(first, since_ms=EVER), *known)  # what was in force before stays so
        place = bisect_right(known, version.since_ms, key=lambda each: each.since_ms)
        self.versions = (*known[:place], version, *known[place:])
        self._changed()

    def try_out(self, version: Version) -> None:
        """Take one more version in shadow in; where one of its name was tried already, that one stays."""
        if self.tried(version.name) is None:
            self.shadows = (*self.shadows, version)
            self._changed()

    def end(self, name: str, moment_ms: int) -> None:
        """Let a version in shadow, if there is one of that name, count no more from a moment on, Unix ms."""
        self.shadows = tuple(
            replace(each, until_ms=min(each.until_ms, moment_ms)) if each.name == name else each
            for each in self.shadows
        )
        self._changed()

    def tried(self, name: str) -> Version | None:
        """Return the version of a name that is, was or will be in shadow."""
        return next((each for each in self.shadows if each.name == name), None)

    def misfits(self, trial: Version) -> list[Wrong]:
        """Return what in a version in shadow cannot be tried beside those that are in force then."""
        wrong = (
            each
            for live in self.versions[self.version_at(trial.since_ms) :]
            for each in other_parameters(trial.tables, live.tables, f"version {live.name}")
        )
        return [*dict.fromkeys(wrong)]

    def _changed(self) -> None:
        self.edition += 1
        self._tried.clear()

    def version_at(self, time_ms: int) -> int:
        """Return the place of the version that is in force at a moment, Unix ms."""
        if len(self.versions) == 1:
            return 0
        return max(0, bisect_right(self.versions, time_ms, key=lambda version: version.since_ms) - 1)

    def at(self, time_ms: int, product: str | None = None, plan: str | None = None) -> Policy:
        """Return the policy in force at a moment, Unix ms, for a product and a plan."""
        return self.versions[self.version_at(time_ms)].at(product, plan)

    def knows_plan(self, plan: str | None, time_ms: int) -> bool:
        """Return whether a plan is none, a common one, or one that the version of a moment names."""
        if plan is None or plan in PLANS:
            return True
        return any(plan == known for _, known in self.versions[self.version_at(time_ms)].policies)

    def longest_quiet_ms(self, time_ms: int) -> int:
        """Return the longest time without findings after which the version of a moment closes a case."""
        return self.versions[self.version_at(time_ms)].longest_quiet_ms

    def shadows_at(self, time_ms: int) -> list[Version]:
        """Return the versions in shadow at a moment, Unix ms, if rules judge then with their parameters.

        What is in force under the same name is not tried out beside itself.
        """
        if not self.shadows:
            return []
        place = self.version_at(time_ms)
        if place not in self._tried:
            live = self.versions[place]
            self._tried[place] = tuple(
                each
                for each in self.shadows
                if each.name != live.name and not any(other_parameters(each.tables, live.tables, ""))
            )
        return [each for each in self._tried[place] if each.since_ms <= time_ms < each.until_ms]

    def mode(self, rule: str, time_ms: int, product: str | None = None, plan: str | None = None) -> Mode:
        """Return for what a rule judges a moment, Unix ms: `shadow` where nothing that is live hears it."""
        mode = self.at(time_ms, product, plan).mode(rule)
        heard = any(rule in version.at(product, plan).live for version in self.shadows_at(time_ms))
        return "shadow" if mode == "off" and heard else mode

    @property
    def turns(self) -> list[int]:
        """The moments, Unix ms, in order, from which on something else is in force or in shadow."""
        begun = (each.since_ms for each in (*self.versions[1:], *self.shadows))
        return sorted({EVER, *begun, *(each.until_ms for each in self.shadows if each.until_ms != NEVER)})

    def parties(self, time_ms: int) -> list[Party]:
        """Return every product and plan that is known at a moment, with each other and with none."""
        versions = (self.versions[self.version_at(time_ms)], *self.shadows_at(time_ms))
        named = [party for version in versions for party in version.policies]
        return [*pairs(*(dict.fromkeys(names) for names in zip(*named, strict=True)))]


def _in_shadow_of_nothing(sheets: Sequence[Sheet]) -> Iterator[Problem]:
    """Yield files in shadow where none is in force."""
    if all(in_shadow(sheet.tables) for sheet in sheets):
        said = "is in shadow of nothing: name the policy in force as well"
        yield from (sheet.problem(Wrong(("mode",), said)) for sheet in sheets)


def _same_twice(sheets: Sequence[Sheet]) -> Iterator[Problem]:
    """Yield versions with the name of one before them, and those in force with the date of one."""
    for key, message in (
        ("version", "is the version of {} too: two versions need two names"),
        ("effective", "is the date of {} too: two versions need two dates"),
    ):
        first: dict[object, Sheet] = {}
        for sheet in sheets:
            if key == "effective" and in_shadow(sheet.tables):
                continue
            before = first.setdefault(sheet.tables.get(key), sheet)
            if before is sheet:
                continue
            if key in sheet.tables:
                yield sheet.problem(Wrong((key,), message.format(before.file)))
            else:
                yield sheet.problem(
                    Wrong((key,), f"is missing, as in {before.file}: two versions need two dates")
                )

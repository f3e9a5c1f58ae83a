"""A book of policies: versions with the moments from which they count, each with its layers.

Versions in shadow stand beside those in force, each from its own moment on and until its end.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product as pairs
from typing import Final, Self

from detector.policy.document import Mode
from detector.policy.model import Ends, Policy
from detector.policy.reading import PolicyError, Problem, Sheet
from detector.policy.structure import Wrong
from detector.policy.trial import SpareSlots, no_room, own_rules
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
    _own: dict[tuple[int, str], dict[str, int | None]] = field(
        init=False, default_factory=dict, compare=False
    )
    """By the place of a version in force and the name of one in shadow: see `own_rules`."""
    _spare: SpareSlots = field(init=False, default_factory=SpareSlots, compare=False)

    def __post_init__(self) -> None:
        """Find room for what is judged by the parameters of versions in shadow."""
        self._find_room()

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
            problems += sheet.sorted(book.without_room(version))
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

    def without_room(self, trial: Version) -> list[Wrong]:
        """Return which rules of a version in shadow cannot be judged by its parameters beside all others."""
        places = self._beside(trial)
        rules = dict.fromkeys(
            rule for place in places for rule, slot in self._own_at(place, trial).items() if slot is None
        )
        return [no_room(trial, rule) for rule in rules]

    def own_rules(self, trial: Version, time_ms: int) -> dict[str, int | None]:
        """Return the rules that a version in shadow judges by parameters of its own at a moment, Unix ms.

        Each with the spare slot in which rows remember it (`detector.policy.trial`), None: there is no room.
        """
        return self._own_at(self.version_at(time_ms), trial)

    def _own_at(self, place: int, trial: Version) -> dict[str, int | None]:
        key = (place, trial.name)
        if key not in self._own:
            rules = own_rules(trial, self.versions[place])
            self._own[key] = {rule: self._spare.of(trial, rule) for rule in rules}
        return self._own[key]

    def _beside(self, trial: Version) -> range:
        """Return the places of the versions beside which one in shadow is tried."""
        end = bisect_left(self.versions, trial.until_ms, key=lambda version: version.since_ms)
        return range(self.version_at(trial.since_ms), max(end, 1))

    def _changed(self) -> None:
        self.edition += 1
        self._find_room()

    def _find_room(self) -> None:
        self._own.clear()
        for trial in self.shadows:
            for place in self._beside(trial):
                for rule in own_rules(trial, self.versions[place]):
                    self._spare.give(trial, rule, self.shadows)

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

    def latest_ends(self, time_ms: int) -> Ends:
        """Return when the version of a moment closes a case at the latest."""
        return self.versions[self.version_at(time_ms)].latest_ends

    def shadows_at(self, time_ms: int) -> list[Version]:
        """Return the versions in shadow at a moment, Unix ms, where there is room for all their own rules.

        What is in force under the same name is not tried out beside itself.
        """
        if not self.shadows:
            return []
        place = self.version_at(time_ms)
        return [
            each
            for each in self.shadows
            if each.since_ms <= time_ms < each.until_ms
            and each.name != self.versions[place].name
            and None not in self._own_at(place, each).values()
        ]

    def mode(self, rule: str, time_ms: int, product: str | None = None, plan: str | None = None) -> Mode:
        """Return for what a rule judges a moment, Unix ms: `shadow` where nothing that is live hears it."""
        mode = self.at(time_ms, product, plan).mode(rule)
        if mode != "off":
            return mode
        heard = (
            rule in version.at(product, plan).live and rule not in self.own_rules(version, time_ms)
            for version in self.shadows_at(time_ms)
        )
        return "shadow" if any(heard) else mode

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

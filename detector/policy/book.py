"""A book of policies: versions with the moments from which they count, each with its layers.

Versions in shadow stand beside those in force, each from its own moment on.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product as pairs
from typing import Any, Final, Self, TypeAlias

from msgspec import UnsetType

from detector.moments import instant_ms
from detector.policy import document
from detector.policy.document import General, Mode, Tables
from detector.policy.layers import combinations, resolved
from detector.policy.model import Policy, Said, Step
from detector.policy.names import CATALOGUE, parameter
from detector.policy.reading import PolicyError, Problem, Sheet
from detector.policy.structure import Wrong
from detector.policy.trial import other_parameters
from detector.values import duration_ms

Party: TypeAlias = tuple[str | None, str | None]
"""A product and a plan."""
PLANS: Final = frozenset({"trial", "member", "enterprise"})
"""Plans that are known whatever a policy says of them."""
EVER: Final = -(2**62)
"""From when on a version without a date counts, Unix ms."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version: from when on it counts, Unix ms, its file, and what holds for each party it knows.

    `policies` has the general part first, under (None, None).
    """

    since_ms: int
    tables: Tables
    policies: dict[Party, Policy]
    longest_quiet_ms: int = field(init=False, default=0)
    """The longest time without findings after which it closes a case, whoever's."""

    def __post_init__(self) -> None:
        """Work out what is asked for every case, once."""
        longest = max(each.quiet_ms for each in self.policies.values())
        object.__setattr__(self, "longest_quiet_ms", longest)

    @classmethod
    def of(cls, tables: Tables, since_ms: int | None = None) -> Self:
        """Return the version of tables that were checked; from `since_ms` on, None: from their own date."""
        return cls(
            since(tables) if since_ms is None else since_ms,
            tables,
            {party: policy(resolved(tables, *party)) for party in combinations(tables)},
        )

    def at(self, product: str | None, plan: str | None) -> Policy:
        """Return what holds for a product and a plan; of one it does not know, what holds in general."""
        return self.policies[self.known(product, plan)]

    def known(self, product: str | None, plan: str | None) -> Party:
        """Return a product and a plan, None in the place of one that the version does not know."""
        return known((product, plan), self.policies)

    @property
    def name(self) -> str:
        """What its file calls it."""
        return self.policies[None, None].version


def known(party: Party, parties: Mapping[Party, Any]) -> Party:
    """Return a product and a plan, None in the place of one that is not among `parties`."""
    product = party[0] if (party[0], None) in parties else None
    return product, party[1] if (product, party[1]) in parties else None


def since(tables: Tables) -> int:
    """Return from when on a file counts, Unix ms."""
    effective = tables.get("effective")
    return EVER if effective is None else instant_ms(effective)


def in_shadow(tables: Tables) -> bool:
    """Return whether a file is in shadow."""
    return bool(tables.get("mode") == "shadow")


@dataclass(slots=True)
class Book:
    """Versions in the order of their moments; the earliest that it was made of also counts before its own.

    `edition` grows whenever one is put in: what was worked out of the book is worked out anew. `shadows` are
    in shadow, each from its moment on and never before.
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
        problems = problems or [*_same_twice(sheets)] or [*_not_tried(sheets)]
        if problems:
            raise PolicyError(problems)
        in_order = sorted(sheets, key=lambda sheet: since(sheet.tables))
        live, shadows = (
            tuple(Version.of(sheet.tables) for sheet in in_order if in_shadow(sheet.tables) is shadow)
            for shadow in (False, True)
        )
        return cls(live, shadows)

    def put(self, version: Version) -> None:
        """Take one more version in; of two from the same moment on, the one that came later holds."""
        first, known = self.versions[0], self.versions
        if version.since_ms < first.since_ms:
            known = (replace(first, since_ms=EVER), *known)  # what was in force before stays so
        place = bisect_right(known, version.since_ms, key=lambda each: each.since_ms)
        self.versions = (*known[:place], version, *known[place:])
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
        """Return the versions in shadow at a moment, Unix ms, if rules judge then with their parameters."""
        if not self.shadows:
            return []
        place = self.version_at(time_ms)
        if place not in self._tried:
            live = self.versions[place].tables
            fit = (each for each in self.shadows if not any(other_parameters(each.tables, live, "")))
            self._tried[place] = tuple(fit)
        return [version for version in self._tried[place] if version.since_ms <= time_ms]

    def mode(self, rule: str, time_ms: int, product: str | None = None, plan: str | None = None) -> Mode:
        """Return for what a rule judges a moment, Unix ms: `shadow` where nothing that is live hears it."""
        mode = self.at(time_ms, product, plan).mode(rule)
        heard = any(rule in version.at(product, plan).live for version in self.shadows_at(time_ms))
        return "shadow" if mode == "off" and heard else mode

    @property
    def turns(self) -> list[int]:
        """The moments, Unix ms, in order, from which on something else is in force or in shadow."""
        return sorted({EVER, *(each.since_ms for each in (*self.versions[1:], *self.shadows))})

    def parties(self, time_ms: int) -> list[Party]:
        """Return every product and plan that is known at a moment, with each other and with none."""
        versions = (self.versions[self.version_at(time_ms)], *self.shadows_at(time_ms))
        named = [party for version in versions for party in version.policies]
        return [*pairs(*(dict.fromkeys(names) for names in zip(*named, strict=True)))]


def policy(tables: Tables) -> Policy:
    """Return tables that were checked, and whose layers were joined, as a policy."""
    said = document.general(tables)
    return Policy(
        version=said.version,
        agreements=tuple((instant_ms(one.effective), one.version) for one in said.agreements),
        weights={name: rule.weight for name, rule in said.rules.items()},
        modes={name: rule.mode for name, rule in said.rules.items() if rule.mode != "live"},
        facts={name: rule.fact for name, rule in said.rules.items() if isinstance(rule.fact, str)},
        caps={
            name: said.caps[rule.evidence]
            for name, rule in said.rules.items()
            if isinstance(rule.evidence, str)
        },
        parameters=_parameters(said),
        enforce=_ladder(said.ladders.enforce),
        protect=_ladder(said.ladders.protect),
        own={name: _ladder(steps) for name, steps in said.ladders.own.items()},
        half_life_ms=duration_ms(said.half_life),
        cooldown_ms=duration_ms(said.cooldown),
        quiet_ms=duration_ms(said.quiet),
        grace_ms=duration_ms(said.grace),
        addresses=said.privacy.addresses,
        notices=_sentences(said.notices),
        notices_of_organisations={
            name: {"zh": one.organisation.zh, "en": one.organisation.en}
            for name, one in said.notices.items()
            if isinstance(one.organisation, document.Sentences)
        },
        consequences={
            "enforce": _sentences(said.consequences.enforce),
            "protect": _sentences(said.consequences.protect),
        },
    )


def _parameters(said: General) -> dict[str, dict[str, int | float]]:
    return {
        name: dict(parameter(CATALOGUE[name], key, value) for key, value in rule.parameters.items())
        for name, rule in said.rules.items()
        if rule.parameters
    }


def _ladder(steps: Iterable[document.Step]) -> tuple[Step, ...]:
    return tuple(
        Step(
            step.score,
            step.action,
            step.severity,
            _duration(step.lasts),
            step.approval,
            step.after if isinstance(step.after, str) else None,
            _duration(step.until_quiet),
        )
        for step in steps
    )


def _duration(text: str | UnsetType) -> int | None:
    return duration_ms(text) if isinstance(text, str) else None


def _sentences(said: Mapping[str, document.Sentences]) -> dict[str, Said]:
    return {name: {"zh": one.zh, "en": one.en} for name, one in said.items()}


def _not_tried(sheets: Sequence[Sheet]) -> Iterator[Problem]:
    """Yield what cannot be tried in shadow beside the versions in force from then on."""
    live = sorted(
        (sheet for sheet in sheets if not in_shadow(sheet.tables)), key=lambda one: since(one.tables)
    )
    for sheet in sheets:
        if not in_shadow(sheet.tables):
            continue
        if not live:
            yield sheet.problem(Wrong(("mode",), "is in shadow of nothing: name the policy in force as well"))
            continue
        first = max(0, bisect_right(live, since(sheet.tables), key=lambda one: since(one.tables)) - 1)
        wrong = (
            each for one in live[first:] for each in other_parameters(sheet.tables, one.tables, one.file)
        )
        yield from sheet.sorted(dict.fromkeys(wrong))


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

"""A book of policies: versions with the moments from which they count, each with its layers."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Self, TypeAlias

from msgspec import UnsetType

from detector.moments import instant_ms
from detector.policy import document
from detector.policy.document import General, Tables
from detector.policy.layers import combinations, resolved
from detector.policy.model import Policy, Said, Step
from detector.policy.names import CATALOGUE, parameter
from detector.policy.reading import PolicyError, Problem, Sheet
from detector.policy.structure import Wrong
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
        effective = tables.get("effective")
        own = EVER if effective is None else instant_ms(effective)
        return cls(
            own if since_ms is None else since_ms,
            tables,
            {party: policy(resolved(tables, *party)) for party in combinations(tables)},
        )

    def at(self, product: str | None, plan: str | None) -> Policy:
        """Return what holds for a product and a plan; of one it does not know, what holds in general."""
        return self.policies[self.known(product, plan)]

    def known(self, product: str | None, plan: str | None) -> Party:
        """Return a product and a plan, None in the place of one that the version does not know."""
        product = product if (product, None) in self.policies else None
        return product, plan if (product, plan) in self.policies else None


@dataclass(slots=True)
class Book:
    """Versions in the order of their moments; the earliest that it was made of also counts before its own.

    `edition` grows whenever one is put in: what was worked out of the book is worked out anew.
    """

    versions: tuple[Version, ...]
    edition: int = 0

    @classmethod
    def of(cls, sheets: Sequence[Sheet]) -> Self:
        """Return the book of files; raises `PolicyError` with everything that is wrong with them."""
        problems = [problem for sheet in sheets for problem in sheet.problems] or [*_same_twice(sheets)]
        if problems:
            raise PolicyError(problems)
        versions = (Version.of(sheet.tables) for sheet in sheets)
        return cls(tuple(sorted(versions, key=lambda version: version.since_ms)))

    def put(self, version: Version) -> None:
        """Take one more version in; of two from the same moment on, the one that came later holds."""
        first, known = self.versions[0], self.versions
        if version.since_ms < first.since_ms:
            known = (replace(first, since_ms=EVER), *known)  # what was in force before stays so
        place = bisect_right(known, version.since_ms, key=lambda each: each.since_ms)
        self.versions = (*known[:place], version, *known[place:])
        self.edition += 1

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


def _same_twice(sheets: Sequence[Sheet]) -> Iterator[Problem]:
    """Yield versions with the name or the date of one before them."""
    for key, message in (
        ("version", "is the version of {} too: two versions need two names"),
        ("effective", "is the date of {} too: two versions need two dates"),
    ):
        first: dict[object, Sheet] = {}
        for sheet in sheets:
            known = first.setdefault(sheet.tables.get(key), sheet)
            if known is sheet:
                continue
            if key in sheet.tables:
                yield sheet.problem(Wrong((key,), message.format(known.file)))
            else:
                yield sheet.problem(
                    Wrong((key,), f"is missing, as in {known.file}: two versions need two dates")
                )

"""A version of a policy: its file, what holds for each product and plan it knows, and when it counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self, TypeAlias

from msgspec import UnsetType

from detector.moments import instant_ms
from detector.policy import document
from detector.policy.document import General, Tables
from detector.policy.layers import combinations, resolved
from detector.policy.model import Ends, Policy, Retention, Said, Step
from detector.policy.names import CATALOGUE, parameter
from detector.values import duration_ms

Party: TypeAlias = tuple[str | None, str | None]
"""A product and a plan."""
EVER: Final = -(2**62)
"""From when on a version without a date counts, Unix ms."""
NEVER: Final = 2**62
"""Until when a version counts whose end is not known, Unix ms."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version: from when on it counts, Unix ms, its file, and what holds for each party it knows.

    `policies` has the general part first, under (None, None). `until_ms`: before when, where it is in shadow;
    one in force counts until the next does.
    """

    since_ms: int
    tables: Tables
    policies: dict[Party, Policy]
    until_ms: int = NEVER
    latest_ends: Ends = field(init=False, default=Ends(0, 0))
    """When it closes a case at the latest, whoever's."""

    def __post_init__(self) -> None:
        """Work out what is asked for every case, once."""
        ends = [each.ends for each in self.policies.values()]
        latest = Ends(max(each.quiet_ms for each in ends), max(each.steps_ms for each in ends))
        object.__setattr__(self, "latest_ends", latest)

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
        organisation=_ladder(said.ladders.organisation or ()),
        own={name: _ladder(steps) for name, steps in said.ladders.own.items()},
        half_life_ms=duration_ms(said.half_life),
        cooldown_ms=duration_ms(said.cooldown),
        quiet_ms=duration_ms(said.quiet),
        grace_ms=duration_ms(said.grace),
        addresses=said.privacy.addresses,
        retention=Retention(
            windows_ms=duration_ms(said.retention.windows),
            uses_ms=duration_ms(said.retention.uses),
            steps_ms=duration_ms(said.retention.steps),
        ),
        notices=_sentences(said.notices),
        notices_otherwise={
            "organisation": _sentences({name: one.organisation for name, one in said.notices.items()}),
            "source": _sentences({name: one.source for name, one in said.notices.items()}),
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


def _sentences(said: Mapping[str, document.Sentences | UnsetType]) -> dict[str, Said]:
    return {
        name: {"zh": one.zh, "en": one.en}
        for name, one in said.items()
        if isinstance(one, document.Sentences)
    }

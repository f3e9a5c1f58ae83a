"""What rules judge otherwise by a policy in shadow than by the one in force, and where rows remember it.

A row remembers of each rule when it was heard last, in a slot of its own, so that it need not be heard twice
within the hour. It has more slots than there are rules. A rule that a policy in shadow judges by parameters
of its own has one of these, from the last one down, which nothing that is live ever reads.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from detector.policy.document import Tables
from detector.policy.names import CATALOGUE, AnyRule, parameters_of
from detector.policy.structure import Wrong
from detector.policy.toml_lines import Path
from detector.policy.version import Version
from detector.rules import RULES
from detector.rules.crowds.catalog import RULES_OF_FAMILIES
from detector.windows.crowds import layout as crowds
from detector.windows.layout import RULE_SLOTS


class _Kind(NamedTuple):
    """Rules that share rows, and how many slots such a row has."""

    rules: tuple[str, ...]
    slots: int

    @property
    def spare(self) -> range:
        """The slots that no rule has, the last one first."""
        return range(self.slots - 1, len(self.rules) - 1, -1)


def _kind(rules: Iterable[AnyRule], slots: int) -> _Kind:
    return _Kind(tuple(rule.name for rule in rules), slots)


_KINDS: Final = (
    _kind(RULES, RULE_SLOTS),
    *(_kind(rules, crowds.RULE_SLOTS) for rules in RULES_OF_FAMILIES),
)
_KIND_OF: Final = {name: kind for kind in _KINDS for name in kind.rules}


def own_rules(trial: Version, live: Version) -> list[str]:
    """Return the rules that have other parameters in a version in shadow, in the catalogue's order."""
    parties = [
        (product, plan)
        for product in dict.fromkeys(product for each in (trial, live) for product, _ in each.policies)
        for plan in dict.fromkeys(plan for each in (trial, live) for _, plan in each.policies)
    ]
    pairs = [(trial.at(*party).parameters, live.at(*party).parameters) for party in parties]
    return [
        name
        for name, rule in CATALOGUE.items()
        if any(
            parameters_of(rule) | own.get(name, {}) != parameters_of(rule) | other.get(name, {})
            for own, other in pairs
            if own.get(name) != other.get(name)
        )
    ]


class SpareSlots:
    """The spare slots that rules of versions in shadow have; whoever has one keeps it.

    Versions that are never in shadow at once may have the same.
    """

    def __init__(self) -> None:
        self._slots: dict[tuple[str, str], int] = {}

    def of(self, trial: Version, rule: str) -> int | None:
        """Return the slot of a version's rule; None: there was no room for it."""
        return self._slots.get((trial.name, rule))

    def give(self, trial: Version, rule: str, shadows: Iterable[Version]) -> None:
        """Give a version's rule a slot that no other of `shadows` has meanwhile, if there is one."""
        kind = _KIND_OF[rule]
        beside = [each for each in shadows if _meet(each, trial)]
        taken = {self._slots.get((each.name, other)) for each in beside for other in kind.rules}
        slot = next((slot for slot in kind.spare if slot not in taken), None)
        if slot is not None:
            self._slots.setdefault((trial.name, rule), slot)


def _meet(one: Version, other: Version) -> bool:
    return one.since_ms < other.until_ms and other.since_ms < one.until_ms


def no_room(trial: Version, rule: str) -> Wrong:
    """Say that a rule of a version in shadow has no slot."""
    spare = len(_KIND_OF[rule].spare)
    return Wrong(
        _place(trial.tables, rule),
        f"has other parameters than in force, and rows have room for {spare} such rules of its kind, of all "
        "policies in shadow together: try fewer at once, or on history with `detector replay --policy`",
    )


def _place(tables: Tables, rule: str) -> Path:
    """Return where a rule's parameters stand, the general part first; else the rule."""
    layers = ((kind, name) for kind in ("products", "plans") for name in tables.get(kind, {}))
    paths: list[Path] = [(), *layers]
    for path in paths:
        layer = tables if not path else tables[str(path[0])][path[1]]
        if layer.get("rules", {}).get(rule, {}).get("parameters"):
            return (*path, "rules", rule, "parameters")
    return ("rules", rule)

"""How far rules lead: which steps they can reach at all, with all that may join them in a case."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf, prod
from typing import Final

from detector.policy.document import LADDERS, Tables
from detector.policy.model import ACTIONS, Policy
from detector.policy.names import CATALOGUE, AnyRule
from detector.policy.structure import Wrong
from detector.policy.toml_lines import Path
from detector.rules.base import OF_ONE_PERSON
from detector.rules.crowds import CROWD_RULES

_ROUNDING: Final = 1e-9
_OF_ORGANISATIONS: Final = frozenset(
    rule.name for rule in CROWD_RULES if rule.accuses == "crowd" and "organisation" in rule.kinds
)
"""Rules whose findings are about an organisation as a whole."""


def rule_counts_never(rule: AnyRule, joined: Policy, path: Path) -> Iterator[Wrong]:
    """Yield that a live rule reaches no step, not even with all that may join it in a case."""
    if rule.name not in joined.live:
        return
    if joined.weights[rule.name] == 0:
        yield Wrong(path, "0 never counts: `mode` turns a rule off, or puts it in shadow")
        return
    reach = [
        (_most(category, rule, joined), _least(category, rule, joined)) for category in _categories(rule)
    ]
    if all(least == inf for _, least in reach):
        yield Wrong(path, f"reaches no step: there is none up to `{joined.caps[rule.name]}`, its cap")
    elif all(most < least for most, least in reach):
        most, least = reach[0]
        yield Wrong(
            path,
            f"reaches no step: with all that may join it {most:.2f}, and the lowest takes {least:.2f}",
        )


def steps_never_taken(ladders: Tables, path: Path, joined: Policy) -> Iterator[Wrong]:
    """Yield the steps of ladders to which no rule leads, or only with a higher score than there is."""
    for name in LADDERS:
        cases = {
            category: [rule for rule in CATALOGUE.values() if _climbs(rule, name, category, joined)]
            for category in _all_categories()
        }
        yield from _beyond(ladders.get(name, ()), (*path, name), cases, joined)
    for category, steps in ladders.get("own", {}).items():
        rules = [rule for rule in CATALOGUE.values() if category in _categories(rule)]
        yield from _beyond(steps, (*path, "own", category), {category: rules}, joined)


def _beyond(
    steps: Sequence[Tables], path: Path, cases: Mapping[str, Sequence[AnyRule]], joined: Policy
) -> Iterator[Wrong]:
    """Yield which steps of a ladder no case comes to; `cases` has the rules of those that climb it."""
    for place, step in enumerate(steps):
        gravity = ACTIONS.index(step["action"])
        able = {
            category: [
                rule.name
                for rule in rules
                if rule.name in joined.live and joined.gravest(rule.name) >= gravity
            ]
            for category, rules in cases.items()
        }
        most = max((_joined(names, joined) for names in able.values()), default=0.0)
        if not any(able.values()):
            capped = {joined.caps.get(rule.name) for rules in cases.values() for rule in rules}
            caps = sorted(filter(None, capped), key=ACTIONS.index)
            why = f"all that leads here is capped ({', '.join(caps)})" if caps else "no live rule leads here"
            yield Wrong((*path, place, "action"), f"the step is never taken: {why}")
        elif most + _ROUNDING < step["score"] <= 1:
            yield Wrong(
                (*path, place, "score"), f"the step is never taken: no case comes to more than {most:.2f}"
            )


def _climbs(rule: AnyRule, ladder: str, category: str, joined: Policy) -> bool:
    """Return whether a rule's cases of a category climb a general ladder."""
    if category not in _categories(rule):
        return False
    if ladder == "organisation":
        return rule.name in _OF_ORGANISATIONS
    return rule.purpose == ladder and category not in joined.own


def _all_categories() -> Iterable[str]:
    return dict.fromkeys(category for rule in CATALOGUE.values() for category in _categories(rule))


def _categories(rule: AnyRule) -> tuple[str, ...]:
    """Return the categories of the cases to which a rule's findings go; see `category_of`."""
    return (rule.category, "seat_sharing") if rule.category in OF_ONE_PERSON else (rule.category,)


def _least(category: str, rule: AnyRule, joined: Policy) -> float:
    ladder = joined.ladder(category, rule.purpose, "org" if rule.name in _OF_ORGANISATIONS else "account")
    gravest = joined.gravest(rule.name)
    return min((step.score for step in ladder if step.gravity <= gravest), default=inf)


def _most(category: str, rule: AnyRule, joined: Policy) -> float:
    """Return the score of a rule's case of a category in which every live rule is as strong as it gets."""
    of_organisations = rule.name in _OF_ORGANISATIONS
    return _joined(
        [
            name
            for name in joined.live
            if category in _categories(CATALOGUE[name]) and (name in _OF_ORGANISATIONS) == of_organisations
        ],
        joined,
    )


def _joined(rules: Iterable[str], joined: Policy) -> float:
    facts: dict[str, float] = {}
    for name in rules:
        fact = joined.facts.get(name, name)
        facts[fact] = max(facts.get(fact, 0.0), joined.weights[name])
    return 1.0 - prod(1.0 - weight for weight in facts.values())

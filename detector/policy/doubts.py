"""What is allowed in a policy and hardly meant: what never happens, always does, or contradicts itself."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import inf, prod

from detector.policy.document import LADDERS, Action, Tables
from detector.policy.layers import resolved
from detector.policy.model import ACTIONS, HABITS_MS, Policy
from detector.policy.names import CATALOGUE, AnyRule
from detector.policy.reading import Problem, Sheet, dotted
from detector.policy.structure import Wrong
from detector.policy.toml_lines import Path
from detector.policy.version import in_shadow, policy, since
from detector.rules.base import OF_ONE_PERSON
from detector.values import duration_ms, duration_text


def doubts(sheets: Sequence[Sheet]) -> list[Problem]:
    """Return the doubts about files that have no mistakes, in their order and that of their lines."""
    found = [problem for sheet in sheets for problem in sheet.sorted(dict.fromkeys(_of(sheet.tables)))]
    return found + list(_dates(sheets))


def _of(tables: Tables) -> Iterator[Wrong]:
    yield from _of_layer(tables, (), policy(resolved(tables)))
    yield from _off_everywhere(tables)
    yield from _twice_in_shadow(tables)
    yield from _forgotten_early(tables.get("retention", {}))
    for name, layer in tables.get("products", {}).items():
        yield from _of_layer(layer, ("products", name), policy(resolved(tables, name, None)))
    for name, layer in tables.get("plans", {}).items():
        yield from _of_layer(layer, ("plans", name), policy(resolved(tables, None, name)))


def _of_layer(said: Tables, path: Path, joined: Policy) -> Iterator[Wrong]:
    """Yield the doubts about what one layer says, `joined` with what lies below it."""
    ladders = said.get("ladders", {})
    for name in LADDERS:
        yield from _steps(ladders.get(name, ()), (*path, "ladders", name))
    for category, steps in ladders.get("own", {}).items():
        yield from _steps(steps, (*path, "ladders", "own", category))
    if joined.cooldown_ms > joined.quiet_ms and ("cooldown" in said or "quiet" in said):
        yield Wrong((*path, "cooldown"), "is longer than `quiet`: the case is closed before it is over")
    for name in CATALOGUE if ladders and path else said.get("rules", {}):
        yield from _never_counts(CATALOGUE[name], joined, (*path, "rules", name, "weight"))


def _steps(steps: Sequence[Tables], path: Path) -> Iterator[Wrong]:
    for place, step in enumerate(steps):
        score, here = step["score"], (*path, place, "score")
        if score > 1:
            yield Wrong(here, "no score is above 1: the step is never taken")
        if score == 0:
            yield Wrong(here, "every finding reaches 0: the step is always taken")
        shadows = [later for later, other in enumerate(steps) if later > place and _is_easier(other, step)]
        if shadows:
            yield Wrong(here, f"the step is never taken: {dotted((*path, shadows[0]))} has no higher score")
        if "after" in step and not any(_leads_to(other, step["after"]) for other in steps[:place]):
            yield Wrong((*path, place, "after"), f"no step before leads to `{step['after']}`")
    for place, (before, after) in enumerate(pairwise(steps), start=1):
        if after["score"] > before["score"] and _gravity(after) < _gravity(before):
            yield Wrong(
                (*path, place, "action"),
                f"`{after['action']}` is milder than `{before['action']}`, which takes a lower score",
            )


def _is_easier(other: Tables, step: Tables) -> bool:
    """Return whether another step is always due where this one is."""
    after = other.get("after")
    same_history = after is None or ("after" in step and ACTIONS.index(after) <= ACTIONS.index(step["after"]))
    return bool(other["score"] <= step["score"]) and same_history


def _leads_to(step: Tables, action: Action) -> bool:
    return _gravity(step) >= ACTIONS.index(action)


def _gravity(step: Tables) -> int:
    return ACTIONS.index(step["action"])


def _never_counts(rule: AnyRule, joined: Policy, path: Path) -> Iterator[Wrong]:
    """Yield that a live rule reaches no step, not even with all that may join it in a case."""
    if rule.name not in joined.live:
        return
    if joined.weights[rule.name] == 0:
        yield Wrong(path, "0 never counts: `mode` turns a rule off, or puts it in shadow")
        return
    reach = [(_most(category, joined), _least(category, rule, joined)) for category in _categories(rule)]
    if all(least == inf for _, least in reach):
        yield Wrong(path, f"reaches no step: there is none up to `{joined.caps[rule.name]}`, its cap")
    elif all(most < least for most, least in reach):
        most, least = reach[0]
        yield Wrong(
            path,
            f"reaches no step: with all that may join it {most:.2f}, and the lowest takes {least:.2f}",
        )


def _categories(rule: AnyRule) -> tuple[str, ...]:
    """Return the categories of the cases to which a rule's findings go; see `category_of`."""
    return (rule.category, "seat_sharing") if rule.category in OF_ONE_PERSON else (rule.category,)


def _least(category: str, rule: AnyRule, joined: Policy) -> float:
    ladder, gravest = joined.ladder(category, rule.purpose), joined.gravest(rule.name)
    return min((step.score for step in ladder if step.gravity <= gravest), default=inf)


def _most(category: str, joined: Policy) -> float:
    """Return the score of a case in which every live rule of a category is as strong as it gets."""
    facts: dict[str, float] = {}
    for name in joined.live:
        if category in _categories(CATALOGUE[name]):
            fact = joined.facts.get(name, name)
            facts[fact] = max(facts.get(fact, 0.0), joined.weights[name])
    return 1.0 - prod(1.0 - weight for weight in facts.values())


def _off_everywhere(tables: Tables) -> Iterator[Wrong]:
    layers = [layer for kind in ("products", "plans") for layer in tables.get(kind, {}).values()]
    for name, rule in tables["rules"].items():
        modes = [rule.get("mode"), *_modes(name, layers)]
        if rule.get("mode") == "off" and set(modes) == {"off"}:
            yield Wrong(("rules", name, "mode"), "the rule is off in every layer: nothing asks for it")


def _twice_in_shadow(tables: Tables) -> Iterator[Wrong]:
    """Yield rules in shadow of a policy that is in shadow itself."""
    paths: list[Path] = [()]
    paths += [(kind, name) for kind in ("products", "plans") for name in tables.get(kind, {})]
    for path in paths if in_shadow(tables) else ():
        layer = tables if not path else tables[str(path[0])][path[1]]
        for name, rule in layer.get("rules", {}).items():
            if rule.get("mode") == "shadow":
                yield Wrong(
                    (*path, "rules", name, "mode"), "in a policy in shadow nobody hears it: live, or off"
                )


def _forgotten_early(retention: Tables) -> Iterator[Wrong]:
    if "windows" in retention and duration_ms(retention["windows"]) < HABITS_MS:
        yield Wrong(
            ("retention", "windows"),
            f"is shorter than the {duration_text(HABITS_MS)} of habits: who rests for longer is new to the"
            " live service, and known to a replay",
        )


def _modes(name: str, layers: Iterable[Tables]) -> Iterator[str]:
    for layer in layers:
        mode = layer.get("rules", {}).get(name, {}).get("mode")
        if mode is not None:
            yield mode


def _dates(sheets: Sequence[Sheet]) -> Iterator[Problem]:
    for before, after in pairwise(sheet for sheet in sheets if not in_shadow(sheet.tables)):
        if since(after.tables) < since(before.tables):
            yield after.problem(
                Wrong(("effective",), f"counts before {before.file}, which is named before it")
            )

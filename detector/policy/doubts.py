"""What is allowed in a policy and hardly meant: what never happens, always does, or contradicts itself."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from detector.moments import instant_ms
from detector.policy.document import Tables
from detector.policy.doubts_of_ladders import doubts_of_ladders
from detector.policy.files import default_book
from detector.policy.layers import resolved
from detector.policy.model import ACTIONS, HABITS_MS, Policy
from detector.policy.names import CATALOGUE, AnyRule, parameter, parameters_of, written
from detector.policy.reach import rule_counts_never, steps_never_taken
from detector.policy.reading import Problem, Sheet
from detector.policy.structure import Wrong, nearest
from detector.policy.toml_lines import Path
from detector.policy.version import in_shadow, policy, since
from detector.values import duration_ms, duration_text

_NO_PARTS: Final = frozenset({"cv", "timer", "louder"})
"""Parameters below 1 that may well be above it."""
_FAR: Final = 30
"""So many times its own: hardly the same unit."""
_NO_THRESHOLDS: Final = re.compile(r"\+?\d[\d -]{4,}\d|7\s*\D\s*24|24\s*\D\s*7")
"""Numbers that a notice may well name: telephone numbers, and that somebody is always there."""
_HOUR_MS: Final = 3_600_000


def doubts(sheets: Sequence[Sheet], now: int) -> list[Problem]:
    """Return the doubts about files that have no mistakes, in their order and that of their lines.

    `now`: wall clock, Unix ms.
    """
    found = [problem for sheet in sheets for problem in sheet.sorted(dict.fromkeys(_of(sheet.tables, now)))]
    return found + list(_dates(sheets))


def _of(tables: Tables, now: int) -> Iterator[Wrong]:
    yield from _agreements(tables, now)
    yield from _of_layer(tables, (), policy(resolved(tables)))
    yield from _uncapped(tables)
    yield from _lone_facts(tables["rules"])
    if "organisation" not in tables["ladders"]:
        yield Wrong(("ladders",), "has no `organisation`: whole organisations climb `enforce`")
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
    yield from doubts_of_ladders(ladders, (*path, "ladders"), joined)
    if joined.cooldown_ms > joined.quiet_ms and ("cooldown" in said or "quiet" in said):
        yield Wrong((*path, "cooldown"), "is longer than `quiet`: the case is closed before it is over")
    if "cooldown" in said and joined.cooldown_ms == 0:
        yield Wrong((*path, "cooldown"), "every finding may be told, and who is told has no time to change")
    if "half_life" in said and joined.half_life_ms < _HOUR_MS:
        yield Wrong((*path, "half_life"), "is under an hour: what was found has faded before more is seen")
    if joined.grace_ms > joined.quiet_ms and ("grace" in said or "quiet" in said):
        yield Wrong((*path, "grace"), "is longer than `quiet`: the case may be closed before a step counts")
    for name in CATALOGUE if ladders and path else said.get("rules", {}):
        yield from rule_counts_never(CATALOGUE[name], joined, (*path, "rules", name, "weight"))
    yield from steps_never_taken(ladders, (*path, "ladders"), joined)
    yield from _caps(said, path)
    yield from _telling(said, path)
    for name, rule in said.get("rules", {}).items():
        given = rule.get("parameters", {})
        yield from _parameters(CATALOGUE[name], given, (*path, "rules", name, "parameters"))


def _parameters(rule: AnyRule, given: Mapping[str, Any], path: Path) -> Iterator[Wrong]:
    """Yield parameters that are of another kind, or of another order of magnitude, than the rule's own."""
    for name, value in given.items():
        field, number = parameter(rule, name, value)
        own = parameters_of(rule)[field]
        if isinstance(own, float) and own < 1 < number and field not in _NO_PARTS:
            yield Wrong((*path, name), f"is more than 1, and the rule comes with {own}, a part of something")
        elif not own / _FAR <= number <= own * _FAR:
            shown = duration_text(int(own)) if written(field) != field else own
            yield Wrong((*path, name), f"is far from {shown}, with which the rule comes: is the unit right?")


def _caps(said: Tables, path: Path) -> Iterator[Wrong]:
    for kind, action in said.get("caps", {}).items():
        if ACTIONS.index(action) > ACTIONS.index("restrict"):
            yield Wrong(
                (*path, "caps", kind), f"weak evidence leads to `{action}` here: `restrict` is grave enough"
            )


def _uncapped(tables: Tables) -> Iterator[Wrong]:
    """Yield kinds of evidence that no rule has, and rules that come with weak evidence and are not capped."""
    layers = [layer for kind in ("products", "plans") for layer in tables.get(kind, {}).values()]
    used = {rule.get("evidence") for layer in (tables, *layers) for rule in layer.get("rules", {}).values()}
    for kind in tables["caps"]:
        if kind not in used:
            yield Wrong(("caps", kind), "no rule has evidence of this kind: nothing is capped")
    for name, rule in default_book().versions[0].tables["rules"].items():
        own = tables["rules"][name]
        if "evidence" in rule and "evidence" not in own and own.get("mode") != "off":
            yield Wrong(
                ("rules", name, "evidence"),
                f"is missing: the rule comes with `{rule['evidence']}`, and nothing caps it now",
            )


def _lone_facts(rules: Tables) -> Iterator[Wrong]:
    """Yield facts that one rule alone sees and that look like another's."""
    seen = Counter(rule["fact"] for rule in rules.values() if "fact" in rule)
    for name, rule in rules.items():
        fact = rule.get("fact")
        likely = nearest(fact, [each for each in seen if each != fact]) if seen[fact] == 1 else ""
        if likely:
            yield Wrong(("rules", name, "fact"), f"no other rule sees {fact!r}{likely}")


def _telling(said: Tables, path: Path) -> Iterator[Wrong]:
    """Yield what the holder is told in numbers."""
    texts = [((*path, "notices", name), notice) for name, notice in said.get("notices", {}).items()]
    texts += [
        ((*path, "consequences", purpose, name), sentences)
        for purpose, by_action in said.get("consequences", {}).items()
        for name, sentences in by_action.items()
    ]
    for here, sentences in texts:
        for key, text in sentences.items():
            both = text if isinstance(text, dict) else {key: text}
            deeper = (*here, key) if isinstance(text, dict) else here
            for language, sentence in both.items():
                if any(each.isdigit() for each in _NO_THRESHOLDS.sub("", sentence)):
                    yield Wrong((*deeper, language), "names a number: a threshold helps only who evades it")


def _agreements(tables: Tables, now: int) -> Iterator[Wrong]:
    first = tables["agreements"][0]
    if instant_ms(first["effective"]) > max(now, since(tables)):
        yield Wrong(
            ("agreements", 0, "effective"),
            "is yet to come: alerts of before name this agreement all the same",
        )


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

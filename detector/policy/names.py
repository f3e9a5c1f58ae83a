"""Names in a policy that the code has to know: rules, their parameters, categories."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any, Final, TypeAlias, get_args

from detector.categories import CLAUSES
from detector.policy.document import OF_RELEASES, Action, Duration, Tables
from detector.policy.structure import Wrong, misfits, nearest, shown
from detector.policy.toml_lines import Path
from detector.rules import RULES, Rule
from detector.rules.crowds import CROWD_RULES, CrowdRule
from detector.values import duration_ms

AnyRule: TypeAlias = Rule | CrowdRule
_EVERY: Final[tuple[AnyRule, ...]] = (*RULES, *CROWD_RULES)
CATALOGUE: Final[Mapping[str, AnyRule]] = {rule.name: rule for rule in _EVERY}
"""Every rule by its name."""
NOTICES: Final = (*CLAUSES, OF_RELEASES)
"""What needs a notice: every category, and a release."""
TOLD: Final = tuple(action for action in get_args(Action) if action != "observe")
"""Actions of which the subject is told."""
_OF_CROWDS: Final = frozenset(rule.name for rule in CROWD_RULES)
_IN_MS: Final = "_ms"


def parameters_of(rule: AnyRule) -> dict[str, int | float]:
    """Return the parameters of a rule as it comes, by the names of its fields."""
    values: Any = rule  # a rule is a dataclass, which its protocol cannot say
    return {field.name: getattr(rule, field.name) for field in fields(values)}


def written(field: str) -> str:
    """Return a parameter's name in a file, where a duration bears its unit in its value."""
    return field.removesuffix(_IN_MS)


def parameter(rule: AnyRule, name: str, value: object) -> tuple[str, int | float]:
    """Return the field and the value of what a file gives a rule; raises `ValueError` for what cannot be."""
    known = {written(field): field for field in parameters_of(rule)}
    if name not in known:
        raise ValueError(f"`{rule.name}` has no such parameter{nearest(name, known)}")
    field = known[name]
    if field.endswith(_IN_MS):
        number: Any = _duration(value)
    else:
        number = value
        whole = isinstance(parameters_of(rule)[field], int)
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            raise ValueError(f"{shown(value)} is not {'a whole number' if whole else 'a number'}")
    if not 0 < number < 1e12:  # noqa: PLR2004  # far beyond anything that is counted, and finite
        raise ValueError(f"{shown(value)} is not more than zero")
    return field, number


def _duration(value: object) -> int:
    for wrong in misfits(value, Duration):
        raise ValueError(wrong.message)
    return duration_ms(str(value))


def unknown_names(tables: Tables) -> Iterator[Wrong]:
    """Yield what a file says of rules, parameters and categories that are none, and what it leaves out."""
    yield from _of_terms(tables, ())
    yield from _missing(tables, "rules", CATALOGUE, "every rule needs a weight")
    yield from _missing(tables, "notices", NOTICES, "every category needs a notice, and so does a release")
    said = _table(tables, "consequences")
    for purpose in ("enforce", "protect"):
        yield from _missing(said, purpose, TOLD, "of every step the holder is told", ("consequences",))
    for kind in ("products", "plans"):
        for name, layer in _table(tables, kind).items():
            yield from _of_terms(layer, (kind, name))


def _of_terms(terms: object, path: Path) -> Iterator[Wrong]:
    for name, rule in _table(terms, "rules").items():
        here: Path = (*path, "rules", name)
        if name not in CATALOGUE:
            yield Wrong(here, f"unknown rule{nearest(name, CATALOGUE)}")
            continue
        given = _table(rule, "parameters")
        if given and path and name in _OF_CROWDS:
            yield Wrong(
                (*here, "parameters"),
                "what many share has no product and no plan",
            )
        yield from _of_parameters(CATALOGUE[name], given, (*here, "parameters"))
    for name in _table(terms, "notices"):
        yield from _category(name, NOTICES, (*path, "notices", name))
    for purpose in ("enforce", "protect"):
        for name in _table(terms, "consequences", purpose):
            if name not in TOLD:
                here = (*path, "consequences", purpose, name)
                yield Wrong(here, f"is no step that is told{nearest(name, TOLD)}")
    for name in _table(terms, "ladders", "own"):
        yield from _category(name, CLAUSES, (*path, "ladders", "own", name))


def _of_parameters(rule: AnyRule, given: Mapping[str, object], path: Path) -> Iterator[Wrong]:
    for name, value in given.items():
        try:
            parameter(rule, name, value)
        except ValueError as error:
            yield Wrong((*path, name), str(error))


def _category(name: str, known: Iterable[str], path: Path) -> Iterator[Wrong]:
    if name not in known:
        yield Wrong(path, f"unknown category{nearest(name, known)}")


def _missing(tables: Tables, kind: str, wanted: Iterable[str], why: str, path: Path = ()) -> Iterator[Wrong]:
    there = tables.get(kind)
    if isinstance(there, dict):
        for name in wanted:
            if name not in there:
                yield Wrong((*path, kind, name), f"is missing: {why}")


def _table(holder: object, *keys: str) -> dict[str, Any]:
    """Return the table under some keys; an empty one where there is none, whatever there is instead."""
    for key in keys:
        holder = holder.get(key) if isinstance(holder, dict) else None
    return holder if isinstance(holder, dict) else {}

"""What well-formed tables of a policy say that cannot be meant together."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from detector.moments import instant_ms
from detector.policy.document import BY_A_PERSON, LADDERS, Tables
from detector.policy.model import WINDOW_MS
from detector.policy.structure import Wrong, nearest
from detector.policy.toml_lines import Path
from detector.values import duration_ms, duration_text


def contradictions(tables: Tables) -> Iterator[Wrong]:
    """Yield what is wrong with tables that have the right form and the right names."""
    yield from _out_of_order(tables)
    yield from _too_short(tables.get("retention", {}))
    yield from _of_terms(tables, (), tables["caps"])
    for kind in ("products", "plans"):
        for name, layer in tables.get(kind, {}).items():
            yield from _of_terms(layer, (kind, name), tables["caps"])


def _out_of_order(tables: Tables) -> Iterator[Wrong]:
    """Yield agreements that do not count later than the one before."""
    dates = [instant_ms(one["effective"]) for one in tables["agreements"]]
    for place, (before, after) in enumerate(pairwise(dates), start=1):
        if after <= before:
            yield Wrong(
                ("agreements", place, "effective"), "is not after the one before: put them in order of dates"
            )


def _too_short(retention: Tables) -> Iterator[Wrong]:
    """Yield windows that Redis would drop while they are open."""
    if "windows" in retention and duration_ms(retention["windows"]) < WINDOW_MS:
        least = duration_text(WINDOW_MS)
        yield Wrong(("retention", "windows"), f"is shorter than the longest window: {least} or more")


def _of_terms(terms: Tables, path: Path, caps: Mapping[str, object]) -> Iterator[Wrong]:
    ladders = terms.get("ladders", {})
    named = {name: ladders[name] for name in LADDERS if name in ladders}
    for name, steps in named.items():
        yield from _of_ladder(steps, (*path, "ladders", name))
    for category, steps in ladders.get("own", {}).items():
        yield from _of_ladder(steps, (*path, "ladders", "own", category))
    for name, rule in terms.get("rules", {}).items():
        kind = rule.get("evidence")
        if kind is not None and kind not in caps:
            message = f"`caps` has no {kind!r}{nearest(kind, caps)}"
            yield Wrong((*path, "rules", name, "evidence"), message)
    for kind in terms.get("caps", {}):
        if kind not in caps:
            yield Wrong((*path, "caps", kind), f"the general `caps` have no such kind{nearest(kind, caps)}")


def _of_ladder(steps: Sequence[Mapping[str, Any]], path: Path) -> Iterator[Wrong]:
    for place, step in enumerate(steps):
        here: Path = (*path, place)
        if step["action"] in BY_A_PERSON and step.get("approval") != "required":
            yield Wrong((*here, "action"), f'`{step["action"]}` needs `approval = "required"`')
        if "lasts" in step and "until_quiet" in step:
            yield Wrong((*here, "until_quiet"), "a step lasts for a time or until it was quiet, not both")
        if step.get("after") == "observe":
            yield Wrong((*here, "after"), "nothing is carried out by `observe`")

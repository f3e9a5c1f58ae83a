"""Layers: the general part, over it a product's, over that a plan's; the nearer one wins."""

from itertools import product
from typing import Any, Final

from detector.policy.document import Tables

_LAYERED: Final = ("products", "plans")


def merged(below: Tables, above: Tables) -> Tables:
    """Return tables in which `above` wins key by key; an array takes the place of another as a whole."""
    result = dict(below)
    for name, value in above.items():
        known = below.get(name)
        both = isinstance(value, dict) and isinstance(known, dict)
        result[name] = merged(known, value) if both and known is not None else value
    return result


def resolved(tables: Tables, product_name: str | None = None, plan: str | None = None) -> Tables:
    """Return what a file says for a product and a plan; who is not named has the general part."""
    result: Tables = {name: value for name, value in tables.items() if name not in _LAYERED}
    for kind, name in zip(_LAYERED, (product_name, plan), strict=True):
        layers: dict[str, Any] = tables.get(kind, {})
        if name is not None:
            result = merged(result, layers.get(name, {}))
    return result


def combinations(tables: Tables) -> list[tuple[str | None, str | None]]:
    """Return every product and plan that a file knows, with each other and with none."""
    return list(product(*([None, *tables.get(kind, {})] for kind in _LAYERED)))

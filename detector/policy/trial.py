"""What a policy in shadow may not have otherwise than the live one beside it: the rules' parameters.

Rules judge once, with the live policy's parameters, and rows remember what was said; a policy in shadow only
weighs what was found. So other parameters are tried on history.
"""

from collections.abc import Iterator
from typing import Any, Final

from detector.policy.document import Tables
from detector.policy.layers import resolved
from detector.policy.names import CATALOGUE, parameter, parameters_of
from detector.policy.structure import Wrong
from detector.policy.toml_lines import Path

_LAYERS: Final = ("products", "plans")


def other_parameters(trial: Tables, live: Tables, called: str) -> Iterator[Wrong]:
    """Yield, once for each rule, where a policy in shadow judges otherwise than the live one, `called` so.

    Both were checked.
    """
    parties = [
        (product, plan)
        for product in _named(trial, live, "products")
        for plan in _named(trial, live, "plans")
    ]
    for name in CATALOGUE:
        for party in parties:
            if _judges(trial, name, party) != _judges(live, name, party):
                yield Wrong(
                    _place(trial, name, party),
                    f"has other parameters than in {called}: a policy in shadow decides on what the live "
                    "rules find; try parameters on history, with `detector replay --policy`",
                )
                break


def _named(one: Tables, other: Tables, kind: str) -> list[str | None]:
    return [None, *dict.fromkeys([*one.get(kind, {}), *other.get(kind, {})])]


def _judges(tables: Tables, name: str, party: tuple[str | None, str | None]) -> dict[str, int | float]:
    rule = CATALOGUE[name]
    given: dict[str, Any] = resolved(tables, *party)["rules"][name].get("parameters", {})
    return parameters_of(rule) | dict(parameter(rule, key, value) for key, value in given.items())


def _place(tables: Tables, name: str, party: tuple[str | None, str | None]) -> Path:
    """Return where a rule's parameters for a party stand, the nearest layer first; else the rule."""
    for kind, layer in zip(reversed(_LAYERS), reversed(party), strict=True):
        if layer is not None and tables.get(kind, {}).get(layer, {}).get("rules", {}).get(name, {}).get(
            "parameters"
        ):
            return (kind, layer, "rules", name, "parameters")
    return ("rules", name, "parameters") if tables["rules"][name].get("parameters") else ("rules", name)

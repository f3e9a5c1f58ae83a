"""The JSON Schemas (draft 2020-12) of what the detector reads and writes, as shipped in schemas/."""

from importlib.resources import files
from inspect import cleandoc
from typing import Any, Final

import msgspec

SCHEMAS: Final = ("alert-1", "session-event", "entitlement", "feedback", "label", "policy-1")


def load_schema(name: str) -> dict[str, Any]:
    """Return the schema of that name, one of `SCHEMAS`, as a new dict; `ValueError` for another name.

    Check with a format checker, or the addresses of events go unchecked.
    """
    if name not in SCHEMAS:
        raise ValueError(f"no schema {name!r}: there are {', '.join(SCHEMAS)}")
    return msgspec.json.decode(
        (files("detector") / "schemas" / f"{name}.json").read_bytes(), type=dict[str, Any]
    )


def schema_of(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the schema of a type and of those in it, described by their docstrings without the indent.

    Whether msgspec takes the indent away depends on its release.
    """
    made: dict[str, Any] = msgspec.json.schema(kind)
    for each in made["$defs"].values():
        if "description" in each:
            each["description"] = cleandoc(each["description"])
    return made

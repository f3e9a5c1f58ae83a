"""What is wrong with a JSON value by the schema of alerts."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import rfc8785
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from detector.schema import load_schema


def flaw_by_schema(value: Any) -> str | None:  # noqa: ANN401 (any JSON)
    """Return the first thing that is wrong, None where nothing is.

    Raises `RecursionError` for what is nested too deep.
    """
    error = next(_validator().iter_errors(value), None)
    return None if error is None else f"{error.json_path}: {error.message}"


@lru_cache(maxsize=1)
def _validator() -> Validator:
    kind: type[Draft202012Validator] = extend(  # type: ignore[no-untyped-call]  # its stub leaves types out
        Draft202012Validator, {"uniqueItems": _unique}
    )
    schema = load_schema("alert-1")
    return kind(_inlined(schema, schema.pop("$defs")))


def _inlined(node: Any, definitions: dict[str, Any]) -> Any:  # noqa: ANN401 (any JSON)
    """Put definitions where they are referred to: looking them up takes as long as all the rest."""
    if isinstance(node, list):
        return [_inlined(each, definitions) for each in node]
    if not isinstance(node, dict):
        return node
    own = {name: _inlined(value, definitions) for name, value in node.items() if name != "$ref"}
    if "$ref" not in node:
        return own
    return {**_inlined(definitions[node["$ref"].removeprefix("#/$defs/")], definitions), **own}


def _unique(_validator: object, wanted: object, items: Any, _schema: object) -> Iterator[ValidationError]:  # noqa: ANN401 (any JSON)
    """Compare by canonical JSON: the library compares objects each with each, a line's worth for an hour."""
    if not wanted or not isinstance(items, list):
        return
    try:
        distinct = {rfc8785.dumps(item) for item in items}
    except ValueError as error:
        yield ValidationError(str(error))
        return
    if len(distinct) < len(items):
        yield ValidationError("an item is there twice")

"""Tables as TOML again: plain keys first, then each table, and each of an array of tables, by its heading."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from detector.policy.document import Tables


def toml_text(tables: Tables) -> str:
    """Return text that reads as the same tables; its strings have the escapes of JSON, which TOML knows."""
    return "\n".join(_table(tables, "")).strip("\n") + "\n"


def _table(tables: Tables, above: str) -> Iterator[str]:
    below = {name: value for name, value in tables.items() if _is_below(value)}
    for name, value in tables.items():
        if name not in below:
            yield f"{_key(name)} = {_value(value)}"
    for name, value in below.items():
        heading = f"{above}{_key(name)}"
        if isinstance(value, list):
            for element in value:
                yield from ("", f"[[{heading}]]")
                yield from _table(element, f"{heading}.")
        else:
            if not value or not all(map(_is_below, value.values())):
                yield from ("", f"[{heading}]")
            yield from _table(value, f"{heading}.")


def _is_below(value: object) -> bool:
    """Return whether a value stands under a heading of its own."""
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if bare else _quoted(name)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:  # noqa: ANN401 (whatever a file holds)
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return repr(value)

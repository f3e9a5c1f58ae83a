"""Whether tables have the form of a type: everything that is wrong with them, not only the first thing."""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any, Final, Literal, NamedTuple, get_args, get_origin

import msgspec
from msgspec import Meta, Struct, UnsetType

from detector.policy.toml_lines import Path

_LONG: Final = 60
"""Letters of a value that a message shows."""


class Wrong(NamedTuple):
    """What is wrong, and where."""

    path: Path
    message: str


def nearest(name: str, known: Iterable[str]) -> str:
    """Return `; did you mean …?` where a name is near to a known one."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean `{near[0]}`?" if near else ""


def misfits(value: Any, wanted: Any, path: Path = ()) -> Iterator[Wrong]:  # noqa: ANN401 (any value, any type)
    """Yield what is wrong with decoded TOML, were it to be of the type `wanted`."""
    bare = _bare(wanted)
    if isinstance(bare, type) and issubclass(bare, Struct):
        yield from _in_table(value, bare, path)
    elif get_origin(bare) is dict:
        yield from _by_name(value, get_args(bare)[1], path)
    elif get_origin(bare) is list:
        yield from _in_array(value, get_args(bare)[0], path)
    elif get_origin(bare) is Literal:
        yield from _among(value, get_args(bare), path)
    else:
        yield from _alone(value, wanted, path)


def _bare(wanted: Any) -> Any:  # noqa: ANN401 (as above)
    """Return a type without what is said about it, and without the chance of its not being there."""
    if get_origin(wanted) is Annotated:
        return _bare(get_args(wanted)[0])
    present = [one for one in get_args(wanted) if one is not UnsetType]
    return _bare(present[0]) if UnsetType in get_args(wanted) and len(present) == 1 else wanted


def _in_table(value: Any, wanted: type[Struct], path: Path) -> Iterator[Wrong]:  # noqa: ANN401 (as above)
    if not isinstance(value, dict):
        yield Wrong(path, f"{shown(value)} where a table belongs")
        return
    fields = {field.encode_name: field for field in msgspec.structs.fields(wanted)}
    for name, own in value.items():
        if name in fields:
            yield from misfits(own, fields[name].type, (*path, name))
        else:
            yield Wrong((*path, name), f"unknown key{nearest(name, fields)}")
    for name, field in fields.items():
        if field.required and name not in value:
            yield Wrong((*path, name), "is missing")


def _by_name(value: Any, wanted: Any, path: Path) -> Iterator[Wrong]:  # noqa: ANN401 (as above)
    if not isinstance(value, dict):
        yield Wrong(path, f"{shown(value)} where a table belongs")
        return
    for name, own in value.items():
        yield from misfits(own, wanted, (*path, name))


def _in_array(value: Any, wanted: Any, path: Path) -> Iterator[Wrong]:  # noqa: ANN401 (as above)
    if not isinstance(value, list):
        yield Wrong(path, f"{shown(value)} where an array belongs")
        return
    if not value:
        yield Wrong(path, "is empty")
    for place, own in enumerate(value):
        yield from misfits(own, wanted, (*path, place))


def _among(value: object, words: Sequence[str], path: Path) -> Iterator[Wrong]:
    if value not in words:
        yield Wrong(path, f"{shown(value)} is none of {', '.join(words)}{nearest(str(value), words)}")


def _alone(value: object, wanted: Any, path: Path) -> Iterator[Wrong]:  # noqa: ANN401 (as above)
    try:
        msgspec.convert(value, wanted)
    except msgspec.ValidationError:
        yield Wrong(path, f"{shown(value)} is not {_described(wanted)}")


def _described(wanted: Any) -> str:  # noqa: ANN401 (as above)
    for part in get_args(wanted):
        if isinstance(part, Meta) and part.description is not None:
            return part.description
        if get_origin(part) is Annotated:
            return _described(part)
    return "what belongs here"


def shown(value: object) -> str:
    """Return a value as a message shows it, in one line and not too long."""
    text = " ".join(str(value).split()) if not isinstance(value, str) else repr(value)
    return text if len(text) <= _LONG else f"{text[: _LONG - 3]}..."

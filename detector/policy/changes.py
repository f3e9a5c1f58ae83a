"""What one policy says otherwise than another, in lines that a person reads before it counts."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, Final

from detector.policy.document import Tables
from detector.policy.reading import dotted
from detector.policy.structure import shown
from detector.policy.toml_lines import Path

_NAMES: Final = {"version", "effective", "mode"}
"""What tells versions apart, and is no part of what they say."""
_LONG: Final = 40
"""Letters of a text that is a sentence: what a change of it says, only the file shows."""


def changes(before: Tables, after: Tables) -> list[str]:
    """Return a line for each thing that `after` says otherwise than `before`, in the order of the file.

    `old -> new`; `+` stands before what is new, `-` before what is gone.
    """
    return [*_in_table(_without_names(before), _without_names(after), ())]


def _without_names(tables: Tables) -> Tables:
    return {name: value for name, value in tables.items() if name not in _NAMES}


def _in_table(before: Tables, after: Tables, path: Path) -> Iterator[str]:
    for name in dict.fromkeys((*before, *after)):
        here = (*path, name)
        if name not in after:
            yield from _leaves("-", before[name], here)
        elif name not in before:
            yield from _leaves("+", after[name], here)
        elif before[name] != after[name]:
            yield from _of_value(before[name], after[name], here)


def _of_value(before: Any, after: Any, path: Path) -> Iterator[str]:  # noqa: ANN401 (whatever a file holds)
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _in_table(before, after, path)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _in_array(before, after, path)
    elif all(isinstance(value, str) and len(value) > _LONG for value in (before, after)):
        yield f"{dotted(path)}: another text"
    else:
        yield f"{dotted(path)}: {shown(before)} -> {shown(after)}"


def _in_array(before: Sequence[Any], after: Sequence[Any], path: Path) -> Iterator[str]:
    """Yield the elements that are gone and those that are new: a ladder's steps, an agreement's versions."""
    old, new = [_element(value) for value in before], [_element(value) for value in after]
    for kind, start, end, new_start, new_end in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from (f"- {dotted(path)}: {text}" for text in old[start:end])
            yield from (f"+ {dotted(path)}: {text}" for text in new[new_start:new_end])


def _leaves(sign: str, value: Any, path: Path) -> Iterator[str]:  # noqa: ANN401 (as above)
    if isinstance(value, dict) and value:
        for name, own in value.items():
            yield from _leaves(sign, own, (*path, name))
    elif isinstance(value, list) and value:
        yield from (f"{sign} {dotted(path)}: {_element(own)}" for own in value)
    else:
        yield f"{sign} {dotted(path)}: {shown(value)}"


def _element(value: Any) -> str:  # noqa: ANN401 (as above)
    if not isinstance(value, dict):
        return shown(value)
    return ", ".join(f"{name} {own if isinstance(own, str) else shown(own)}" for name, own in value.items())

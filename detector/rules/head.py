"""The head of a rule's file: what it sees, and under Clause, Source, Misses and Errs what has to be known."""

import inspect
import re
from typing import Final, NamedTuple

from detector.rules.base import Rule
from detector.rules.crowds import CrowdRule

_HEADING: Final = re.compile(r"^(Clause|Source|Misses|Errs): ", re.MULTILINE)
_CLAUSE: Final = re.compile(r"\b\d+\.\d+(?:\(\w\))*")


class Head(NamedTuple):
    """What a rule's file says of it: in a sentence, and by heading."""

    title: str
    parts: dict[str, str]

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses that it names, in its order."""
        return tuple(dict.fromkeys(_CLAUSE.findall(self.parts["Clause"])))


def head_of(rule: Rule | CrowdRule) -> Head:
    """Return the head of a rule's file, each part in one line."""
    title, *parts = _HEADING.split(inspect.getdoc(inspect.getmodule(type(rule))) or "")
    texts = map(one_line, parts[1::2])
    return Head(one_line(title), dict(zip(parts[::2], texts, strict=True)))


def one_line(text: str) -> str:
    """Return a text without its line breaks."""
    return " ".join(text.split())

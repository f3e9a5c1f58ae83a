"""Reading a policy file: from bytes to checked tables, with every mistake in them and where it stands."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from detector.errors import InputError
from detector.policy.contradictions import contradictions
from detector.policy.document import Document, Tables
from detector.policy.names import unknown_names
from detector.policy.structure import Wrong, misfits
from detector.policy.toml_lines import Path, line_of, lines_of

_PLACE: Final = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong, or doubtful, in a file: the line, the field there, and what about it."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        """Return the problem in a line."""
        return f"{self.file}, line {self.line}: {f'{self.field}: ' if self.field else ''}{self.message}"


class PolicyError(InputError):
    """Policies that cannot be used; `problems` has everything that is wrong with them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Return a line for each problem; who prints the first as an error has the others so as well."""
        return "\nerror: ".join(map(str, self.problems))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file: its tables, where in it they stand, and what is wrong with them."""

    file: str
    tables: Tables = field(default_factory=dict)
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, wrong: Wrong) -> Problem:
        """Return what is said of a path as a problem of this file."""
        return Problem(self.file, line_of(self.lines, wrong.path), dotted(wrong.path), wrong.message)

    def sorted(self, wrong: Iterable[Wrong]) -> list[Problem]:
        """Return problems by their lines."""
        return sorted(map(self.problem, wrong), key=lambda problem: problem.line)


def read(file: str, data: bytes) -> Sheet:
    """Read one file; `file` is its name in messages."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        tables = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Sheet(file, problems=[Problem(file, line, "", "is not UTF-8")])
    except tomllib.TOMLDecodeError as error:
        return Sheet(file, problems=[_syntax(file, str(error), data)])
    sheet = Sheet(file, tables, lines_of(text))
    wrong = [*misfits(tables, Document), *unknown_names(tables)]
    sheet.problems.extend(sheet.sorted(wrong or contradictions(tables)))
    return sheet


def dotted(path: Path) -> str:
    """Return a path as a person writes it, such as `ladders.enforce[0].score`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f"{'.' if text else ''}{part}"
    return text


def _syntax(file: str, message: str, data: bytes) -> Problem:
    match = _PLACE.fullmatch(message)
    line = int(match[2]) if match and match[2] else data.count(b"\n") + 1
    return Problem(file, line, "", f"no TOML: {match[1] if match else message}")

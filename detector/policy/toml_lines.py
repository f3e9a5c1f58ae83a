"""Where in a TOML file each key stands: tomllib gives the values, this the lines.

The text must be one that tomllib has read, so nothing is checked here.
"""

import re
from dataclasses import dataclass, field
from typing import Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Keys from the top on, and places in arrays."""

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY: Final = re.compile(r"""[ \t]*("(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)[ \t]*(\.?)""")
_STRING: Final = re.compile(
    r"""
    ["]{3} (?: [^"\\] | \\. | ["]{1,2}(?!["]) )* ["]{3,5}   # over several lines, with escapes
    | [']{3} .*? [']{3,5}                                  # over several lines, as it stands
    | ["] (?: [^"\\\n] | \\. )* ["]
    | ['] [^'\n]* [']
    """,
    re.DOTALL | re.VERBOSE,
)
_PLAIN: Final = re.compile(r"[^,\]}\n#]*")


def lines_of(text: str) -> dict[Path, int]:
    """Return the line, from 1 on, of each key, table and element of an array in `text`."""
    scanner = _Scanner(text)
    scanner.scan()
    return scanner.lines


def line_of(lines: dict[Path, int], path: Path) -> int:
    """Return the line of the nearest thing above `path` that the file has; 1 where it has none."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


@dataclass(slots=True)
class _Scanner:
    text: str
    at: int = 0
    lines: dict[Path, int] = field(default_factory=dict)
    _tables: dict[Path, int] = field(default_factory=dict)
    """The last place of each array of tables."""
    _counted: tuple[int, int] = (0, 1)

    def scan(self) -> None:
        """Go through the whole text."""
        table: Path = ()
        while self._skip():
            if self.text.startswith("[", self.at):
                table = self._header()
            else:
                self._pair(table)

    def _skip(self) -> bool:
        """Go on to what is no blank and no comment; return whether there is anything."""
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at < len(self.text)

    def _line(self) -> int:
        before, line = self._counted
        line += self.text.count("\n", before, self.at)
        self._counted = (self.at, line)
        return line

    def _header(self) -> Path:
        line, double = self._line(), self.text.startswith("[[", self.at)
        self.at += 1 + double
        path: Path = ()
        for key in self._keys():
            path = self._inside((*path, key))
        self.at += 1 + double
        if double:
            array = path[:-1] if path and isinstance(path[-1], int) else path
            self._tables[array] = self._tables.get(array, -1) + 1
            path = (*array, self._tables[array])
            self.lines.setdefault(array, line)
        self._note(path, line)
        return path

    def _inside(self, path: Path) -> Path:
        """Return the path, in the last table where it is an array of tables."""
        place = self._tables.get(path)
        return path if place is None else (*path, place)

    def _keys(self) -> list[str]:
        keys, more = [], True
        while more:
            match = _KEY.match(self.text, self.at)
            if match is None:  # no TOML, which tomllib would have refused
                raise ValueError(self.text[self.at : self.at + 20])
            keys.append(match[1][1:-1] if match[1][0] in "\"'" else match[1])
            more, self.at = bool(match[2]), match.end()
        return keys

    def _pair(self, table: Path) -> None:
        line = self._line()
        path = (*table, *self._keys())
        self._note(path, line)
        self.at += 1
        self._value(path)

    def _note(self, path: Path, line: int) -> None:
        """Note a line, and that of the tables which a dotted key makes."""
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], line)

    def _value(self, path: Path) -> None:
        self._skip()
        first = self.text[self.at]
        if first == "[":
            self._elements(path)
        elif first == "{":
            self._inline(path)
        else:
            match = _STRING.match(self.text, self.at) or _PLAIN.match(self.text, self.at)
            self.at = match.end() if match else self.at

    def _elements(self, path: Path) -> None:
        self.at += 1
        place = 0
        while self._skip() and self.text[self.at] != "]":
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self.lines[*path, place] = self._line()
            self._value((*path, place))
            place += 1
        self.at += 1

    def _inline(self, path: Path) -> None:
        self.at += 1
        while self._skip() and self.text[self.at] != "}":
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self._pair(path)
        self.at += 1

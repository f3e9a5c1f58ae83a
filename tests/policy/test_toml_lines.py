import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.policy.toml_lines import Path, line_of, lines_of
from tests.policy.making import SHIPPED

EVERY_FORM = '''\
top = 1
dotted.key = "a \\"quoted\\" #" # a comment
[table.inner] # another
array = [1, [2,
  3], { name = 1, "in quotes" = \'\'\'text
[no table]
\'\'\' }]
[[many]]
text = """several "lines" ""here""
of text"""
ends = """with quotes"""""
[[many]]
moment = 2024-01-01 00:00:00Z
[many.below]
empty = {}
[[many.again]]
none = []
'''


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every key and element below a value."""
    pairs: Any = value.items() if isinstance(value, dict) else enumerate(value)
    for key, own in pairs:
        yield (*path, key)
        if isinstance(own, dict | list):
            yield from paths(own, (*path, key))


@pytest.mark.parametrize("text", [EVERY_FORM, SHIPPED])
def test_everything_that_tomllib_reads_has_a_line(text: str) -> None:
    assert set(paths(tomllib.loads(text))) == set(lines_of(text))


@pytest.mark.parametrize(
    ("line", "path"),
    [
        (1, ("top",)),
        (2, ("dotted", "key")),
        (3, ("table", "inner")),
        (4, ("table", "inner", "array", 0)),
        (5, ("table", "inner", "array", 1, 1)),
        (5, ("table", "inner", "array", 2, "in quotes")),
        (8, ("many", 0)),
        (9, ("many", 0, "text")),
        (11, ("many", 0, "ends")),
        (12, ("many", 1)),
        (13, ("many", 1, "moment")),
        (15, ("many", 1, "below", "empty")),
        (17, ("many", 1, "again", 0, "none")),
    ],
)
def test_a_key_stands_in_its_line(line: int, path: Path) -> None:
    assert line == lines_of(EVERY_FORM)[path]


def test_what_is_missing_stands_where_its_table_does() -> None:
    lines = lines_of(EVERY_FORM)
    assert 3 == line_of(lines, ("table", "inner", "missing", "key"))
    assert 1 == line_of(lines, ("missing",))


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=9), max_size=9)
)
def test_whatever_a_text_holds_the_lines_behind_it_are_right(texts: list[str]) -> None:
    escaped = [text.replace("\\", "\\\\").replace('"', '\\"') for text in texts]
    file = "".join(f'k{number} = """\n{text}"""\n' for number, text in enumerate(escaped))
    assert {f"k{number}" for number in range(len(texts))} == set(tomllib.loads(file))
    assert [1 + 2 * number for number in range(len(texts))] == list(lines_of(file).values())

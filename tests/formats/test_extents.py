"""A file in extents has the lines that it has read from its beginning, under the same numbers."""

import codecs
import gzip
import os
from pathlib import Path

import numpy as np
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from detector.errors import InputError
from detector.formats import Extent, extents_of, open_lines
from detector.formats.extents import EXTENT_BYTES
from detector.formats.lines import MAX_LINE_BYTES

MODULE = "detector.formats.extents.EXTENT_BYTES"


def read(found: list[Extent]) -> list[tuple[int, bytes]]:
    """Number and line of all of them; how many each has is counted as a survey does."""
    lines: list[tuple[int, bytes]] = []
    first = 1
    for extent in found:
        batch = extent.lines(first)
        lines += zip(batch.numbers, batch.lines, strict=True)
        first += extent.text().count(b"\n") + 1
    return lines


LINES = st.sampled_from([b"", b" ", b"a", b"bcd", b"e\r", b"\r", b"f" * 9, codecs.BOM_UTF8, b"\x0b"])


@given(
    lines=st.lists(LINES, max_size=12),
    size=st.sampled_from([10, 17, EXTENT_BYTES]),
    end=st.sampled_from([b"", b"\n"]),
    mark=st.sampled_from([b"", codecs.BOM_UTF8]),
)
def test_they_have_the_lines_of_the_file(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], size: int, end: bytes, mark: bytes
) -> None:
    path = tmp_path_factory.mktemp("extents") / "history"
    content = mark + b"\n".join(lines) + end
    path.write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MODULE, size)
        found = extents_of(str(path))
    assert found is not None
    assert list(open_lines(path)) == read(found)
    assert sum(extent.size for extent in found) == len(content.removeprefix(codecs.BOM_UTF8))
    assert len(found) >= len(content) // 30 or size == EXTENT_BYTES


def test_a_line_too_long_is_cut_as_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_bytes(b"a\n" + b"x" * (MAX_LINE_BYTES + 1) + b"\nb\n")
    (extent,) = extents_of(str(path)) or []
    assert list(open_lines(path)) == read([extent])
    assert MAX_LINE_BYTES == len(extent.lines(1).lines[1])


@pytest.mark.parametrize("content", [b"a\nb\n\nc\nd", b"a\nb\nc\nd\n"])
def test_some_of_the_lines_that_are_not_blank_can_be_wanted(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "history"
    path.write_bytes(content)
    (extent,) = extents_of(str(path)) or []
    every, some = extent.lines(1), extent.lines(1, np.array([True, False, False, True]))
    assert ([every.lines[0], every.lines[3]], [every.numbers[0], every.numbers[3]]) == (
        some.lines,
        some.numbers,
    )


@pytest.mark.parametrize("content", [b"a\nb\n\nc\n", b"a\nb\n"])
def test_lines_that_are_others_by_now_are_an_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "history"
    path.write_bytes(content)
    (extent,) = extents_of(str(path)) or []
    with pytest.raises(InputError, match=r"history: has changed while it was read: \d lines, 4 expected"):
        extent.lines(1, np.ones(4, np.bool_))


@pytest.mark.parametrize("kind", ["gzip", "zstd", "bzip2", "utf-16", "none", "folder", "pipe", "long line"])
def test_what_must_be_read_from_its_beginning_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    path = tmp_path / "history"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
        ends = os.open(path, os.O_RDWR)  # else the one that opens it waits for the other end
        os.write(ends, b"a line\n")
    elif kind != "none":
        text = b"a line\n" * 20
        path.write_bytes(
            {
                "gzip": gzip.compress(text),
                "zstd": zstandard.ZstdCompressor().compress(text),
                "bzip2": b"BZh91",
                "utf-16": "a line".encode("utf-16"),
                "long line": b"short\n" + b"x" * 300 + b"\n",
            }[kind]
        )
        monkeypatch.setattr(MODULE, 100)
    assert extents_of(str(path)) is None
    if kind == "pipe":
        os.close(ends)


def test_lines_that_are_gone_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_bytes(b"a\nb\n")
    (extent,) = extents_of(str(path)) or []
    path.write_bytes(b"a\n")
    with pytest.raises(InputError, match="history: has become shorter while it was read"):
        extent.text()
    path.unlink()
    with pytest.raises(InputError, match="history: cannot be read: No such file"):
        extent.text()

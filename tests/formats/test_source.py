"""What a file is called in ids: the same everywhere, and another for other files."""

import gzip
from pathlib import Path

import pytest
import zstandard

from detector.formats import source_of
from detector.formats.source import BEGINNING

CONTENT = b"a line\n" * BEGINNING


def a_file(folder: Path, content: bytes, name: str = "access.log") -> str:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    return str(folder / name)


def test_two_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    assert source_of(a_file(tmp_path / "a", b"one")) != source_of(a_file(tmp_path / "b", b"other"))


def test_a_file_is_called_the_same_wherever_it_lies_and_when_it_has_grown(tmp_path: Path) -> None:
    here, there = a_file(tmp_path / "a", CONTENT), a_file(tmp_path / "b", CONTENT + b"more")
    assert "access.log~" == source_of(here)[:11]
    assert source_of(here) == source_of(there)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_packing_changes_nothing_but_the_name(tmp_path: Path, pack: type[bytes]) -> None:
    plain, packed = a_file(tmp_path, CONTENT), a_file(tmp_path, pack(CONTENT), "access.log.packed")
    assert source_of(plain).rpartition("~")[2] == source_of(packed).rpartition("~")[2]


def test_a_cut_off_file_has_a_name(tmp_path: Path) -> None:
    cut = gzip.compress(CONTENT)[:-9]
    assert source_of(a_file(tmp_path, cut)) == source_of(a_file(tmp_path, gzip.compress(CONTENT)))


def test_a_name_is_text_and_leaves_room_for_the_number(tmp_path: Path) -> None:
    assert "\\xff.log~" == source_of(a_file(tmp_path, b"", "\udcff.log"))[:9]
    one, other = (source_of(a_file(tmp_path, b"", "n" * 200 + end)) for end in "ab")
    assert one != other
    assert len(one) == len(other) <= 118

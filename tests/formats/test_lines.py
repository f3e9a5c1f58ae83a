"""Lines come out of any file as they went in: packed or not, in blocks of any size."""

import bz2
import codecs
import gzip
import io
import lzma
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from detector.errors import InputError
from detector.formats import lines as lines_module
from detector.formats import open_lines, read_batches
from detector.formats.lines import MAX_LINE_BYTES, _Splitter, _WholeLines

SKIPPABLE_FRAME = b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd"

Pack = Callable[[bytes], bytes]


def plain(content: bytes) -> bytes:
    return content


def zstd(content: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(content)


def gzip_members(content: bytes) -> bytes:
    return (
        b"".join(gzip.compress(content[place : place + 7]) for place in range(0, len(content), 7)) + b"\0" * 9
    )


def zstd_frames(content: bytes) -> bytes:
    return SKIPPABLE_FRAME + b"".join(zstd(content[place : place + 7]) for place in range(0, len(content), 7))


def texts_of(whole: _WholeLines, blocks: Sequence[bytes]) -> Iterator[bytes]:
    """What whole lines come of a file's blocks; a line without end never fills the memory."""
    for block in blocks:
        text = whole.add(block)
        assert len(whole.piece) <= MAX_LINE_BYTES + 1
        if text is not None:
            yield text
    rest = whole.end()
    if rest is not None:
        yield rest


def a_file(folder: Path, content: bytes) -> str:
    path = folder / "history"  # no suffix: the content says what it is
    path.write_bytes(content)
    return str(path)


@pytest.mark.parametrize("pack", [plain, gzip.compress, zstd, gzip_members, zstd_frames])
def test_lines_are_numbered_and_bare(tmp_path: Path, pack: Pack) -> None:
    path = a_file(tmp_path, pack(b"one\r\r\n\n\xff two \nthree"))
    assert list(open_lines(path)) == [(1, b"one\r"), (3, b"\xff two "), (4, b"three")]


@pytest.mark.parametrize("pack", [plain, gzip.compress, zstd, gzip_members])
def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path, pack: Pack) -> None:
    mark = codecs.BOM_UTF8
    path = a_file(tmp_path, pack(mark + b"one\n" + mark + b"two"))
    assert list(open_lines(path)) == [(1, b"one"), (2, mark + b"two")]
    assert list(open_lines(a_file(tmp_path, pack(mark)))) == []


@pytest.mark.parametrize("form", ["bzip2", "xz", "zip", "Parquet", "UTF-16"])
def test_a_file_of_another_form_is_named(tmp_path: Path, form: str) -> None:
    content = {
        "bzip2": bz2.compress(b"one"),
        "xz": lzma.compress(b"one"),
        "zip": b"PK\x03\x04one",
        "Parquet": b"PAR1one",
        "UTF-16": gzip.compress("one".encode("utf-16")),
    }
    path = a_file(tmp_path, content[form])
    with pytest.raises(InputError, match=f"{path}: is {form}; .*: convert it first"):
        list(open_lines(path))


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"\r\n\r\n", b" \n\t\r\n ", gzip.compress(b"", mtime=0), zstd(b"")]
)
def test_a_file_without_lines_gives_none(tmp_path: Path, content: bytes) -> None:
    assert list(open_lines(a_file(tmp_path, content))) == []


def test_batches_have_the_size_asked_for(tmp_path: Path) -> None:
    path = a_file(tmp_path, b"a\nb\n\nc\nd\ne")
    batches = list(read_batches(path, size=2))
    assert [batch.lines for batch in batches] == [[b"a", b"b"], [b"c", b"d"], [b"e"]]
    assert [batch.first_line for batch in batches] == [1, 4, 6]
    assert batches[-1].position == len(b"a\nb\n\nc\nd\ne")


def test_standard_input_is_read_and_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.BytesIO(gzip.compress(b"a\nb\n"))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stdin))
    assert list(open_lines("-")) == [(1, b"a"), (2, b"b")]
    assert not stdin.closed


@given(
    lines=st.lists(st.binary(max_size=5).filter(lambda line: not set(line) & set(b"\r\n"))),
    cuts=st.sets(st.integers(0, 60)),
    end=st.sampled_from([b"\n", b"\r\n"]),
)
def test_any_split_into_blocks_gives_the_same_lines(lines: list[bytes], cuts: set[int], end: bytes) -> None:
    content = end.join(lines)
    places = [0, *sorted(cuts), len(content)]
    splitter = _Splitter()
    for text in texts_of(_WholeLines(), [content[start:stop] for start, stop in pairwise(places)]):
        splitter.append(text)
    batch = splitter.take(1000, 0)
    assert [(number, line) for number, line in enumerate(lines, start=1) if line.strip()] == list(
        zip(batch.numbers, batch.lines, strict=True)
    )


@pytest.mark.parametrize("block", [1000, MAX_LINE_BYTES + 1, MAX_LINE_BYTES + 3, 10**7])
@pytest.mark.parametrize("end", [b"", b"\r", b"x", b"x\r", b"\rx", b"xx", b"x\rx", b"x" * 10**6])
def test_a_long_line_is_cut_in_the_same_place_whatever_the_blocks(block: int, end: bytes) -> None:
    line = b"y" * (MAX_LINE_BYTES - 1) + end
    content = b"a\n" + line + b"\nb\n"
    splitter, whole = _Splitter(), _WholeLines()
    for text in texts_of(whole, [content[place : place + block] for place in range(0, len(content), block)]):
        splitter.append(text)
    assert splitter.lines == [b"a", line.removesuffix(b"\r")[:MAX_LINE_BYTES], b"b"]


@pytest.mark.parametrize("pack", [gzip.compress, zstd])
def test_a_packed_file_cut_off_gives_its_whole_lines_and_then_an_error(tmp_path: Path, pack: Pack) -> None:
    content = b"".join(b"%d %d\n" % (number, number**7 % 10007) for number in range(200_000))
    packed = pack(content)
    path = a_file(tmp_path, packed[: len(packed) // 2])
    read: list[bytes] = []
    with pytest.raises(
        InputError, match=r"history: the compressed data ends too early; the \d+ lines"
    ) as error:
        read.extend(line for _, line in open_lines(path))
    assert len(read) > 50_000
    assert read == content.split(b"\n")[: len(read)]
    assert f"the {len(read)} lines" in str(error.value)


@pytest.mark.parametrize("pack", [gzip.compress, zstd])
def test_a_damaged_file_is_named(tmp_path: Path, pack: Pack) -> None:
    packed = bytearray(pack(b"".join(b"%d\n" % number for number in range(100_000))))
    packed[len(packed) // 2 :] = b"\xff" * (len(packed) // 2)
    with pytest.raises(InputError, match=r"history: the compressed data is damaged \("):
        list(open_lines(a_file(tmp_path, bytes(packed))))


def test_what_follows_a_gzip_must_be_gzip(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="damaged"):
        list(open_lines(a_file(tmp_path, gzip.compress(b"a\n") + b"trailing")))


def test_a_small_file_may_stand_for_a_large_one(tmp_path: Path) -> None:
    path = a_file(tmp_path, zstd(b"\0" * 300_000_000))
    assert [(1, b"\0" * MAX_LINE_BYTES)] == list(lines_module.open_lines(path))


@pytest.mark.parametrize(("name", "says"), [("none", "No such file"), (".", "Is a directory")])
def test_what_cannot_be_opened_is_named(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        list(open_lines(tmp_path / name))

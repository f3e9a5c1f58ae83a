from pathlib import Path

import pytest

from detector.errors import DetectorError
from detector.formats import open_lines
from detector.simulate.files import writing


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst"])
def test_what_is_written_is_read_again_and_the_bytes_do_not_depend_on_name_or_time(
    tmp_path: Path, name: str
) -> None:
    written = []
    for path in (tmp_path / name, tmp_path / f"b{name}"):
        with writing(path) as file:
            file.write(b"one\n")
            file.write(b"two\n" * 1000)
        written.append(path.read_bytes())
    assert written[0] == written[1]
    assert bytes(4) == written[0][4:8] or name != "a.jsonl.gz"  # gzip's time stamp
    assert ("one", "two") == tuple(
        line.decode() for number, line in open_lines(tmp_path / name) if number < 3
    )
    assert (len(written[0]) < 100) == (name != "a.jsonl")


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(DetectorError, match=r"cannot write .*no/a\.jsonl: No such file"),
        writing(tmp_path / "no/a.jsonl"),
    ):
        pass

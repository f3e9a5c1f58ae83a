"""`detector privacy` before it asks anybody; what it does is in tests/integration/test_privacy.py."""

from pathlib import Path

import pytest

from detector.cli import main


def test_no_file_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = tmp_path / "ann.json"
    there.write_text("before")
    assert 1 == main(["privacy", "export", "ann", "--author", "x", "--to", str(there)])
    assert "is there already" in capsys.readouterr().err
    assert "before" == there.read_text()


@pytest.mark.parametrize("words", [["export", "ann"], ["forget", "ann"], ["hold", "c-1", "--reason", "r"]])
def test_nothing_is_done_for_nobody(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == main(["privacy", *words])
    assert "--author" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["export", "forget", "hold"])
def test_help_has_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["privacy", name, "--help"])
    assert f"Example: detector privacy {name}" in capsys.readouterr().out

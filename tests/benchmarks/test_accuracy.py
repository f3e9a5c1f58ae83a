from pathlib import Path

import pytest

from benchmarks.accuracy import main


def test_a_history_is_simulated_replayed_scored_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "accuracy.md"
    extent = ["--population", "first", "--accounts", "30", "--days", "1", "--seeds", "1"]
    main([*extent, "--tuning", "--processes", "1", "--page", str(path)])
    assert capsys.readouterr().out.startswith("seed 1: ")
    text = path.read_text()
    assert "30 inhabitants over 1 days" in text
    assert ", clear |" in text
    assert "| one_device |" in text
    assert "## Wrong and missed" in text


def test_tuning_does_not_write_the_projects_page(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--tuning"])
    assert 2 == stopped.value.code
    assert "--tuning needs --page" in capsys.readouterr().err


def test_no_more_seeds_can_be_asked_for_than_are_kept_for_reporting() -> None:
    with pytest.raises(SystemExit):
        main(["--seeds", "1000"])

import re
from pathlib import Path

import pytest

from benchmarks.accuracy import main, parser
from benchmarks.measure.bars import LEAST_WEEKS


def test_a_history_is_simulated_replayed_scored_and_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "accuracy.md"
    extent = ["--population", "first", "--accounts", "30", "--days", "1", "--seeds", "1"]
    main([*extent, "--tuning", "--processes", "1", "--page", str(path)])
    told = capfd.readouterr()
    assert told.out.startswith("1 of 1, seed 1: ")
    steps = re.findall(r"^seed 1, \d+:\d\d: (\w+)", told.err, re.MULTILINE)
    assert ["simulating", "replaying", "reading"] == steps
    text = path.read_text()
    assert "30 accounts over 1 day each" in text
    assert ", clear |" in text
    assert "| one_device |" in text
    assert "## Wrong and missed" in text


def test_tuning_does_not_write_the_projects_page(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--tuning"])
    assert 2 == stopped.value.code
    assert "--tuning needs --page" in capsys.readouterr().err


def test_whole_decks_or_accounts_are_asked_for_and_not_both() -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["--decks", "1", "--accounts", "5"])


def test_unasked_it_measures_enough_whole_decks() -> None:
    """A deck holds some 2,800 innocent accounts; `docs/accuracy.md` says how many were measured."""
    parsed = parser().parse_args([])
    assert ("full", None, None) == (parsed.population, parsed.decks, parsed.accounts)
    assert parsed.seeds * parsed.days / 7 * 2_700 > LEAST_WEEKS


def test_no_more_seeds_can_be_asked_for_than_are_kept_for_reporting() -> None:
    with pytest.raises(SystemExit):
        main(["--seeds", "1000"])

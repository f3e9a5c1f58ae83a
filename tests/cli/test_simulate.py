import os
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from detector.cli import main
from detector.formats import open_lines
from detector.simulate.profiles import FIRST


def arguments(folder: Path, **changed: str) -> list[str]:
    given = {"accounts": "100", "days": "1", "seed": "3", "events": str(folder / "e.jsonl.zst")}
    given |= {"labels": str(folder / "l.jsonl")} | changed
    return ["simulate", *(text for name, value in given.items() for text in (f"--{name}", value))]


def run(folder: Path, hash_seed: str) -> str:
    folder.mkdir()
    done = subprocess.run(  # noqa: S603 - this very program
        [sys.executable, "-m", "detector", *arguments(folder, entitlements=str(folder / "n.jsonl"))],
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    assert "" == done.stdout
    return done.stderr


def test_the_same_seed_gives_the_same_files_whatever_the_process(tmp_path: Path) -> None:
    told = run(tmp_path / "a", "1")
    run(tmp_path / "b", "2")
    for name in ("e.jsonl.zst", "l.jsonl", "n.jsonl"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    events = [msgspec.json.decode(line) for _, line in open_lines(tmp_path / "a" / "e.jsonl.zst")]
    assert told.startswith(f"wrote {len(events):,} events to ")
    assert 100 <= len(list(open_lines(tmp_path / "a" / "l.jsonl")))
    assert any(
        "allow" in msgspec.json.decode(line)["value"] for _, line in open_lines(tmp_path / "a" / "n.jsonl")
    )


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"accounts": "0"}, "0 is not in the range"),
        ({"start": "2026-06-01T00:00:00"}, "no moment with an offset"),
        ({"start": "yesterday"}, "no moment with an offset"),
    ],
)
def test_wrong_use_is_said_and_exits_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changed: dict[str, str], complaint: str
) -> None:
    assert 2 == main(arguments(tmp_path, **changed))
    assert complaint in capsys.readouterr().err


def test_a_whole_population_is_chosen_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(arguments(tmp_path, accounts="40", population="full"))
    told = re.search(r"labels of (\d+) accounts and visitors", capsys.readouterr().err)
    assert told
    assert 40 <= int(told[1])  # the last inhabitant comes with all its accounts
    assert 2 == main(arguments(tmp_path, population="empty"))


def test_whole_decks_are_dealt_instead_of_a_number_of_accounts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = ["--events", str(tmp_path / "e.jsonl"), "--labels", str(tmp_path / "l.jsonl")]
    assert 0 == main(["simulate", "--decks", "1", "--days", "1", "--seed", "3", *files])
    assert "labels of 100 accounts and visitors" in capsys.readouterr().err
    profiles = {msgspec.json.decode(line)["profile"] for _, line in open_lines(tmp_path / "l.jsonl")}
    assert {profile.name for profile in FIRST.profiles} <= profiles | {"allowed_cloud_desktop"}
    for wrong in ([], ["--accounts", "9", "--decks", "1"]):
        assert 2 == main(["simulate", *wrong, "--days", "1", "--seed", "3", *files])
        assert "say how many --accounts, or how many --decks" in capsys.readouterr().err


def test_events_and_labels_must_be_two_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == main(arguments(tmp_path, labels=str(tmp_path / "e.jsonl.zst")))
    assert "must name different files" in capsys.readouterr().err


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["simulate", "--help"])
    assert "Example: detector simulate" in capsys.readouterr().out

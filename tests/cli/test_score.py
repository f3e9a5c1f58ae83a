import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from detector.categories import CATEGORIES
from detector.cli import main
from detector.cli.score_tables import show
from detector.scoring.accusations import Accusation
from detector.scoring.labels import Label, Subject
from detector.scoring.score import score

LABEL = (
    '{"subject_type":"account","subject_id":"a","category":"crawler","from":0,"to":604800000,"profile":"bot"}'
)
LABELS = f"""\
{LABEL}
{LABEL.replace('"a"', '"g"').replace("crawler", "benign").replace("bot", "commuter")}
{LABEL.replace('"a"', '"b"').replace('"bot"', '"slow","difficulty":"subtle"')}
"""
ALERTS = """\
{"category":"crawler","action":"warn","subject":{"type":"account","id":"a"},"decided_time":7200000,"score":0.7}
{"category":"crawler","action":"lock","subject":{"type":"account","id":"g"},"decided_time":7200000}
"""
WIDTH = 100


@pytest.fixture
def paths(tmp_path: Path) -> list[str]:
    (tmp_path / "alerts.jsonl").write_text(ALERTS)
    (tmp_path / "labels.jsonl").write_text(LABELS)
    return [str(tmp_path / "alerts.jsonl"), str(tmp_path / "labels.jsonl")]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert 0 == main(["score", *arguments])
    return capsys.readouterr().out


def words(out: str) -> list[str]:
    return [" ".join(line.split()) for line in out.splitlines()]


def test_in_a_pipe_a_score_is_plain_text(paths: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, *paths)
    assert out.startswith("1 innocent accounts, 1.0 account-weeks; 2 affairs of abuse\n")
    assert out.isascii()
    assert "crawler 1/2 0.500 0.095 1/2 0.500 0.095 0.500 2.0 h 2.0 h 1 1000.00" in words(out)
    assert "commuter 1 1 1.0000 1.0000 1 1000.00 5571.64" in words(out)


def test_both_levels_stand_beside_each_other(paths: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    lines = words(run(capsys, *paths))
    assert "right of all cases 1/2 0/1" in lines
    assert "caught of all affairs 1/2 0/2" in lines
    assert "recall 0.500 (0.095 to 0.905) 0.000 (0.000 to 0.658)" in lines


def test_details_name_what_was_wrong_and_what_was_missed(
    paths: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert "wrong: " not in run(capsys, *paths)
    lines = run(capsys, *paths, "--details").splitlines()
    wrong = "wrong: lock for crawler, account g of history 1 (commuter), 1970-01-01 02:00:00 UTC, names 1 "
    missed = "missed: subtle crawler, account b of history 1 (slow), from 1970-01-01 00:00:00 UTC"
    assert [wrong + "innocent", missed] == lines[-2:]


def test_several_pairs_are_pooled(paths: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    out = json.loads(run(capsys, *paths, *paths, "--json"))
    assert (2, 2.0) == (out["innocents"], out["account_weeks"])
    assert (2, 4) == tuple(out["warn"]["overall"]["recall"][key] for key in ("part", "whole"))


def test_files_without_a_partner_are_wrong_use(paths: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == main(["score", *paths, paths[0]])
    assert "ALERTS and LABELS come in pairs, 3 files are given" in capsys.readouterr().err


def test_json_is_for_machines(paths: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    out = json.loads(run(capsys, *paths, "--json", "--events-weeks", "2"))
    level = out["warn"]
    assert (0.5, 0.5, 500.0) == tuple(
        level["overall"][key]["value"] for key in ("precision", "recall", "false_alarms")
    )
    assert ["bot", "commuter", "slow"] == [row["name"] for row in level["by_profile"]]
    assert {"type": "account", "id": "b"} == level["affairs"][1]["subject"]


def test_on_a_terminal_a_score_is_at_most_100_columns_wide() -> None:
    labels, alerts = [], []
    for category in (each.name for each in CATEGORIES):
        for number in range(1_200):
            name = f"{category}-{number}"
            labels.append(
                Label(
                    subject_type="account",
                    subject_id=name,
                    category=category,
                    from_ms=0,
                    to_ms=9,
                    profile="screen_reader_assisted_human",
                    difficulty="blatant",
                )
            )
            alerts.append(
                Accusation(
                    category=category, action="lock", subject=Subject("account", name), decided_time=5_000_000
                )
            )
    out = io.StringIO()
    show(score(alerts, labels), Console(file=out, force_terminal=True, width=WIDTH))
    assert "─" in out.getvalue()
    assert "…" not in out.getvalue()


def test_a_bad_line_is_told_with_its_file_and_number(
    paths: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    Path(paths[0]).write_text(ALERTS + "oops\n")
    assert 1 == main(["score", *paths])
    assert "alerts.jsonl, line 3: not an alert: " in capsys.readouterr().err


def test_a_missing_file_is_told(paths: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert 1 == main(["score", "nowhere.jsonl", paths[1]])
    assert "nowhere.jsonl: No such file or directory" in capsys.readouterr().err


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert "detector score alerts.jsonl labels.jsonl" in run(capsys, "--help")

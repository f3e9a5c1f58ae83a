import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from detector.cli import main
from detector.cli.score import show
from detector.simulate.labels import read_labels
from detector.simulate.score import score

LABEL = (
    '{"subject_type":"account","subject_id":"a","category":"crawler","from":0,"to":604800000,"profile":"bot"}'
)
LABELS = f"""\
{LABEL}
{LABEL.replace('"a"', '"g"').replace("crawler", "benign").replace("bot", "commuter")}
"""
ALERTS = """\
{"category":"crawler","action":"warn","subject":{"type":"account","id":"a"},"decided_time":7200000,"score":0.7}
{"category":"crawler","action":"lock","subject":{"type":"account","id":"g"},"decided_time":7200000}
"""


@pytest.fixture
def paths(tmp_path: Path) -> list[str]:
    (tmp_path / "alerts.jsonl").write_text(ALERTS)
    (tmp_path / "labels.jsonl").write_text(LABELS)
    return [str(tmp_path / "alerts.jsonl"), str(tmp_path / "labels.jsonl")]


def test_in_a_pipe_a_score_is_plain_text(paths: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["score", *paths])
    out = capsys.readouterr().out
    assert out.startswith("1 innocent accounts over 1.00 weeks\n")
    assert out.isascii()
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "crawler 1/2 0.500 1/1 1.000 0.667 2.0 h 1 1000.0" in lines
    assert "commuter 0/1 0.000 0/0 - - - 1 1000.0" in lines


def test_json_is_for_machines(paths: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["score", *paths, "--json", "--events-weeks", "2"])
    out = json.loads(capsys.readouterr().out)
    assert (0.5, 1.0, 500.0) == tuple(
        out["overall"][key] for key in ("precision", "recall", "false_alarm_rate")
    )
    assert ["bot", "commuter"] == [row["name"] for row in out["by_profile"]]


def test_on_a_terminal_a_score_is_a_table_of_80_columns() -> None:
    out = io.StringIO()
    labels = [LABEL.replace("bot", "allowed_cloud_desktop")] * 999
    rows = read_labels(enumerate(map(str.encode, labels)), "labels")
    show(score([], list(rows)), Console(file=out, force_terminal=True, width=80))
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
    assert 0 == main(["score", "--help"])
    assert "Example: detector score" in capsys.readouterr().out

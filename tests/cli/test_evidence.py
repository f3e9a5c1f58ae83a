"""`detector evidence verify` on files: what is said, and how it ends."""

import gzip
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import zstandard

from detector.cli import main
from detector.evidence import encode_heads
from tests.evidence.chained import case_of_three, heads, lines

ALERTS, CASES = 15, 7


def write(path: Path, texts: Sequence[bytes]) -> Path:
    path.write_bytes(b"".join(text + b"\n" for text in texts))
    return path


@pytest.fixture
def alerts(tmp_path: Path) -> Path:
    return write(tmp_path / "alerts.jsonl", lines())


@pytest.fixture
def tips(tmp_path: Path) -> Path:
    path = tmp_path / "heads.jsonl"
    path.write_bytes(b"".join(encode_heads(heads())))
    return path


def verified(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, list[str]]:
    """Run the command; return its exit code and what it says."""
    capsys.readouterr()
    code = main(["evidence", "verify", *map(str, arguments)])
    return code, capsys.readouterr().out.splitlines()


def test_an_untouched_file_is_one_line(capsys: pytest.CaptureFixture[str], alerts: Path, tips: Path) -> None:
    said = [f"{ALERTS} alerts of {CASES} cases: every chain holds; heads checked"]
    assert (0, said) == verified(capsys, alerts, "--heads", tips)


def test_without_heads_that_is_said(capsys: pytest.CaptureFixture[str], alerts: Path) -> None:
    code, (said,) = verified(capsys, alerts)
    assert (0, True) == (code, "every chain holds; heads not checked" in said)


def test_a_bad_alert_is_named_in_a_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (changed, *rest) = lines()
    bad = write(tmp_path / "bad.jsonl", [b"", changed.replace(b'"score":', b'"score":0.1, "x":'), *rest])
    alert = json.loads(changed)
    code, (finding, summary) = verified(capsys, bad)
    named = (
        f"line 2: alert {alert['alert_id']}, case {alert['case_id']}, number 1: not an alert by its schema: "
    )
    assert 1 == code
    assert finding.startswith(named)
    assert summary.startswith(f"1 finding in {ALERTS} alerts of {CASES} cases; ")


def test_a_tail_that_is_cut_off_shows_by_the_heads(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, tips: Path
) -> None:
    short = write(tmp_path / "short.jsonl", lines()[:-1])
    last = json.loads(lines()[-1])
    assert 0 == verified(capsys, short)[0]
    code, (finding, _) = verified(capsys, short, "--heads", tips)
    assert 1 == code
    assert finding.startswith(f"at the end: alert {last['alert_id']}, case {last['case_id']}, number ")


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_packed_files_are_read(
    capsys: pytest.CaptureFixture[str], alerts: Path, tips: Path, pack: object
) -> None:
    assert callable(pack)
    for path in (alerts, tips):
        path.write_bytes(pack(path.read_bytes()))
    assert 0 == verified(capsys, alerts, "--heads", tips)[0]


def test_alerts_may_come_on_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, alerts: Path
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(alerts.read_bytes())))
    assert 0 == verified(capsys, "-")[0]


def test_no_alerts_are_none_that_are_wrong(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, (said,) = verified(capsys, write(tmp_path / "none.jsonl", []))
    assert (0, "0 alerts of 0 cases") == (code, said.partition(":")[0])


def test_a_time_range_holds_where_it_is_said_to_be_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, tips: Path
) -> None:
    later = write(tmp_path / "later.jsonl", lines()[ALERTS // 2 :])
    assert 1 == verified(capsys, later)[0]
    code, (said,) = verified(capsys, later, "--partial", "--heads", tips)
    assert 0 == code
    assert " without the first alerts; " in said
    assert " before the first alert here" in said


def test_a_time_range_that_is_cut_off_at_its_end_is_not_excused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, tips: Path
) -> None:
    middle = write(tmp_path / "middle.jsonl", lines()[ALERTS // 2 : -1])
    code, (finding, _) = verified(capsys, middle, "--partial", "--heads", tips)
    assert (1, "at the end") == (code, finding.partition(":")[0])


def test_what_an_alert_says_cannot_look_like_something_else(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    alert = {"alert_id": "a\n2 alerts\x1b[2J", "case_id": "c" * 10_000, "sequence": 1}
    code, (finding, summary) = verified(capsys, write(tmp_path / "evil", [json.dumps(alert).encode()]))
    assert (1, True) == (code, finding.startswith("line 1: alert a\\n2 alerts\\x1b[2J, case cccc"))
    assert len(finding) < 700
    assert "1 finding in 1 alert of 0 cases" == summary.partition(";")[0]


def test_a_line_of_ten_megabytes_is_one_finding(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    huge = write(tmp_path / "huge.jsonl", [b"[" * 10_000_000, *lines()])
    code, (finding, _) = verified(capsys, huge)
    assert (1, True) == (code, "longer than 1,000,000 bytes" in finding)


def test_an_alert_may_be_longer_than_an_event(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    padded = case_of_three()[0].replace(b'","', b'",' + b" " * 4_000 + b'"')
    assert len(padded) > 100_000
    assert 0 == verified(capsys, write(tmp_path / "long.jsonl", [padded]))[0]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["a", "b"],
        ["kafka://"],
        ["kafka://localhost/enforcement"],
        ["kafka://localhost:9092"],
        ["kafka://localhost:9092/a/b"],
        ["-", "--heads", "-"],
    ],
)
def test_wrong_use_is_2(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert 2 == verified(capsys, *arguments)[0]


@pytest.mark.parametrize("line", ["{}", "nonsense", '{"case_id": "a"}', "[" * 100_000])
def test_heads_that_are_none_are_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, alerts: Path, line: str
) -> None:
    path = write(tmp_path / "h.jsonl", [line.encode()])
    assert 1 == main(["evidence", "verify", str(alerts), "--heads", str(path)])
    assert "h.jsonl, line 1: not the head of a chain" in capsys.readouterr().err


def test_two_heads_of_a_case_are_told(capsys: pytest.CaptureFixture[str], alerts: Path, tips: Path) -> None:
    tips.write_bytes(tips.read_bytes() * 2)
    assert 1 == main(["evidence", "verify", str(alerts), "--heads", str(tips)])
    assert f"line {CASES + 1}: a second head of case" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert 1 == main(["evidence", "verify", str(tmp_path / "nothing")])
    assert "No such file" in capsys.readouterr().err


def test_a_broker_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert 1 == main(["evidence", "verify", "kafka://127.0.0.1:1/enforcement"])
    assert "Kafka cannot be reached" in capsys.readouterr().err

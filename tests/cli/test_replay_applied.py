"""`detector replay --applied`: policies as they lay on the control topic, beside the files."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from detector.cli import main
from detector.policy.applied import Applied
from tests.policy.making import edited, sheet
from tests.rules.judging import records
from tests.rules.streams import cloud_for_long

OFF = edited("[rules.datacenter_use]", '[rules.datacenter_use]\nmode = "off"').replace(
    'version = "1"', 'version = "2"'
)


def write(path: Path, *lines: bytes) -> str:
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return str(path)


@pytest.fixture
def events(tmp_path: Path) -> str:
    return write(tmp_path / "events.jsonl", *(record.value for record in records(cloud_for_long(0))))


def replay(events: str, *options: str) -> list[dict[str, Any]]:
    """Run the command; return its alerts."""
    alerts = Path(events).with_name("alerts.jsonl")
    assert 0 == main(["replay", events, "--alerts", str(alerts), *options])
    return [json.loads(line) for line in alerts.read_bytes().splitlines()]


def applied(folder: Path, text: str, moment: int) -> str:
    record = Applied.of(sheet(OFF), text, moment)
    return write(folder / "applied.jsonl", msgspec.json.encode(record))


def test_what_was_applied_counts_from_its_moment_on(tmp_path: Path, events: str) -> None:
    noted, warned = replay(events)
    assert [] == replay(events, "--applied", applied(tmp_path, OFF, noted["decided_time"]))
    assert [noted] == replay(events, "--applied", applied(tmp_path, OFF, warned["decided_time"]))


def test_what_workers_could_not_use_is_told_and_passed_over(
    tmp_path: Path, events: str, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = replay(events)
    capsys.readouterr()
    assert expected == replay(events, "--applied", applied(tmp_path, OFF.replace("weight", "wait"), 0))
    assert "warning: version 2, which was applied, cannot be used by this release" in capsys.readouterr().err


def test_alerts_do_not_take_the_place_of_what_was_applied(tmp_path: Path, events: str) -> None:
    path = applied(tmp_path, OFF, 0)
    before = Path(path).read_bytes()
    assert 2 == main(["replay", events, "--alerts", path, "--applied", path])
    assert before == Path(path).read_bytes()

"""`detector feedback export` writes what counted, as a replay reads it."""

from pathlib import Path
from typing import Any

import pytest

from detector.cli import feedback, main
from detector.feedback import Feedback, Feedbacks, StampedFeedback
from detector.policy import Entitlements
from detector.replay.inputs import read_feedback

MOMENT = 1_780_243_200_000


def test_what_is_exported_is_what_a_replay_reads(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    known = Feedbacks()
    told = [
        StampedFeedback(
            "acc-1", MOMENT + 60_000, Feedback("a-1", "benign", "ann", MOMENT, "her laptop"), "f/0/1"
        ),
        StampedFeedback("acc-2", MOMENT, Feedback("a-2", "carried_out", "bot", MOMENT), "f/0/2"),
    ]
    for each in told:
        known.put(each)

    async def read(_: Any) -> tuple[Entitlements, Feedbacks]:
        return Entitlements(), known

    monkeypatch.setattr(feedback, "read_controls", read)
    assert 0 == main(["feedback", "export"])
    written = capsys.readouterr().out
    assert "her laptop" not in written
    (tmp_path / "f.jsonl").write_text(written)
    exported = read_feedback(tmp_path / "f.jsonl")
    assert [("acc-2", MOMENT, "carried_out"), ("acc-1", MOMENT + 60_000, "benign")] == [
        (one.key, one.counts_from, one.feedback.verdict) for one in exported
    ]
    assert [MOMENT, MOMENT] == [one.feedback.time_ms for one in exported]

"""What goes wrong in many places at once is said once in a while."""

import logging

import pytest

from detector.stream import seldom
from detector.stream.complaints import Complaints
from detector.stream.seldom import MINUTE_S


class Clock:
    now = 0.0

    def monotonic(self) -> float:
        return self.now


def test_the_same_words_are_said_once_a_minute_with_how_often_they_were_not(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    monkeypatch.setattr(seldom, "time", clock)
    complaints = Complaints()
    for second in range(int(MINUTE_S) + 1):
        clock.now = float(second)
        for partition in range(3):
            complaints.warn("waiting for rows", partition=partition)
        complaints.warn("no checkpoint")
    warned = [each for each in caplog.records if each.levelno == logging.WARNING]
    said = [(each.message, each.__dict__["fields"]) for each in warned]
    assert [
        ("waiting for rows", {"partition": 0}),
        ("no checkpoint", {}),
        ("waiting for rows", {"partition": 0, "times_since": 179}),
        ("no checkpoint", {"times_since": 59}),
    ] == said

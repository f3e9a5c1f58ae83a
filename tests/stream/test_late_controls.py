"""Controls that came too late: counted each time, said now and then."""

import pytest
from prometheus_client import CollectorRegistry

from detector.feedback import Feedback, StampedFeedback
from detector.metrics import Metrics
from detector.policy import Entitlement, Stamped
from detector.stream import seldom
from detector.stream.late_controls import LateControls

JUDGED_TO = 5_000


class Clock:
    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(seldom, "time", made)
    return made


@pytest.mark.parametrize(("counts_from", "late"), [(JUDGED_TO - 1, 1.0), (JUDGED_TO, 0.0)])
def test_only_a_moment_that_was_judged_is_late(counts_from: int, late: float) -> None:
    registry = CollectorRegistry()
    controls = LateControls(lambda: JUDGED_TO, Metrics(registry))
    controls.heard(Stamped("ann", counts_from, Entitlement(), "plans/0/1"))
    assert late == registry.get_sample_value("detector_controls_late_total")


def test_all_are_counted_and_one_a_minute_is_told(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    registry = CollectorRegistry()
    controls = LateControls(lambda: JUDGED_TO, Metrics(registry))
    for second in (0, 1, 59, 60, 61):
        clock.now = 100.0 + second
        controls.heard(Stamped("ann", 0, None, "plans/0/1"))
    assert 5.0 == registry.get_sample_value("detector_controls_late_total")
    assert 2 == len(caplog.records)
    assert "ann" not in caplog.text


def test_feedback_is_late_as_entitlements_are(caplog: pytest.LogCaptureFixture) -> None:
    registry = CollectorRegistry()
    said = Feedback("an-alert", "benign", "ann", 2 * 10**12, "a note")
    LateControls(lambda: JUDGED_TO, Metrics(registry)).heard(StampedFeedback("bob", 0, said, "said/0/1"))
    assert 1.0 == registry.get_sample_value("detector_controls_late_total")
    assert not any(word in caplog.text for word in ("an-alert", "ann", "bob", "note"))

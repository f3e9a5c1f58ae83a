"""The alert computed again, against the one that was found."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from detector.alerts import Alert, Origin, Subject, encode
from detector.dispute import Again, compared
from tests.dispute.making import NOON_MS, alert, case, evidence


def again(*given: Alert, said: Alert | None = None) -> Again:
    return compared(encode(said or alert()), given, "all")


def test_what_a_replay_may_differ_in_makes_no_difference() -> None:
    (live,) = case(1)
    placed = msgspec.structs.replace(live.evidence[0], origin=Origin("events", 0, 7))
    said = msgspec.structs.replace(live, detected_at=1, evidence=(placed, *live.evidence[1:]))
    found = again(live, said=said)
    assert ("same", ()) == (found.outcome, found.fields)


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("score", 0.6),
        ("action", "lock"),
        ("notice", {"zh": "", "en": ""}),
        ("expires", NOON_MS),
        ("evidence", (evidence(1),)),
        ("chain", msgspec.structs.replace(alert().chain, previous="0")),
    ],
)
def test_every_other_field_does(field: str, changed: Any) -> None:
    found = again(msgspec.structs.replace(alert(), **{field: changed}))
    assert ("different", (field,)) == (found.outcome, found.fields)


def test_an_alert_of_another_id_at_its_moment_is_compared() -> None:
    found = again(alert(alert_id="a-2", policy_hash="0" * 64))
    assert ("different", ("alert_id", "policy_hash")) == (found.outcome, found.fields)


@pytest.mark.parametrize(
    "other",
    [
        alert(alert_id="b", subject=Subject("account", "acc-2")),
        alert(alert_id="b", category="crawler"),
        alert(alert_id="b", decided_time=NOON_MS - 1),
    ],
)
def test_alerts_about_something_else_are_not_it(other: Alert) -> None:
    assert "not_given" == again(other).outcome


def test_no_more_is_computed_than_its_moment_needs() -> None:
    def given() -> Iterator[Alert]:
        yield alert(alert_id="b", decided_time=NOON_MS + 1)
        raise AssertionError("one alert too many")

    assert "not_given" == compared(encode(alert()), given(), "all").outcome

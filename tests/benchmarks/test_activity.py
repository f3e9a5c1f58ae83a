from dataclasses import replace

from benchmarks.measure.activity import SPAN_MS, Activity, watched, worked_ms
from detector.events import SessionEvent
from detector.scoring import Label
from detector.scoring.labels import Subject
from detector.scoring.ledger import Outcome
from tests.benchmarks.making import label

BASE = 6_000_000 * SPAN_MS
SHARED = Outcome(0, "account_sharing", "pair", None, Subject("account", "s"), BASE, BASE + 5 * SPAN_MS)


def seen(*events: SessionEvent, labels: tuple[Label, ...] = ()) -> Activity:
    activity: Activity = {}
    known = (label("s", "account_sharing", "pair"), label("g", "benign", "commuter"), *labels)
    assert list(events) == list(watched(iter(events), known, activity))
    return activity


def event(span: int, account: str = "s", kind: str = "request", org: str | None = None) -> SessionEvent:
    return SessionEvent("e", kind, BASE + span * SPAN_MS + 7, "192.0.2.1", account, org)  # type: ignore[arg-type]  # any type will do


def test_only_abusers_are_watched_and_each_span_counts_once() -> None:
    activity = seen(event(0), event(0), event(3), event(4, "g"), event(5, kind="login_failure"))
    assert {Subject("account", "s"): {6_000_000, 6_000_003}} == activity


def test_an_organisations_work_is_that_of_its_seats() -> None:
    org = label("o", "seat_sharing", "seats")
    org = Label(**{name: getattr(org, name) for name in org.__struct_fields__} | {"subject_type": "org"})
    activity = seen(event(0, "x", org="o"), event(1, "y", org="o"), event(2, "z", org="p"), labels=(org,))
    assert {Subject("org", "o"): {6_000_000, 6_000_001}} == activity


def test_work_is_counted_from_the_first_abuse_to_the_alert() -> None:
    activity = seen(*(event(span) for span in (-1, 0, 1, 5, 6)))
    assert 3 * SPAN_MS == worked_ms(SHARED, activity)


def test_the_work_of_who_was_missed_or_never_seen_is_not_known() -> None:
    assert None is worked_ms(replace(SHARED, caught_ms=None), seen(event(0)))
    assert None is worked_ms(SHARED, {})

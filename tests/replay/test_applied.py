"""A policy that is applied in the middle of a stream: what is judged then is what a replay judges."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import msgspec
import pytest

from detector.alerts import Alert, encode
from detector.errors import InputError
from detector.moments import moment_text
from detector.policy.applied import Applied, Ended, PolicyRecord, Tried, put_all
from detector.replay import read_applied
from detector.replay.records import FileRecord
from detector.stream.stamp import policy_moment
from tests.policy.making import SHIPPED, book, edited, sheet
from tests.replay.abuse import abusive_days
from tests.replay.days import engine, replayed

LATENESS_MS = 5_000
BATCH = 500
LAYERS = "".join(
    f"\n[{layer}.rules.{name}]\n{text}\n"
    for layer, name, text in (
        ("plans.member", "crawl_rate", "parameters = { paths = 300 }"),
        ("plans.member", "overlapping_use", 'mode = "off"'),
        ("plans.member", "brute_force", "parameters = { level = 8 }"),
        ("products.youcloud", "accounts_tried", 'mode = "off"'),
    )
)
STRICT = edited('quiet = "30d"', 'quiet = "12h"', LAYERS).replace('version = "1"', 'version = "strict"')
MILD = edited("score = 0.45", "score = 0.6").replace('version = "1"', 'version = "mild"')
LAYERED = SHIPPED.replace('version = "1"', 'version = "layered"') + LAYERS


def applied(text: str, moment: int) -> Applied:
    return Applied.of(sheet(text), text, moment)


def encoded(alerts: Sequence[Alert]) -> list[bytes]:
    return [encode(alert) for alert in alerts]


def tried(text: str, moment: int) -> Tried:
    return Tried.of(sheet(text), text, moment)


def ended(version: str, moment: int) -> Ended:
    return Ended(version, moment)


def live(
    changes: Sequence[tuple[float, str]],
    in_shadow: Sequence[tuple[float, Callable[[int], PolicyRecord]]] = (),
) -> tuple[list[Alert], list[Alert], list[PolicyRecord]]:
    """Judge the days and do each change when its part of them was read.

    Return the alerts, those in shadow, and the records.
    """
    day = abusive_days()
    of, told = book(SHIPPED), list[PolicyRecord]()
    running = engine(day.entitlements, book=of, lateness_ms=LATENESS_MS)
    records: list[tuple[float, Callable[[int], PolicyRecord]]] = [
        *((part, partial(applied, text)) for part, text in changes),
        *in_shadow,
    ]
    waiting = sorted(
        ((round(part * len(day.records)), record) for part, record in records), key=lambda each: each[0]
    )
    alerts: list[Alert] = []
    frontier = 0
    for start in range(0, len(day.records), BATCH):
        while waiting and waiting[0][0] <= start:
            told.append(waiting.pop(0)[1](policy_moment(None, frontier)))
            put_all(of, told[-1:])
        values = day.records[start : start + BATCH]
        alerts += running.take([FileRecord(value) for value in values])[0]
        frontier = msgspec.json.decode(values[-1])["time"] - LATENESS_MS
    alerts += running.finish()
    return alerts, running.take_shadow(), told


@pytest.mark.parametrize(
    ("changes", "versions"),
    [
        (
            [(0.0, MILD), (0.2, LAYERED), (0.4, STRICT), (0.6, MILD), (0.8, LAYERED)],
            {"mild", "layered", "strict"},
        ),
        ([(part / 16, (LAYERED, STRICT)[part % 2]) for part in range(1, 16)], {"1", "layered", "strict"}),
    ],
    ids=["there and back", "again and again"],
)
def test_a_change_in_the_middle_gives_the_alerts_of_a_replay_that_knew_it_all_along(
    changes: Sequence[tuple[float, str]], versions: set[str]
) -> None:
    alerts, _, told = live(changes)
    of, day = book(SHIPPED), abusive_days()
    put_all(of, told)
    assert encoded(replayed(day.records, day.entitlements, book=of)) == encoded(alerts)
    assert versions == {alert.policy_version for alert in alerts}


def test_a_trial_in_the_middle_gives_in_shadow_what_a_replay_gives_and_live_what_none_gives() -> None:
    """For a quarter of the days beside one policy in force, for another beside the next."""
    trial = STRICT.replace('"strict"', '"trial"', 1)
    changes = [(0.5, MILD)]
    alerts, apart, records = live(changes, [(0.25, partial(tried, trial)), (0.75, partial(ended, "trial"))])
    of, day = book(SHIPPED), abusive_days()
    put_all(of, records)
    running = engine(day.entitlements, book=of)
    expected = running.take([FileRecord(value) for value in day.records])[0] + running.finish()
    assert encoded(expected) == encoded(alerts)
    assert encoded(running.take_shadow()) == encoded(apart)
    assert encoded(live(changes)[0]) == encoded(alerts)
    begun, _, end = (record.counts_from for record in records)
    times = [alert.decided_time for alert in apart]
    assert begun <= min(times) <= max(times) < end
    assert {"trial"} == {alert.policy_version for alert in apart}


def test_a_file_with_that_date_gives_what_was_applied_from_that_moment_on() -> None:
    alerts, _, (one,) = live([(0.5, STRICT)])
    assert isinstance(one, Applied)
    dated = STRICT.replace("\nversion", f"\neffective = {moment_text(one.counts_from)}\nversion", 1)
    day = abusive_days()
    assert encoded(replayed(day.records, day.entitlements, book=book(SHIPPED, dated))) == encoded(alerts)


def test_a_file_holds_what_lies_on_the_topic(tmp_path: Path) -> None:
    told = [applied(MILD, 1_000), tried(STRICT, 2_000), ended("strict", 3_000)]
    path = tmp_path / "applied.jsonl"
    path.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in told))
    assert told == read_applied(path)


def test_a_file_of_something_else_is_named_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "applied.jsonl"
    path.write_bytes(msgspec.json.encode(applied(MILD, 1_000)) + b'\n{"kind": "feedback"}\n')
    with pytest.raises(InputError, match=r"line 2: no applied policy"):
        read_applied(path)

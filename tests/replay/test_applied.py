"""A policy that is applied in the middle of a stream: what is judged then is what a replay judges."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from detector.alerts import Alert, encode
from detector.errors import InputError
from detector.moments import moment_text
from detector.policy.applied import Applied, put_all
from detector.replay import read_applied
from detector.replay.inputs import FileRecord
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


def live(changes: Sequence[tuple[float, str]]) -> tuple[list[Alert], list[Applied]]:
    """Judge the days and apply each text when its part of them was read; return the records too."""
    day = abusive_days()
    of, told = book(SHIPPED), []
    running = engine(day.entitlements, book=of, lateness_ms=LATENESS_MS)
    waiting = [(round(part * len(day.records)), text) for part, text in changes]
    alerts: list[Alert] = []
    frontier = 0
    for start in range(0, len(day.records), BATCH):
        while waiting and waiting[0][0] <= start:
            told.append(applied(waiting.pop(0)[1], policy_moment(None, frontier)))
            put_all(of, told[-1:])
        values = day.records[start : start + BATCH]
        alerts += running.take([FileRecord(value) for value in values])[0]
        frontier = msgspec.json.decode(values[-1])["time"] - LATENESS_MS
    return alerts + running.finish(), told


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
    alerts, told = live(changes)
    of, day = book(SHIPPED), abusive_days()
    put_all(of, told)
    assert encoded(replayed(day.records, day.entitlements, book=of)) == encoded(alerts)
    assert versions == {alert.policy_version for alert in alerts}


def test_a_file_with_that_date_gives_what_was_applied_from_that_moment_on() -> None:
    alerts, (one,) = live([(0.5, STRICT)])
    dated = STRICT.replace("\nversion", f"\neffective = {moment_text(one.counts_from)}\nversion", 1)
    day = abusive_days()
    assert encoded(replayed(day.records, day.entitlements, book=book(SHIPPED, dated))) == encoded(alerts)


def test_a_file_holds_what_lies_on_the_topic(tmp_path: Path) -> None:
    told = [applied(MILD, 1_000), applied(STRICT, 2_000)]
    path = tmp_path / "applied.jsonl"
    path.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in told))
    assert told == read_applied(path)


def test_a_file_of_something_else_is_named_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "applied.jsonl"
    path.write_bytes(msgspec.json.encode(applied(MILD, 1_000)) + b'\n{"kind": "feedback"}\n')
    with pytest.raises(InputError, match=r"line 2: no applied policy"):
        read_applied(path)

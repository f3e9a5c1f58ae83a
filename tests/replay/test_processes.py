"""Accounts divided among processes: the alerts of one, and an end that is told."""

import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path
from random import Random

import msgspec
import pytest

from detector.alerts import encode
from detector.errors import DetectorError, InputError
from detector.formats import FORMATS
from detector.policy import Stamped
from detector.replay import DividedEngine, Engine, History, Processes, looked_at_by, surveyed
from detector.replay.engine import Outcome
from detector.replay.glance import divided
from detector.replay.records import Batch, FileRecord
from detector.replay.select import Selection
from detector.stages.assemble import Workshop
from tests.replay.days import DAY_MS, Day, simulated_day
from tests.rules.judging import workshop

BATCH = 1_000


@pytest.fixture(scope="module")
def day() -> Day:
    return simulated_day()


def made(entitlements: Sequence[Stamped]) -> Workshop:
    """What a process works with; it takes what comes after a day as well."""
    shop = workshop(lateness_ms=DAY_MS)
    for stamped in entitlements:
        shop.entitlements.put(stamped)
    return shop


@pytest.fixture(scope="module")
def processes(day: Day) -> Iterator[Processes]:
    with Processes(2, partial(made, day.entitlements)) as both:
        yield both


def batches(values: Sequence[bytes]) -> list[Batch]:
    """The lines of a file, in batches."""
    starts = range(0, len(values), BATCH)
    return [
        Batch(
            [FileRecord(value) for value in values[start : start + BATCH]],
            ["file"] * min(BATCH, len(values) - start),
            list(range(start, min(start + BATCH, len(values)))),
        )
        for start in starts
    ]


def told(outcomes: Iterator[Outcome]) -> tuple[list[bytes], list[tuple[int, str]]]:
    """Alerts, and lines that are no events."""
    alerts, unread = [], []
    for outcome in outcomes:
        alerts += [encode(alert) for alert in outcome.alerts]
        unread += [(line.number, line.why.reason) for line in outcome.unread]
    return alerts, unread


def same(records: Sequence[FileRecord]) -> Sequence[FileRecord]:
    return records


def test_their_alerts_their_counts_and_their_complaints_are_those_of_one(
    day: Day, processes: Processes
) -> None:
    values = Random(7).sample(day.records, len(day.records))
    values[1_500:1_500] = [b"no JSON", values[3], b"[]"]
    alone = Engine(made(day.entitlements))
    expected = told(alone.run(batches(values), same))
    several = DividedEngine(processes, made(day.entitlements))
    assert expected == told(several.run(batches(values), same))
    assert len(expected[0]) >= 8
    assert [(1_500, "not_json"), (1_502, "not_an_object")] == expected[1]
    assert alone.summary == several.summary


def test_what_they_read_by_themselves_comes_to_the_same_and_one_that_dies_is_told(
    day: Day, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detector.formats.extents.EXTENT_BYTES", 100_000)
    values = [*day.records]
    values[700:700] = [b"no JSON", b"", values[3], b" ", b"[]", values[4] + b"\r"]
    path = tmp_path / "events"
    path.write_bytes(b"\n".join(values))
    history = History([path], FORMATS["jsonl"])
    alone = Engine(made(day.entitlements))
    expected = told(alone.run(history.batches(lambda _: None), same))
    read: list[int] = []
    with Processes(2, partial(made, day.entitlements)) as both:
        survey = surveyed(history, Selection(), read.append, partial(looked_at_by, both))
        assert path.stat().st_size == sum(read)
        several = DividedEngine(both, made(day.entitlements))
        assert expected == told(several.run_pieces(survey.pieces, read.append))
        both.submit(0, _die)
        with pytest.raises(DetectorError, match="a process of the replay ended") as caught:
            told(DividedEngine(both, made(())).run(batches(day.records), same))
    assert isinstance(caught.value.__cause__, BrokenProcessPool)
    assert [(701, "not_json"), (705, "not_an_object")] == expected[1]
    assert len(survey.pieces) > 10
    assert 2 * path.stat().st_size == sum(read)
    assert alone.summary == several.summary


def test_a_file_that_shrank_is_an_error_of_the_one_who_waits(processes: Processes, tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_bytes(b"{}\n" * 9)
    history = History([path], FORMATS["jsonl"])
    survey = surveyed(history, Selection(), lambda _: None, partial(looked_at_by, processes))
    path.write_bytes(b"")
    with pytest.raises(InputError, match="events: has become shorter"):
        told(DividedEngine(processes, made(())).run_pieces(survey.pieces, lambda _: None))


def test_all_events_of_an_account_and_of_a_visitor_go_to_one_process(day: Day) -> None:
    events = [msgspec.json.decode(value) for value in day.records]
    numbers = divided(day.records, 3)
    homes = {
        (event.get("account_id") or event["ip"], number)
        for event, number in zip(events, numbers, strict=True)
    }
    assert len({home for home, _ in homes}) == len(homes)
    assert {0, 1, 2} == set(numbers)
    # One by one, where something among them cannot be read, it is the same.
    assert numbers == divided([*day.records, b"no JSON"], 3)[:-1]


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)

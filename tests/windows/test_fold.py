"""The kernels, compiled and as plain Python; batches."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from detector.windows import EVENT, FEATURES, ROW, fold
from detector.windows.fold import REQUEST
from detector.windows.polls import TIMED
from tests.support import fold_plainly
from tests.support.rows import empty_rows
from tests.support.streams import events_of_a_tour, events_of_hands, events_of_strangers, random_events

HAMMERED = 7
"""In this case a page is asked for again and again."""
POLLED = 8
"""From this case on, most events are requests of an open page's parts at even times."""
SHARED = 10
"""From this case on, several people use one account."""
INTRUDED = 14
"""From this case on, strangers who know the password come and set another."""
TOURED = 16
"""In this case one device goes from province to province."""
CASES = [(seed, 250 if seed < INTRUDED else 400, 1 + seed % 4) for seed in range(17)]
"""Seed, events and rows in use: one row is crowded, several are sparse."""
SIZE = FEATURES.itemsize


@dataclass(frozen=True)
class Folded:
    """What came of a case: bytes of features and of rows."""

    features: bytes
    rows: bytes


def raw(array: NDArray[np.void]) -> bytes:
    """The bytes of records, what lies between their fields included."""
    return array.view(f"V{array.dtype.itemsize}").tobytes()


def chunks(features: bytes) -> list[bytes]:
    return [features[at : at + SIZE] for at in range(0, len(features), SIZE)]


def events_of(case: int) -> NDArray[np.void]:
    seed, count, _ = CASES[case]
    if case == TOURED:
        return events_of_a_tour(seed, count)
    if case >= INTRUDED:
        return events_of_strangers(seed, count)
    if case >= SHARED:
        return events_of_hands(seed, count)
    events = random_events(*CASES[case])
    if case == HAMMERED:
        events["time_ms"] = events["time_ms"][0] + np.cumsum(100 + events["time_ms"] % 400)
        events["type"] = REQUEST
        events["path"], events["device"], events["account"] = 5, events["device"][0], 0
    if case >= POLLED:
        number = np.arange(len(events))
        events["time_ms"] = events["time_ms"][0] + 20_000 * number + events["time_ms"] % 600
        events["type"][number % 8 > 0] = REQUEST
        events["path"] = number % 4
        events["device"] = events["device"][0]
        events["account"] = 1
    return events


def compiled(case: int) -> Folded:
    rows = empty_rows(CASES[case][2])
    return Folded(raw(fold(events_of(case), rows)), raw(rows))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> list[Folded]:
    """Every case folded by one process of plain Python; warnings of numpy are errors there too."""
    folder = tmp_path_factory.mktemp("plain")
    source, target = folder / "events.npz", folder / "folded.npz"
    np.savez(
        source,
        allow_pickle=False,
        sizes=np.array([size for _, _, size in CASES]),
        **{f"events-{case}": events_of(case).view(f"V{EVENT.itemsize}") for case in range(len(CASES))},
    )
    subprocess.run(  # noqa: S603  # our own module in our own interpreter
        [sys.executable, "-W", "error", "-m", fold_plainly.__name__, str(source), str(target)],
        check=True,
        timeout=120,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
    )
    with np.load(target) as made:
        return [
            Folded(made[f"features-{case}"].tobytes(), made[f"rows-{case}"].tobytes())
            for case in range(len(CASES))
        ]


@pytest.mark.parametrize("case", range(len(CASES)))
def test_compiled_features_are_those_of_plain_python_to_the_byte(plain: list[Folded], case: int) -> None:
    assert plain[case].features == compiled(case).features


@pytest.mark.parametrize("case", range(len(CASES)))
def test_compiled_rows_are_those_of_plain_python_to_the_byte(plain: list[Folded], case: int) -> None:
    assert plain[case].rows == compiled(case).rows


def test_the_streams_reach_every_count_that_rules_read() -> None:
    rows = [empty_rows(size) for _, _, size in CASES]
    features = np.concatenate([fold(events_of(case), rows[case]) for case in range(len(CASES))])
    still = {"verified", "network", "kind", "max_cities", "max_devices", "row"}
    assert [] == [name for name in set(FEATURES.names or ()) - still if not np.any(features[name] > 0)]
    assert TIMED <= np.concatenate(rows)["head"]["poll_even"].max()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.lists(st.integers(0, 120), max_size=6))
def test_a_stream_cut_anywhere_gives_the_same_rows_and_features(seed: int, cuts: list[int]) -> None:
    events = random_events(seed, 120, 3)
    whole, parts = np.zeros(3, ROW), np.zeros(3, ROW)
    expected = fold(events, whole)
    found = [fold(part, parts) for part in np.split(events, sorted(cuts))]
    assert raw(expected) == b"".join(raw(part) for part in found)
    assert raw(whole) == raw(parts)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_what_happens_to_other_rows_changes_nothing(seed: int) -> None:
    events = random_events(seed, 120, 3)
    together, alone = np.zeros(3, ROW), np.zeros(3, ROW)
    expected = fold(events, together)
    only = np.flatnonzero(events["row"] == 1)
    found = fold(events[only], alone)
    assert [raw(expected)[at * SIZE : (at + 1) * SIZE] for at in only] == chunks(raw(found))
    assert raw(together[1:2]) == raw(alone[1:2])


def test_features_repeat_what_the_event_says_of_itself() -> None:
    events = random_events(1, 50, 1)
    events["role"] = 0  # an administrator is excused
    features = fold(events, empty_rows(1))
    for name in (
        "time_ms",
        "row",
        "excused",
        "account",
        "network",
        "precision",
        "kind",
        "max_cities",
    ):
        assert events[name].tolist() == features[name].tolist(), name


def test_no_events_change_no_row() -> None:
    rows = np.zeros(2, ROW)
    assert 0 == len(fold(np.zeros(0, EVENT), rows))
    assert bytes(2 * ROW.itemsize) == raw(rows)

"""One seed's history: simulated and replayed by the commands a user has, then read by the baselines."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.baselines import BASELINES, accusations
from benchmarks.measure.activity import Activity, watched
from detector.enrich import Enricher, files
from detector.errors import DetectorError
from detector.events import Addresses, SessionEvent, decode
from detector.formats import open_lines, read_batches
from detector.scoring import Accusation, Label, read_alerts, read_labels


@dataclass(frozen=True, slots=True)
class Size:
    """How many accounts of which population, over how many days, each history holds."""

    population: str
    accounts: int
    days: int


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of one history; `baselines` are the accusations of each, by name."""

    seed: int
    events: int
    labels: tuple[Label, ...]
    alerts: tuple[Accusation, ...]
    baselines: dict[str, list[Accusation]]
    activity: Activity


def measure(seed: int, size: Size) -> Measured:
    """Simulate a history, replay it with its entitlements, and give it to the baselines."""
    with TemporaryDirectory(prefix="accuracy-") as folder:
        events, labels, entitled, alerts = (
            f"{folder}/{name}.jsonl" for name in ("events", "labels", "entitlements", "alerts")
        )
        extent = ("--population", size.population, "--accounts", str(size.accounts), "--days", str(size.days))
        files_made = ("--events", events, "--labels", labels, "--entitlements", entitled)
        _detector("simulate", *extent, "--seed", str(seed), *files_made)
        _detector("replay", events, "--entitlements", entitled, "--alerts", alerts)
        truth = tuple(read_labels(open_lines(labels), labels))
        activity: Activity = {}
        counted = _Counted()
        found = accusations(
            BASELINES, watched(counted.through(_events(Path(events))), truth, activity), _places().place
        )
        return Measured(
            seed, counted.number, truth, tuple(read_alerts(open_lines(alerts), alerts)), found, activity
        )


@dataclass(slots=True)
class _Counted:
    number: int = 0

    def through(self, events: Iterator[SessionEvent]) -> Iterator[SessionEvent]:
        for event in events:
            self.number += 1
            yield event


def _detector(*arguments: str) -> None:
    """Run the detector as a user would; raises DetectorError with what it said where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "detector", *arguments], check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise DetectorError(f"detector {' '.join(arguments)} failed: {done.stderr.strip()}")


def _events(path: Path) -> Iterator[SessionEvent]:
    addresses = Addresses()
    for batch in read_batches(path):
        yield from decode(batch.lines, addresses).events


class _Places:
    """Places of addresses by the shipped databases, each looked up once."""

    def __init__(self) -> None:
        enricher = Enricher(files("city", None), files("asn", None), hash64=hash)
        self.place = lru_cache(maxsize=200_000)(enricher.place)


def _places() -> _Places:
    return _Places()

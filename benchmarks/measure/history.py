"""One seed's history: simulated and replayed by the commands a user has, then read by the baselines."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from benchmarks.baselines import BASELINES, accusations
from benchmarks.measure.activity import Activity, watched
from detector.cli.words import counted
from detector.enrich import Enricher, files
from detector.errors import DetectorError
from detector.events import Addresses, SessionEvent, decode
from detector.formats import open_lines, read_batches
from detector.scoring import Accusation, Label, read_alerts, read_labels

MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Size:
    """What each history holds: whole decks of a population, or a number of accounts, over so many days."""

    population: str
    days: int
    decks: int = 1
    accounts: int | None = None
    """Instead of decks, for a short trial: not every profile is among a few accounts."""

    @property
    def options(self) -> tuple[str, ...]:
        """The options that ask for it, of `detector simulate` and of this benchmark alike."""
        many = ("--decks", self.decks) if self.accounts is None else ("--accounts", self.accounts)
        return tuple(map(str, ("--population", self.population, *many, "--days", self.days)))

    @property
    def words(self) -> str:
        """The same in words."""
        many = (
            counted(self.decks, "whole deck") if self.accounts is None else counted(self.accounts, "account")
        )
        return f"{many} over {counted(self.days, 'day')} each"


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
        files_made = ("--events", events, "--labels", labels, "--entitlements", entitled)
        tell = Telling(seed)
        tell("simulating")
        _detector("simulate", *size.options, "--seed", str(seed), *files_made)
        tell(f"replaying {Path(events).stat().st_size / MEGABYTE:,.0f} MB of events")
        _detector("replay", events, "--entitlements", entitled, "--alerts", alerts)
        tell("reading it as other systems' thresholds do")
        truth = tuple(read_labels(open_lines(labels), labels))
        activity: Activity = {}
        events_read = _Counted()
        found = accusations(
            BASELINES, watched(events_read.through(_events(Path(events))), truth, activity), _places().place
        )
        return Measured(
            seed, events_read.number, truth, tuple(read_alerts(open_lines(alerts), alerts)), found, activity
        )


class Telling:
    """Says on stderr how far a seed's history is, and after how long; histories are made side by side."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._began_s = perf_counter()

    def __call__(self, what: str) -> None:
        """Say what is done now."""
        minutes, seconds = divmod(int(perf_counter() - self._began_s), 60)
        print(f"seed {self._seed}, {minutes}:{seconds:02d}: {what}", file=sys.stderr, flush=True)


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

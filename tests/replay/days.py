"""A simulated day with abusers of every kind, and replays of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from detector.alerts import Alert
from detector.policy import Stamped
from detector.policy.entitlements import Entitlement
from detector.replay import Engine
from detector.replay.records import FileRecord
from detector.simulate import History, entitlements, messages, shipped_pools
from tests.rules.judging import workshop

DAY_MS = 86_400_000
MIDNIGHT_MS = 1_780_243_200_000
"""2026-06-01T00:00:00+08:00."""
ACCOUNTS = 60


@dataclass(frozen=True)
class Day:
    """Session events as JSON, in order of event time, and what the platform says of the accounts."""

    records: tuple[bytes, ...]
    granted: tuple[dict[str, Any], ...]

    @property
    def entitlements(self) -> list[Stamped]:
        """The entitlements, from ever."""
        return [
            Stamped(entry["key"], 0, msgspec.convert(entry["value"], Entitlement)) for entry in self.granted
        ]


@lru_cache(maxsize=1)
def simulated_day() -> Day:
    """Return a day of 60 inhabitants, the same in every run."""
    history = History(
        accounts=ACCOUNTS, days=1, seed=1, start_ms=MIDNIGHT_MS, pools=shipped_pools(), entitled=True
    )
    return Day(tuple(value for _, value, _ in messages(history)), tuple(entitlements(history)))


def engine(stamped: Iterable[Stamped] = (), *, lateness_ms: int = DAY_MS, **given: Any) -> Engine:
    """Return an engine with the shipped databases, and the default policy unless another is given."""
    made = workshop(lateness_ms=lateness_ms, **given)
    for one in stamped:
        made.entitlements.put(one)
    return Engine(made)


def replayed(
    values: Sequence[bytes], stamped: Iterable[Stamped] = (), *, batch: int = 5_000, **given: Any
) -> list[Alert]:
    """Return the alerts of events in any order within a day."""
    running = engine(stamped, **given)
    alerts = []
    for start in range(0, len(values), batch):
        made, refused = running.take([FileRecord(value) for value in values[start : start + batch]])
        assert ([], []) == (refused.rejected, refused.late)
        alerts += made
    return alerts + running.finish()

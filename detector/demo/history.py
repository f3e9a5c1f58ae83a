"""What is played: a labelled history, as the platform would send it."""

from dataclasses import dataclass
from typing import Final

import msgspec

from detector.enrich import files
from detector.scoring import Label
from detector.simulate import History, entitlements, messages, read_pools

START_MS: Final = 1_780_243_200_000
"""2026-06-01T00:00:00+08:00, a Monday: the same seed gives the same alerts on any day."""

Message = tuple[bytes, bytes, int]
"""Kafka key, value, and event time in Unix ms."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """Entitlements, events in event-time order, and what is true of whom."""

    entitlements: tuple[Message, ...]
    events: tuple[Message, ...]
    labels: tuple[Label, ...]


def simulated(*, accounts: int, days: int, seed: int) -> Simulated:
    """Simulate `accounts` people and abusers over `days` times 24 h."""
    (city,), (asn,) = files("city", None), files("asn", None)
    history = History(
        accounts=accounts,
        days=days,
        seed=seed,
        start_ms=START_MS,
        pools=read_pools(city, asn),
        entitled=True,
    )
    return Simulated(
        entitlements=tuple(
            (str(entry["key"]).encode(), msgspec.json.encode(entry["value"]), START_MS)
            for entry in entitlements(history)
        ),
        events=tuple(messages(history)),
        labels=tuple(history.labels()),
    )

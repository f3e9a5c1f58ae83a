"""What is played: a labelled history, as the platform would send it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import msgspec

from detector.scoring import Label
from detector.simulate import History, entitlements, messages, shipped_pools

START_MS: Final = 1_780_243_200_000
"""2026-06-01T00:00:00+08:00, a Monday: the same seed gives the same alerts on any day."""

Message = tuple[bytes, bytes, int]
"""Kafka key, value, and event time in Unix ms."""


@dataclass(frozen=True)
class Simulated:
    """What is true of whom, entitlements, and events, which take a while."""

    history: History

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """What is true of whom."""
        return tuple(self.history.labels())

    @cached_property
    def entitlements(self) -> tuple[Message, ...]:
        """What the platform says of accounts and organisations."""
        return tuple(
            (str(entry["key"]).encode(), msgspec.json.encode(entry["value"]), START_MS)
            for entry in entitlements(self.history)
        )

    @cached_property
    def events(self) -> tuple[Message, ...]:
        """What people and abusers do, in the order of event time."""
        return tuple(messages(self.history))


def simulated(*, accounts: int, days: int, seed: int) -> Simulated:
    """Simulate `accounts` people and abusers over `days` times 24 h."""
    return Simulated(
        History(
            accounts=accounts,
            days=days,
            seed=seed,
            start_ms=START_MS,
            pools=shipped_pools(),
            entitled=True,
        )
    )

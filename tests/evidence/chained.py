"""Alerts of a small replay, and ways to check them."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from detector.alerts import Alert, encode, link_hash
from detector.evidence import Chains, Fault, Heads, head_of, read_claim
from tests.policy.making import book, edited
from tests.replay.days import replayed, simulated_day

Json = dict[str, Any]


HASTY = edited('cooldown = "1d"', 'cooldown = "8h"').replace('lasts = "1d"', 'lasts = "4h"')
"""A policy that soon repeats itself."""


@lru_cache(maxsize=1)
def alerts() -> tuple[Alert, ...]:
    """A day's alerts, by a policy that soon repeats itself: cases of one alert, and longer ones."""
    day = replayed(simulated_day().records, simulated_day().entitlements, book=book(HASTY))
    assert {1, 2, 3} <= {alert.sequence for alert in day}
    return tuple(day)


@lru_cache(maxsize=1)
def lines() -> tuple[bytes, ...]:
    """The same as a file has them."""
    return tuple(encode(alert) for alert in alerts())


@lru_cache(maxsize=1)
def heads() -> Heads:
    return {alert.case_id: head_of(alert) for alert in alerts()}


def found(
    texts: Iterable[bytes], known: Heads | None = None, *, partial: bool = False, **given: bool
) -> list[Fault]:
    """What is found in a file of these lines."""
    chains = Chains(known, **given)
    faults = [
        fault
        for number, text in enumerate(texts, start=1)
        for fault in chains.take(f"line {number}", _claim(text), may_begin_late=partial)
    ]
    return [*faults, *chains.end()]


_claim = lru_cache(maxsize=1_000)(read_claim)
"""The same lines are checked again and again, and a check by the schema takes the longest."""


def named(faults: Iterable[Fault]) -> list[tuple[str, str]]:
    """Where, and the first words of what."""
    return [(fault.place, fault.what.partition(":")[0]) for fault in faults]


def case_of_three() -> list[bytes]:
    """The alerts of a case that has three of them."""
    ids = [alert.case_id for alert in alerts()]
    case = next(each for each in ids if ids.count(each) == 3)  # as the name says
    return [line for line, case_id in zip(lines(), ids, strict=True) if case_id == case]


def forged(line: bytes, **changed: Any) -> bytes:
    """An alert that was changed by somebody who knows how to hash it anew."""
    alert = {**json.loads(line), **changed}
    alert["chain"] = {**alert["chain"], "hash": link_hash(alert, alert["chain"]["previous"])}
    return json.dumps(alert).encode()


def without(texts: Sequence[bytes], place: int) -> list[bytes]:
    return [*texts[:place], *texts[place + 1 :]]

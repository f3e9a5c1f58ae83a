"""Alerts of a small replay, and ways to check them."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from detector.alerts import encode, link_hash
from detector.evidence import Chains, Fault, Heads, head_of, read_claim
from tests.replay.days import replayed, simulated_day

Json = dict[str, Any]


@lru_cache(maxsize=1)
def lines() -> tuple[bytes, ...]:
    """A day's alerts as a file has them: cases of one alert, and longer ones."""
    day = replayed(simulated_day().records, simulated_day().entitlements)
    assert {1, 2, 3} <= {alert.sequence for alert in day}
    return tuple(encode(alert) for alert in day)


@lru_cache(maxsize=1)
def heads() -> Heads:
    day = replayed(simulated_day().records, simulated_day().entitlements)
    return {alert.case_id: head_of(alert) for alert in day}


def found(
    texts: Iterable[bytes], known: Heads | None = None, *, partial: bool = False, **given: bool
) -> list[Fault]:
    """What is found in a file of these lines."""
    chains = Chains(known, **given)
    faults = [
        fault
        for number, text in enumerate(texts, start=1)
        for fault in chains.take(f"line {number}", read_claim(text), may_begin_late=partial)
    ]
    return [*faults, *chains.end()]


def named(faults: Iterable[Fault]) -> list[tuple[str, str]]:
    """Where, and the first words of what."""
    return [(fault.place, fault.what.partition(":")[0]) for fault in faults]


def longest_case() -> list[bytes]:
    """The alerts of the case with the most of them, three."""
    whole = lines()
    ids = [json.loads(line)["case_id"] for line in whole]
    longest = max(dict.fromkeys(ids), key=ids.count)
    case = [line for line, case_id in zip(whole, ids, strict=True) if case_id == longest]
    assert 3 == len(case)
    return case


def forged(line: bytes, **changed: Any) -> bytes:
    """An alert that was changed by somebody who knows how to hash it anew."""
    alert = {**json.loads(line), **changed}
    alert["chain"] = {**alert["chain"], "hash": link_hash(alert, alert["chain"]["previous"])}
    return json.dumps(alert).encode()


def without(texts: Sequence[bytes], place: int) -> list[bytes]:
    return [*texts[:place], *texts[place + 1 :]]

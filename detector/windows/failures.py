"""Failed logins of an account: how many, how fast, and whether they come from where it is at home."""

import numpy as np

from detector.windows.compiled import Array, Record, compiled
from detector.windows.layout import FAILED, FAILURES, SIGHTINGS, STRANGE, WITNESSES
from detector.windows.rings import add

LEAK_MS = 60_000.0
"""The bucket of failures loses one a minute."""


@compiled
def failure(event: Record, head: Record, totals: Array, hours: Array, sightings: Array) -> int:
    """Count a failed login; return the place of its witness in the ledger, -1 where it does not count.

    A failure against an account that is locked already is our own doing and says nothing new.
    """
    if event["locked"]:
        return -1
    add(head, totals, hours, FAILED)
    head["failure_run"] = min(int(head["failure_run"]) + 1, 4_000_000_000)
    if _strange(event, sightings):
        add(head, totals, hours, STRANGE)
        leaked = (int(event["time_ms"]) - int(head["failure_ms"])) / LEAK_MS
        head["failure_level"] = max(0.0, np.float64(head["failure_level"]) - leaked) + 1.0
        head["failure_ms"] = event["time_ms"]
        _remember(head["failure_prefix"], event["prefix"])
    witness = int(head["failure_next"])
    head["failure_next"] = (witness + 1) % WITNESSES
    return witness


@compiled
def success(head: Record) -> None:
    """End the run of failures: the password is known here."""
    head["failure_run"] = 0


@compiled
def _strange(event: Record, sightings: Array) -> bool:
    """Return whether the account was never seen, as far as the row reaches, from this network or device."""
    for slot in range(SIGHTINGS):
        seen = sightings[slot]
        if seen["count"] > 0 and (
            seen["prefix"] == event["prefix"] or (event["device"] != 0 and seen["device"] == event["device"])
        ):
            return False
    return True


@compiled
def _remember(prefixes: Array, prefix: int) -> None:
    """Keep the newest distinct networks of failures, the newest first."""
    place = FAILURES - 1
    for slot in range(FAILURES):
        if prefixes[slot] == prefix:
            place = slot
            break
    for slot in range(place, 0, -1):
        prefixes[slot] = prefixes[slot - 1]
    prefixes[0] = prefix

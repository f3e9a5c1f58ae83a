"""Failed logins of an account: how many, how fast, and whether they come from where it is at home."""

import numpy as np

from detector.windows.compiled import Array, Record, compiled
from detector.windows.layout import FAILED, FAILURES, STRANGE, WITNESSES
from detector.windows.rings import add
from detector.windows.strangers import FRESH, KNOWN_DEVICE, KNOWN_NETWORK

LEAK_MS = 60_000.0
"""The bucket of failures loses one a minute."""
SLOW_LEAK_MS = 3 * 3_600_000.0
"""The slow bucket loses one in three hours."""
MAYBE_HIS = 0.25
"""What a failure by an unknown device counts on the account's own provider and province, or by the IP version
that it never used: more likely than not it is a new device of the holder's."""
TIMED = 3
"""So many more gaps like the one before than unlike it are a timer's."""
MOST = 6
TIMER_MS = 30_000
"""A client that tries its old password again and again waits longer than this in between."""
ALIKE_SHARE = 10
"""Two gaps are alike that differ by a tenth at most."""


@compiled
def failure(event: Record, head: Record, totals: Array, hours: Array, known: int) -> int:
    """Count a failed login; return the place of its witness in the ledger, -1 where it does not count.

    A failure against an account that is locked already is our own doing and says nothing new. `known`: by
    what the login is known to the account (`detector.windows.strangers`).
    """
    if event["locked"]:
        return -1
    add(head, totals, hours, FAILED)
    head["failure_run"] = min(int(head["failure_run"]) + 1, 4_000_000_000)
    if not known & (KNOWN_DEVICE | KNOWN_NETWORK):
        _strange(event, head, known)
        if known == 0 or known & FRESH:
            add(head, totals, hours, STRANGE)
            _remember(head["failure_prefix"], event["prefix"])
    witness = int(head["failure_next"])
    head["failure_next"] = (witness + 1) % WITNESSES
    return witness


@compiled
def success(head: Record) -> None:
    """End the run of failures: the password is known here."""
    head["failure_run"] = 0


@compiled
def _strange(event: Record, head: Record, known: int) -> None:
    """Let both buckets leak, and fill them with a login that failed on an unknown device and network.

    What a timer does from one place is a client that was left with an old password: it fills no slow bucket.
    Nor does anything while the account is not known yet.
    """
    gap_ms = int(event["time_ms"]) - int(head["failure_ms"])
    part = 1.0 if known == 0 or known & FRESH else MAYBE_HIS
    head["failure_level"] = max(0.0, np.float64(head["failure_level"]) - gap_ms / LEAK_MS) + part
    timed = _timed(head, gap_ms) and head["failure_prefix"][0] == event["prefix"]
    slow = max(0.0, np.float64(head["failure_slow"]) - gap_ms / SLOW_LEAK_MS)
    head["failure_slow"] = slow if timed or known else slow + 1.0
    head["failure_ms"] = event["time_ms"]


@compiled
def _timed(head: Record, gap_ms: int) -> bool:
    """Take note of a gap between two strange failures; return whether a timer makes them."""
    before_ms = int(head["failure_gap_ms"])
    alike = gap_ms >= TIMER_MS and abs(gap_ms - before_ms) <= gap_ms // ALIKE_SHARE
    head["failure_gap_ms"] = min(gap_ms, 4_000_000_000)
    head["failure_even"] = (
        min(int(head["failure_even"]) + 1, MOST) if alike else max(int(head["failure_even"]) - 1, 0)
    )
    return bool(head["failure_even"] >= TIMED)


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

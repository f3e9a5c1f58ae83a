"""What the pairs of account and address in a row of logins add up to, in each window."""

from typing import Final

import numpy as np

from detector.windows.compiled import Array, Record, compiled
from detector.windows.crowds.layout import DAY_MS, ENTRIES

WINDOWS: Final = ("30m", "24h", "7d")
TALLY: Final = [
    ("accounts", "u2", len(WINDOWS)),  # that were tried in vain, each once
    ("unknown", "u4", len(WINDOWS)),  # tries at accounts that do not exist, a timer's left out
    ("tries", "u4", len(WINDOWS)),  # at accounts that do
    ("addresses", "u2", len(WINDOWS)),  # from which was tried
    ("most", "u2", len(WINDOWS)),  # pairs of the address with most of them
    ("tried_slots", "u8", len(WINDOWS)),
    ("plain_slots", "u8", len(WINDOWS)),  # of addresses that show it by themselves: two pairs, or PLAIN tries
    ("entered", "u2", len(WINDOWS)),  # accounts that strangers got into
    ("entered_slots", "u8", len(WINDOWS)),
]
PLAIN: Final = 6
"""Tries at accounts that do not exist, by one address, which are more than a slip of the pen."""
_SPANS_MS = (30 * 60_000, DAY_MS, 7 * DAY_MS)
_ONE = np.uint64(1)
_TRIED = 1


@compiled
def tally(entries: Array, now_ms: int, out: Record) -> None:
    """Fill the fields of TALLY."""
    for slot in range(ENTRIES):
        entry = entries[slot]
        age_ms = now_ms - int(entry["time_ms"])
        for window in range(3):
            if age_ms > _SPANS_MS[window]:
                continue
            if entry["got_in"]:
                out["entered"][window] += 1
                out["entered_slots"][window] |= _ONE << np.uint64(slot)
            if entry["state"] == _TRIED:
                _add(entries, slot, window, now_ms, out)


@compiled
def _add(entries: Array, slot: int, window: int, now_ms: int, out: Record) -> None:
    """Count a pair into a window; its account and its address only where they were not met before."""
    entry = entries[slot]
    span_ms = _SPANS_MS[window]
    bit = _ONE << np.uint64(slot)
    known = entry["account"] != 0
    new_account, new_address, pairs = known, True, 0
    for other in range(ENTRIES):
        there = entries[other]
        if there["state"] != _TRIED or now_ms - int(there["time_ms"]) > span_ms:
            continue
        if other < slot and there["account"] == entry["account"]:
            new_account = False
        if there["address"] == entry["address"]:
            pairs += 1
            new_address = new_address and other >= slot
    if known:
        out["tries"][window] += entry["tries"]
        out["accounts"][window] += 1 if new_account else 0
    else:
        out["unknown"][window] += entry["tries"] - min(entry["tries"], entry["timed"])
    if new_address:
        out["addresses"][window] += 1
    if entry["address"] == 0:  # behind an unknown proxy: whoever's it is
        return
    out["most"][window] = max(out["most"][window], pairs)
    out["tried_slots"][window] |= bit
    if pairs > 1 or entry["told"] >= PLAIN:
        out["plain_slots"][window] |= bit

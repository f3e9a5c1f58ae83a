"""Polls: what a page that is left open asks for by itself, told from what somebody chose.

Three signs, none of which needs a person's habits: pictures and scripts, the page that the device asked for
last, and pages asked for at even intervals. A page of many parts asks for all of them by turns, so a row
remembers the last pages of its devices, each with its interval.
"""

import numpy as np

from detector.windows.compiled import Array, Record, compiled
from detector.windows.layout import POLLS

TIMED = 3
"""So many more intervals like the one before than unlike it are a timer's: a page left open is known by them
after five rounds, and somebody seldom comes back to a page so evenly by chance."""
MOST = 6
"""A timer that misses a round or two, while its computer slept, stays one."""
BURST_MS = 2000
"""Parts of one page may be asked for under one path several times: an interval begins with the first."""
LONGEST_MS = 30 * 60_000
"""A longer one says nothing: the computer slept, or the page was opened anew."""
SLACK_MS = 500
SLACK_SHARE = 20
"""Two intervals are alike that differ by half a second and a twentieth at most: what a timer waits for its
turn and for the network's answer."""
LOW_32 = np.uint64(0xFFFFFFFF)
FORGET_MS = 24 * 3_600_000
KNOWN, ROUND, BY_TIMER = 1, 2, 4
"""Of a request: its page is among the last ones, it begins an interval, a timer asks for it."""


@compiled
def chosen(event: Record, head: Record, seen: Record, out: Record) -> bool:
    """Take note of a request of an account; return whether a person chose what it asks for.

    Sets `again` of the features where the page is among the last ones and this is no timer's round: what
    falls between two rounds of a timer is none.
    """
    if event["asset"]:
        return False
    same = event["path"] == seen["path"]
    seen["path"] = event["path"]
    page = np.uint64(event["path"]) ^ (np.uint64(seen["device"]) & LOW_32)
    kept = _timed(head["poll_page"], head["poll_ms"], head["poll_gap_ms"], head["poll_even"], page, event)
    timed = kept & BY_TIMER != 0
    out["again"] = kept & KNOWN != 0 and not (timed and kept & ROUND != 0)
    return not same and not timed


@compiled
def _timed(pages: Array, asked_ms: Array, gaps_ms: Array, even: Array, page: np.uint64, event: Record) -> int:
    """Take note of a device's page, given by a 32-bit hash; return KNOWN, ROUND and BY_TIMER as bits."""
    now_ms = int(event["time_ms"])
    slot = _find(pages, asked_ms, even, page)
    if pages[slot] != page or now_ms - asked_ms[slot] > FORGET_MS:
        pages[slot] = page
        asked_ms[slot] = now_ms
        gaps_ms[slot] = 0
        even[slot] = 0
        return ROUND
    kept = KNOWN
    gap_ms = now_ms - int(asked_ms[slot])
    if gap_ms >= BURST_MS:
        kept |= ROUND
        asked_ms[slot] = now_ms
        if gap_ms <= LONGEST_MS:
            alike = abs(gap_ms - int(gaps_ms[slot])) <= SLACK_MS + gap_ms // SLACK_SHARE
            gaps_ms[slot] = gap_ms
            even[slot] = min(int(even[slot]) + 1, MOST) if alike else max(int(even[slot]) - 1, 0)
    return kept | BY_TIMER if even[slot] >= TIMED else kept


@compiled
def _find(pages: Array, asked_ms: Array, even: Array, page: np.uint64) -> int:
    """Return the place of a page, or the one it takes: of the page asked for longest ago.

    A timer's page is kept a day longer, or one person's clicks would push it out between two rounds.
    """
    oldest = 0
    oldest_ms = int(asked_ms[0]) + FORGET_MS
    for slot in range(POLLS):
        if pages[slot] == page:
            return slot
        kept_ms = int(asked_ms[slot]) + (FORGET_MS if even[slot] >= TIMED else 0)
        if kept_ms < oldest_ms:
            oldest = slot
            oldest_ms = kept_ms
    return oldest

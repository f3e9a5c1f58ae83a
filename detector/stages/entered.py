"""Which accounts somebody may have entered: stage crowds tells of these by themselves.

It is known for as long as a finding of a takeover may be held against whoever entered, and whether or not it
led to a step; the account's case knows more.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import UNSET
from numpy.typing import NDArray

from detector.findings import Finding
from detector.ladder.intruders import AT_MOST_MS, TAKEOVER
from detector.policy import Book
from detector.rules import Rule
from detector.stages.order import Ordered


class Entered:
    """Says it of events, whatever batches they come in."""

    def __init__(self, rules: Sequence[Rule], book: Book) -> None:
        self._book = book
        self._slots = [slot for slot, rule in enumerate(rules) if rule.category == TAKEOVER]

    def before(self, features: NDArray[np.void], rows: NDArray[np.void]) -> NDArray[np.bool_]:
        """Return of each event whether a rule was heard of its account before these events, not long ago.

        `features`: FEATURES, of the events; `rows`: ROW, as they were before these events were judged.
        """
        heard_ms = rows["raised_ms"][features["row"][:, None], self._slots]
        lately = (heard_ms > 0) & (features["time_ms"][:, None] - heard_ms < AT_MOST_MS)
        entered: NDArray[np.bool_] = np.any(lately, axis=1)
        return entered

    def since(
        self,
        before: NDArray[np.bool_],
        ordered: Ordered,
        features: NDArray[np.void],
        findings: Sequence[Finding],
    ) -> NDArray[np.bool_]:
        """Return of each event the same with what was found in these events, up to it."""
        heard = {(one.account_id, one.event_id) for one in findings if self._is_of_takeover(one)}
        if not heard:
            return before
        entered, rows, times = before.copy(), features["row"], ordered.times
        for place, event in enumerate(ordered.events):
            if (event.account_id, event.event_id) in heard:
                lately = times[place:] - times[place] < AT_MOST_MS
                entered[place:] |= lately & (rows[place:] == rows[place])
        return entered

    def _is_of_takeover(self, one: Finding) -> bool:
        """Return whether what is in force says so: what is tried out in shadow changes nothing."""
        if one.category != TAKEOVER or one.trial is not UNSET:
            return False
        return self._book.mode(one.rule, one.time, one.product, one.plan) == "live"

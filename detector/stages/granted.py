"""What entitlements say of events: worked out once for an account and the time for which it holds."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detector.enrich.cache import RowCache
from detector.events import SessionEvent
from detector.policy.entitlements import Entitlements, Grant

GRANT: Final = np.dtype(
    [
        ("since_ms", "i8"),
        ("until_ms", "i8"),
        ("seats", "u2"),
        ("max_cities", "u1"),
        ("max_devices", "u1"),
        ("allows", "u1"),  # 1: there are entries to be looked at
    ],
    align=True,
)
"""What holds for one account in [since_ms, until_ms), Unix ms."""
_LIMITS: Final = ("max_cities", "max_devices", "seats")

Holder = tuple[str | None, str | None]
"""An account and the organisation that its event names."""


class Granted:
    """Rows of GRANT by account, kept within bounds."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._grants = Entitlements()
        self._version = -1
        self._moment = 0
        self._cache = self._new_cache()

    def fill(self, events: Sequence[SessionEvent], out: NDArray[np.void], grants: Entitlements) -> None:
        """Write what `grants` say at the moment of each event into `out`, EVENT of the same shape."""
        if not grants or not len(events):
            return
        if grants is not self._grants or grants.version != self._version:
            self._grants, self._version = grants, grants.version
            self._cache = self._new_cache()
        times = out["time_ms"]
        self._moment = int(times[-1])
        holders = [(event.account_id, event.org_id) for event in events]
        rows = self._cache.rows_of(holders)
        for name in _LIMITS:
            out[name] = rows[name]
        other = (times < rows["since_ms"]) | (times >= rows["until_ms"])
        for place in np.flatnonzero(other | (rows["allows"] > 0)).tolist():
            grant = grants.at(*holders[place], int(times[place]))
            if other[place]:
                out[list(_LIMITS)][place] = _limits(grant)
                self._cache.forget(holders[place])
            for entry in grant.allow:
                if entry.matches(events[place], int(out["asn"][place])):
                    out["excused"][place] |= entry.excuses

    def _new_cache(self) -> RowCache[Holder]:
        return RowCache(GRANT, self._row, self._capacity)

    def _row(self, holder: Holder) -> tuple[int, ...]:
        since, until, grant = self._grants.lasting(*holder, self._moment)
        cities, devices, seats = _limits(grant)
        return since, until, seats, cities, devices, bool(grant.allow)


def _limits(grant: Grant) -> tuple[int, int, int]:
    return min(grant.max_cities, 255), min(grant.max_devices, 255), min(grant.seats, 65_535)

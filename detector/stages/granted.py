"""What entitlements say of events: worked out once for an account and the time for which it holds."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detector.enrich import NetworkClass
from detector.enrich.cache import RowCache
from detector.events import SessionEvent
from detector.policy.entitlements import Entitlements, Grant
from detector.policy.uses import Uses, note, place_of

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
_NOWHERE: Final = frozenset((NetworkClass.MOBILE, NetworkClass.RELAY, NetworkClass.SATELLITE))
"""Networks whose addresses do not say where their user is."""
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

    def fill(
        self, events: Sequence[SessionEvent], out: NDArray[np.void], grants: Entitlements, uses: Uses
    ) -> None:
        """Write what `grants` say at the moment of each event into `out`, EVENT of the same shape.

        What allow entries were used for is noted in `uses`.
        """
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
            for owner, entry in zip(grant.owners, grant.allow, strict=True):
                if entry.matches(events[place], int(out["asn"][place])):
                    out["excused"][place] |= entry.excuses
                    where = _place(events[place], out[place])
                    note(uses, owner, entry.name, int(times[place]), int(out["prefix"][place]), where)

    def _new_cache(self) -> RowCache[Holder]:
        return RowCache(GRANT, self._row, self._capacity)

    def _row(self, holder: Holder) -> tuple[int, ...]:
        since, until, grant = self._grants.lasting(*holder, self._moment)
        cities, devices, seats = _limits(grant)
        return since, until, seats, cities, devices, bool(grant.allow)


def _place(event: SessionEvent, one: np.void) -> int | None:
    """Return from where an entry is used, None where that is not known or nobody is in yet."""
    if event.type == "login_failure" or one["asn"] == 0 or one["network"] in _NOWHERE:
        return None
    return place_of(int(one["asn"]), int(one["region"]))


def _limits(grant: Grant) -> tuple[int, int, int]:
    return min(grant.max_cities, 255), min(grant.max_devices, 255), min(grant.seats, 65_535)

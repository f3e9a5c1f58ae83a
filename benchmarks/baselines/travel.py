"""Impossible travel as it is commonly written: distance over time between two logins of one account."""

from dataclasses import dataclass, field

from detector.enrich import NetworkClass, Place, Precision
from detector.events import SessionEvent
from detector.scoring.labels import Subject
from detector.windows.geometry import distance_km

HOUR_MS = 3_600_000
LEAST_HOURS = 0.0001
"""Stands for no time at all."""
ANONYMOUS = (NetworkClass.VPN, NetworkClass.RELAY)


@dataclass(slots=True)
class Travel:
    """Accuses an account of going faster than `limit_kmh` since its login before.

    As the source does: positions are taken for exact, and logins through VPNs and relays are compared but
    not remembered. After a day no two places on earth are too far apart, so nothing need be forgotten.
    """

    limit_kmh: float
    _last: dict[str, tuple[int, float, float]] = field(default_factory=dict)

    def see(self, event: SessionEvent, time_ms: int, place: Place) -> Subject | None:
        """Take the next event; `time_ms`, Unix ms, never falls."""
        account = event.account_id
        if event.type != "login_success" or account is None or place.precision < Precision.CITY:
            return None
        before = self._last.get(account)
        if place.network not in ANONYMOUS:
            self._last[account] = (time_ms, place.latitude, place.longitude)
        if before is None:
            return None
        hours = (time_ms - before[0]) / HOUR_MS or LEAST_HOURS
        speed_kmh = distance_km(before[1], before[2], place.latitude, place.longitude) / hours
        return Subject(type="account", id=account) if speed_kmh > self.limit_kmh else None

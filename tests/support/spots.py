"""One account's row and the events folded into it, told in minutes and in places."""

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.windows import EVENT, fold
from detector.windows.layout import EVENT_TYPES, IPV6
from tests.support.rows import empty_rows

START_MS = 494_512 * 3_600_000
"""A full clock hour, so that windows of clock hours can be counted from it."""
MINUTE_MS = 60_000
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
KM_A_DEGREE = 111.19508
"""Of latitude, on the mean radius of the earth."""


@dataclass(frozen=True)
class Spot:
    """A network and where it is; the fields are those of EVENT."""

    prefix: int
    asn: int
    region: int
    lat: float
    lon: float
    radius_km: float = 10.0
    precision: int = 3
    version: int = 4
    anchored: int = 1
    hosting: int = 0
    fixed: int = 1


SHANGHAI = Spot(prefix=1, asn=4812, region=31, lat=31.2304, lon=121.474)
SHANGHAI_OTHER_LINE = Spot(prefix=2, asn=9929, region=31, lat=31.2304, lon=121.474)
NANJING = Spot(prefix=3, asn=4134, region=32, lat=32.0607, lon=118.763)
"""273 km from Shanghai."""
BEIJING = Spot(prefix=4, asn=4808, region=11, lat=39.9042, lon=116.407)
"""1,067 km from Shanghai."""
BEIJING_OTHER_LINE = Spot(prefix=10, asn=4847, region=11, lat=39.9042, lon=116.407)
CHENGDU = Spot(prefix=5, asn=4134, region=51, lat=30.6509, lon=104.076)
BEIJING_6 = Spot(prefix=6, asn=4808, region=11, lat=39.9042, lon=116.407, version=IPV6)
SHANGHAI_6 = Spot(prefix=7, asn=4812, region=31, lat=31.2304, lon=121.474, version=IPV6)
CARRIER = Spot(prefix=8, asn=9808, region=44, lat=23.1317, lon=113.266, anchored=0, fixed=0)
CLOUD = Spot(prefix=9, asn=37963, region=11, lat=39.9042, lon=116.407, anchored=0, hosting=1, fixed=0)


def north_of(spot: Spot, away_km: float, **more: Any) -> Spot:
    """Return another spot `away_km` north; both are best given a radius of 0."""
    return replace(spot, **({"prefix": 50, "asn": 50, "lat": spot.lat + away_km / KM_A_DEGREE} | more))


class Account:
    """A row; every event is folded alone, and its features are returned."""

    def __init__(self) -> None:
        self.rows = empty_rows(1)
        self._paths = 0

    def sees(
        self, minute: float, spot: Spot = SHANGHAI, device: int = 1, kind: str = "login_success", **more: Any
    ) -> Any:
        """Fold an event `minute` minutes after the start; a desktop's, unless `more` says otherwise."""
        return self.sees_at(round(minute * MINUTE_MS), spot, device, kind, **more)

    def sees_at(
        self, after_ms: int, spot: Spot = SHANGHAI, device: int = 1, kind: str = "login_success", **more: Any
    ) -> Any:
        """The same, `after_ms` milliseconds after the start."""
        event = np.zeros(1, EVENT)
        said = asdict(spot) | {"time_ms": START_MS + after_ms, "device": device, "desktop": 1, "account": 1}
        for name, value in (said | more).items():
            event[name] = value
        event["type"] = EVENT_TYPES.index(kind)
        return fold(event, self.rows).view(np.recarray)[0]

    def asks(self, minute: float, path: int | None = None, **more: Any) -> Any:
        """Fold a request, for a path not asked for before where none is given."""
        self._paths += 1
        return self.sees(minute, kind="request", path=self._paths if path is None else path, **more)

    def looks(self, after_ms: int) -> Any:
        """Fold what counts nowhere, to read the windows at a moment."""
        return self.sees_at(after_ms, kind="compromise_report")

    @property
    def head(self) -> Any:
        return self.rows["head"][0]

    @property
    def sightings(self) -> NDArray[np.void]:
        """The ones in use, in the order of their slots."""
        found: NDArray[np.void] = self.rows["sightings"][0]
        return found[found["count"] > 0]

"""What floods the service: the same costly requests again and again, as fast as they go out."""

from dataclasses import dataclass
from random import Random

from detector.simulate.world import site
from detector.simulate.world.visits import Recorder, Visit

COSTLY = ("/search", "/api/v2/search", "/api/v2/exports", "/rankings", "/")
BUSY_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Flood:
    """Sends `a_minute` requests, over all `sources`, for paths of `targets`; some are turned away.

    The service falters under a real flood: a quarter of the answers are 429, 502 or 503.
    """

    a_minute: float
    targets: tuple[str, ...]
    sources: tuple[str, ...]

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        time_ms, rate = float(visit.start_ms), self.a_minute / 60_000
        while time_ms < visit.end_ms:
            code = rng.choice((429, 502, 503)) if rng.random() < BUSY_SHARE else 200
            record.add(
                "request",
                int(time_ms),
                ip=rng.choice(self.sources),
                method="GET",
                path=rng.choice(self.targets),
                status=code,
                bytes=site.size(rng),
            )
            time_ms += rng.expovariate(rate)

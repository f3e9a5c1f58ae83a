"""What programs do during a visit: fetch page after page, ask the same every minute, guess passwords."""

from dataclasses import dataclass
from random import Random

from detector.simulate.world import site
from detector.simulate.world.visits import Recorder, Visit

LOCK_AFTER = 60


@dataclass(frozen=True, slots=True)
class Crawl:
    """Fetches `form` with ascending numbers from `first_thing`, every `gap_ms` with a log-normal spread.

    `spread` is the sigma of the gap's logarithm. Never an asset; now and then a page of a list to find more.
    """

    gap_ms: float
    spread: float
    first_thing: int
    form: str = "/api/v2/materials/{}"
    login: bool = False

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        time_ms = float(visit.start_ms)
        if self.login:
            record.add("login_success", int(time_ms))
            time_ms += rng.randrange(200, 900)
        thing = self.first_thing
        while time_ms < visit.end_ms:
            thing += 1
            path = self.form.format(thing % site.THINGS)
            if thing % 40 == 0:
                path = f"/rankings/{thing // 40}"
            code = 404 if rng.random() < 0.03 else 200  # noqa: PLR2004 - share of numbers without a thing
            record.add("request", int(time_ms), method="GET", path=path, status=code, bytes=site.size(rng))
            time_ms += 50 + self.gap_ms * rng.lognormvariate(0.0, self.spread)


@dataclass(frozen=True, slots=True)
class Refresh:
    """A page left open that asks for news every minute, as its own program tells it to."""

    path: str = "/api/v2/notifications"
    gap_ms: int = 60_000

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        for time_ms in range(visit.start_ms, visit.end_ms, self.gap_ms):
            late_ms = rng.randrange(400)
            record.add("request", time_ms + late_ms, method="GET", path=self.path, status=200, bytes=310)


@dataclass(frozen=True, slots=True)
class Guess:
    """Tries `tries` passwords on the visit's account, which the platform calls locked after a while."""

    tries: int
    gap_ms: float

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        time_ms = float(visit.start_ms)
        for number in range(self.tries):
            if time_ms >= visit.end_ms:
                return
            reason = "bad_password" if number < LOCK_AFTER else "locked"
            record.add("login_failure", int(time_ms), reason=reason)
            time_ms += 150 + self.gap_ms * rng.lognormvariate(0.0, 0.5)

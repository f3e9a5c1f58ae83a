"""What well-meant programs do: ask for news, check that all is well, read feeds, try an old password."""

from dataclasses import dataclass
from random import Random

from detector.simulate.programs.pace import Pace
from detector.simulate.world import site
from detector.simulate.world.visits import Recorder, Visit

NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Poll:
    """Asks for the same `paths` by turns, `share_304` of the times with nothing new."""

    paths: tuple[str, ...]
    pace: Pace
    share_304: float = 0.0
    method: str = "GET"
    bytes: int = 420

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        time_ms, number = float(visit.start_ms), 0
        while time_ms < visit.end_ms:
            code = NOT_MODIFIED if rng.random() < self.share_304 else 200
            size = 0 if code == NOT_MODIFIED else self.bytes + rng.randrange(40)
            path = self.paths[number % len(self.paths)]
            record.add("request", int(time_ms), method=self.method, path=path, status=code, bytes=size)
            time_ms += self.pace.gap(rng)
            number += 1


@dataclass(frozen=True, slots=True)
class Watch:
    """A television's app: a login at times, then one thing after the other with heartbeats."""

    login: bool = False

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        time_ms = visit.start_ms
        if self.login:
            record.add("login_success", time_ms)
            time_ms += rng.randrange(800, 2_000)
        while time_ms < visit.end_ms:
            thing = rng.randrange(site.THINGS)
            path = f"/api/v2/materials/{thing}/play"
            record.add("request", time_ms, method="GET", path=path, status=200, bytes=site.size(rng))
            ends_ms = min(time_ms + int(rng.uniform(90_000, 1_500_000)), visit.end_ms)
            for beat_ms in range(time_ms + 60_000, ends_ms, 60_000):
                record.add("heartbeat", beat_ms + rng.randrange(300))
            time_ms = ends_ms + rng.randrange(4_000, 40_000)


@dataclass(frozen=True, slots=True)
class OldPassword:
    """A program that was never told the new password tries the old one, again and again."""

    pace: Pace

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        time_ms = float(visit.start_ms)
        while time_ms < visit.end_ms:
            record.add("login_failure", int(time_ms), reason="bad_password")
            time_ms += self.pace.gap(rng)


@dataclass(frozen=True, slots=True)
class KeepToRobots:
    """A search engine's crawler: robots.txt first, then `pages` public pages."""

    pages: int
    pace: Pace
    robots: bool = True

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        time_ms = float(visit.start_ms)
        if self.robots:
            record.add("request", int(time_ms), method="GET", path="/robots.txt", status=200, bytes=212)
            time_ms += self.pace.gap(rng)
        for _ in range(self.pages):
            if time_ms >= visit.end_ms:
                return
            form = rng.choices(("/materials/{}", "/rankings/{}", "/categories/{}/pages/1"), (80, 10, 10))[0]
            path = form.format(rng.randrange(site.THINGS if "materials" in form else site.CATEGORIES))
            code = rng.choices((200, 304, 404, 301), (80, 10, 7, 3))[0]
            record.add("request", int(time_ms), method="GET", path=path, status=code, bytes=site.size(rng))
            time_ms += self.pace.gap(rng)

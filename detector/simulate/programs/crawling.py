"""What crawlers do during a run: walk through a catalogue, with or without a browser around them."""

from dataclasses import dataclass
from random import Random

from detector.simulate.programs.pace import Pace
from detector.simulate.world import site
from detector.simulate.world.visits import Recorder, Visit

API_FORMS = ("/api/v2/materials/{}", "/api/v2/materials/{}/trend")
PAGE_FORMS = ("/materials/{}", "/materials/{}/trend")
BEAT_MS = 300_000


@dataclass(frozen=True, slots=True)
class Walk:
    """Which things a crawler takes: every `step`-th from `first` on, and a list before every `listed` things.

    `both` forms of a thing or only the first; `gone` is the share of numbers without a thing.
    """

    first: int
    step: int = 1
    forms: tuple[str, ...] = API_FORMS
    both: bool = False
    listed: int = 40
    gone: float = 0.03

    def paths(self, number: int) -> list[str]:
        """Return what is fetched for the thing number `number` of this walk."""
        thing = (self.first + number * self.step) % site.THINGS
        forms = self.forms if self.both else self.forms[:1]
        lists = [site.listing(thing // self.listed)] if number % self.listed == 0 else []
        return [*lists, *(form.format(thing) for form in forms)]


@dataclass(frozen=True, slots=True)
class Harvest:
    """Fetches what `walk` says, one after the other, and not an asset; at most `limit` things.

    `rest_share` of the gaps are a rest of `rest_ms`, log-normal, as careful programs take them.
    """

    walk: Walk
    pace: Pace
    login: bool = False
    limit: int = 1_000_000
    rest_share: float = 0.0
    rest_ms: float = 0.0

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        time_ms = float(visit.start_ms)
        if self.login:
            record.add("login_success", int(time_ms))
            time_ms += rng.randrange(200, 900)
        for number in range(self.limit):
            for path in self.walk.paths(number):
                if time_ms >= visit.end_ms:
                    return
                code = 404 if rng.random() < self.walk.gone else 200
                record.add(
                    "request", int(time_ms), method="GET", path=path, status=code, bytes=site.size(rng)
                )
                time_ms += self.pace.gap(rng)
            if rng.random() < self.rest_share:
                time_ms += self.rest_ms * rng.lognormvariate(0.0, 0.5)


@dataclass(frozen=True, slots=True)
class Rendered:
    """Opens page after page in a driven browser, which fetches scripts, pictures and data as browsers do.

    A fresh profile caches nothing: every `fresh` pages the browser is started anew and loads all assets.
    """

    walk: Walk
    pace: Pace
    login: bool = False
    fresh: int = 50

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        time_ms, beat_ms, number = float(visit.start_ms), visit.start_ms + BEAT_MS, 0
        if self.login:
            record.add("login_success", int(time_ms))
            time_ms += rng.randrange(1_500, 4_000)
        while time_ms < visit.end_ms:
            for path in self.walk.paths(number):
                self._open(record, rng, int(time_ms), path, first=number % self.fresh == 0)
                time_ms += self.pace.gap(rng)
                if time_ms >= beat_ms and visit.account is not None:
                    record.add("heartbeat", min(int(time_ms), visit.end_ms - 1))
                    beat_ms += BEAT_MS
            number += 1

    def _open(self, record: Recorder, rng: Random, time_ms: int, path: str, *, first: bool) -> None:
        code = 404 if rng.random() < self.walk.gone else 200
        record.add("request", time_ms, method="GET", path=path, status=code, bytes=site.size(rng))
        for asset in [*site.FIRST_ASSETS, *site.pictures(rng)] if first else site.pictures(rng)[:6]:
            late_ms = time_ms + 30 + rng.randrange(700)
            record.add("request", late_ms, method="GET", path=asset, status=200, bytes=site.size(rng))
        data = f"/api/v2{path}"
        record.add("request", time_ms + 60, method="GET", path=data, status=code, bytes=site.size(rng))

"""What happens beside a visit's own script: something reported, exported, opened in bulk."""

from dataclasses import dataclass
from random import Random

from detector.simulate.world import site
from detector.simulate.world.visits import Recorder, Script, Visit

ACCOUNT_PAGES = ("/settings/security", "/settings/profile", "/settings/members", "/settings/api-keys")


@dataclass(frozen=True, slots=True)
class Aside:
    """`script`, and one event of type `kind` when `share` of the visit is over."""

    script: Script
    kind: str
    share: float = 0.5

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        self.script.unroll(visit, record, rng)
        record.add(self.kind, visit.start_ms + int(self.share * (visit.end_ms - visit.start_ms)))


@dataclass(frozen=True, slots=True)
class Exports:
    """`script`, and `count` files taken away, each a download of megabytes, seconds to minutes apart."""

    script: Script
    count: int

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        self.script.unroll(visit, record, rng)
        span_ms = max(1, visit.end_ms - visit.start_ms - 60_000)
        for _ in range(self.count):
            path = site.export(rng)
            size = int(rng.lognormvariate(14.5, 1.0))
            time_ms = visit.start_ms + 30_000 + rng.randrange(span_ms)
            record.add("request", time_ms, method="GET", path=path, status=200, bytes=size)


@dataclass(frozen=True, slots=True)
class AccountPages:
    """`script`, and a look at `count` of the pages where an account's own data and keys are."""

    script: Script
    count: int

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        self.script.unroll(visit, record, rng)
        time_ms = visit.start_ms + 20_000
        for path in (rng.choice(ACCOUNT_PAGES) for _ in range(self.count)):
            time_ms += rng.randrange(3_000, 40_000)
            record.add("request", time_ms, method="GET", path=path, status=200, bytes=site.size(rng))


@dataclass(frozen=True, slots=True)
class Tabs:
    """`script`, and now and then a result list whose entries are all opened at once, each in its own tab."""

    script: Script
    bunches: int

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        self.script.unroll(visit, record, rng)
        for _ in range(self.bunches):
            time_ms = visit.start_ms + rng.randrange(max(1, visit.end_ms - visit.start_ms - 30_000))
            for _ in range(rng.randrange(8, 25)):
                time_ms += rng.randrange(120, 900)
                path = f"/materials/{rng.randrange(site.THINGS)}"
                record.add("request", time_ms, method="GET", path=path, status=200, bytes=site.size(rng))


@dataclass(frozen=True, slots=True)
class Skim:
    """Reads page after page, a few seconds each, as a screen reader's user or a fast clicker does.

    Pauses are log-normal with a median of `median_s` seconds; every now and then there is a longer one.
    """

    script: Script
    median_s: float = 5.0

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        self.script.unroll(visit, record, rng)
        time_ms = visit.start_ms + 5_000
        number = 0 if visit.account is None else visit.account.number
        while time_ms < visit.end_ms:
            path = site.page(rng, number, visit.device.client)
            record.add("request", time_ms, method="GET", path=path, status=200, bytes=site.size(rng))
            rest = rng.random() < 0.04  # noqa: PLR2004 - share of pages after which something else is done
            time_ms += int(1_000 * rng.lognormvariate(0, 0.8) * (60 if rest else self.median_s))

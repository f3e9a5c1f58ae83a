"""How a person's visit becomes events: login with typos, pages with pauses, assets, heartbeats, logout."""

from dataclasses import dataclass
from random import Random

from detector.simulate.world import site
from detector.simulate.world.registrations import personal
from detector.simulate.world.visits import Recorder, Visit

HEARTBEAT_MS = 300_000
LONGEST_PAUSE_MS = 1_500_000
TYPO_SHARE = 0.05
ASSET_MS = 400


@dataclass(frozen=True, slots=True)
class Browse:
    """A person reads and works until the visit ends, which `logout` may close in so many words.

    `failures` wrong passwords precede the login, `new_password` follows them; `registers` opens the account.
    Pauses between pages are log-normal with a median of 35 s, as people's reading times are.
    Source: Liu, White, Dumais, "Understanding web browsing behaviors through Weibull analysis of dwell time"
    (SIGIR 2010), whose heavy right tail the log-normal keeps.
    """

    login: bool
    logout: bool = False
    failures: int = 0
    new_password: bool = False
    registers: bool = False

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        time_ms = self._enter(visit, record, rng)
        self._read(visit, record, rng, time_ms)
        if self.logout:
            record.add("logout", visit.end_ms)

    def _enter(self, visit: Visit, record: Recorder, rng: Random) -> int:
        time_ms = visit.start_ms
        if self.registers:
            record.add("registration", time_ms, registration=_registration(visit, rng))
            time_ms += rng.randrange(2_000, 20_000)
        if not self.login:
            return time_ms
        typo = self.failures == 0 and rng.random() < TYPO_SHARE
        for _ in range(self.failures + typo):
            record.add("login_failure", time_ms, reason="bad_password")
            time_ms += 3_000 + int(rng.lognormvariate(9.0, 0.6))
        if self.new_password:
            time_ms += rng.randrange(20_000, 90_000)
            record.add("password_change", time_ms)
            time_ms += rng.randrange(3_000, 12_000)
        record.add("login_success", time_ms)
        return time_ms + rng.randrange(300, 2_000)

    def _read(self, visit: Visit, record: Recorder, rng: Random, time_ms: int) -> None:
        device, account = visit.device, visit.account
        number = account.number if account is not None else 0
        web = device.client == "web"
        first = True
        while time_ms < visit.end_ms:
            path = site.page(rng, number, device.client)
            code = site.status(rng)
            record.add("request", time_ms, method="GET", path=path, status=code, bytes=site.size(rng))
            if web:
                _load_assets(record, rng, time_ms, first=first)
            first = False
            pause_ms = 1_200 + min(int(rng.lognormvariate(10.45, 1.0)), LONGEST_PAUSE_MS)
            for beat_ms in range(time_ms + HEARTBEAT_MS, min(time_ms + pause_ms, visit.end_ms), HEARTBEAT_MS):
                record.add("heartbeat", beat_ms + rng.randrange(1_500))
            time_ms += pause_ms


def _load_assets(record: Recorder, rng: Random, time_ms: int, *, first: bool) -> None:
    """Record what a browser fetches with a page; later pages find most of it in the cache."""
    fetched = [site.thumbnail(rng)] if rng.random() < 0.3 else []  # noqa: PLR2004 - pages with a new one
    for path in [*site.FIRST_ASSETS, *fetched] if first else fetched:
        delay_ms = 20 + rng.randrange(ASSET_MS)
        record.add("request", time_ms + delay_ms, method="GET", path=path, status=200, bytes=site.size(rng))


def _registration(visit: Visit, rng: Random) -> dict[str, str]:
    own = Random(visit.account.account_id if visit.account is not None else "")
    return {
        "email_domain": rng.choice(("qq.com", "163.com", "126.com", "foxmail.com", "outlook.com")),
        "phone_prefix": rng.choice(("138", "139", "150", "158", "177", "186", "189")),
        "username": personal(own).username,
        "outcome": "created",
    }

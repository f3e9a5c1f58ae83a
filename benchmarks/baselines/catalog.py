"""Seven thresholds in wide use, with their sources."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from benchmarks.baselines.counting import Leaky, MoreThan
from benchmarks.baselines.travel import Travel
from detector.enrich import Place
from detector.events import SessionEvent
from detector.scoring.labels import Subject

FIVE_MINUTES_MS: Final = 300_000
DAY_MS: Final = 86_400_000
COMMON: Final = "commonly used"
STATIC: Final = (
    ".js",
    ".css",
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".svg",
    ".ico",
    ".webp",
    ".woff",
    ".woff2",
    ".ttf",
    ".map",
)
_ATTEMPTS: Final = {"login_failure", "registration"}


class Watch(Protocol):
    """Sees every event of a history in order and says whom it accuses at this one."""

    def see(self, event: SessionEvent, time_ms: int, place: Place) -> Subject | None:
        """Take the next event; `time_ms`, Unix ms, never falls."""
        ...


@dataclass(frozen=True, slots=True)
class Baseline:
    """A threshold: what it accuses of, the rule in words, whose it is, and how to make one."""

    name: str
    category: str
    rule: str
    source: str
    make: Callable[[], Watch]


def _user(event: SessionEvent) -> Subject | None:
    """Return the account that was let in, whatever it did."""
    if event.account_id is None or event.type in _ATTEMPTS:
        return None
    return Subject(type="account", id=event.account_id)


def _failing(event: SessionEvent) -> Subject | None:
    return Subject(type="network", id=event.ip) if event.type == "login_failure" else None


def _reading(event: SessionEvent) -> Subject | None:
    """Return the address of a request for what is no static file."""
    if event.type != "request" or event.path is None or _page(event.path).endswith(STATIC):
        return None
    return Subject(type="network", id=event.ip)


def _registering(event: SessionEvent) -> Subject | None:
    created = event.registration is None or event.registration.outcome == "created"
    return Subject(type="network", id=event.ip) if event.type == "registration" and created else None


def _page(path: str) -> str:
    return path.partition("?")[0]


def _itself(event: SessionEvent, _place: Place) -> str:
    return event.event_id


BASELINES: Final = (
    Baseline(
        "travel",
        "city_switching",
        "two logins faster than 900 km/h",
        "Panther, `impossible_travel_login.py` (github.com/panther-labs/panther-analysis)",
        lambda: Travel(900.0),
    ),
    Baseline(
        "cities",
        "city_switching",
        "more than 2 cities in 5 minutes",
        COMMON,
        lambda: MoreThan(2, FIVE_MINUTES_MS, _user, lambda _, place: place.city),
    ),
    Baseline(
        "addresses",
        "account_sharing",
        "more than 3 addresses in 5 minutes",
        COMMON,
        lambda: MoreThan(3, FIVE_MINUTES_MS, _user, lambda event, _: event.ip),
    ),
    Baseline(
        "devices",
        "account_sharing",
        "more than 4 devices in 24 hours",
        "tirreno, rule D06, which counts without a window (github.com/tirrenotechnologies/tirreno)",
        lambda: MoreThan(4, DAY_MS, _user, lambda event, _: event.device_id or ""),
    ),
    Baseline(
        "failures",
        "credential_attack",
        "5 failures, leaking one per 10 s, by address",
        "CrowdSec, `http-generic-bf.yaml` (github.com/crowdsecurity/hub)",
        lambda: Leaky(5, 10_000, _failing, _itself),
    ),
    Baseline(
        "paths",
        "crawler",
        "40 distinct paths, leaking one per 0.5 s, by address",
        "CrowdSec, `http-crawl-non_statics.yaml` (github.com/crowdsecurity/hub)",
        lambda: Leaky(40, 500, _reading, lambda event, _: _page(event.path or "")),
    ),
    Baseline(
        "sign_ups",
        "batch_registration",
        "more than 5 sign-ups in 5 minutes, by address",
        "Datadog, rule `bl-signup-ratelimit` (docs.datadoghq.com/security/default_rules)",
        lambda: MoreThan(5, FIVE_MINUTES_MS, _registering, _itself),
    ),
)

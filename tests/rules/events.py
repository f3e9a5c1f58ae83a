"""Session events of one account or visitor, as the platform writes them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.rules.networks import BEIJING, Network

Event = dict[str, Any]

NOON_MS = 1_780_286_400_000
"""2026-06-01T12:00:00+08:00, the beginning of a clock hour."""
SECOND_MS = 1000
MINUTE_MS = 60_000
HOUR_MS = 3_600_000

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/136.0.0.0 Safari/537.36"
)
EDGE = f"{CHROME} Edg/136.0.0.0"
PHONE_APP = "Mozilla/5.0 (Linux; Android 14; V2309A) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36"
GOOGLEBOT_AGENT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
OTHER_BOT_AGENT = "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)"


@dataclass(frozen=True)
class Hand:
    """Who acts from where: an account on a device behind a network; `account` None is a visitor."""

    network: Network = BEIJING
    device: str | None = "laptop"
    agent: str = CHROME
    account: str | None = "acc-1"
    session: str | None = None
    org: str | None = None
    role: str | None = None

    def behind(self, network: Network) -> "Hand":
        """Return the same hand elsewhere."""
        return replace(self, network=network)

    def login(self, time_ms: int) -> Event:
        """Log in."""
        return self._event(time_ms, "login_success")

    def failure(self, time_ms: int, reason: str = "bad_password", number: int = 0) -> Event:
        """Fail to log in; `number` tells apart what happens in the same millisecond."""
        return self._event(time_ms, "login_failure", number, reason=reason)

    def registration(self, time_ms: int, outcome: str = "created", **told: str) -> Event:
        """Sign up, or try to; `told` is what a registration says of itself."""
        return self._event(time_ms, "registration", registration={**told, "outcome": outcome})

    def new_password(self, time_ms: int) -> Event:
        """Change the password."""
        return self._event(time_ms, "password_change")

    def report(self, time_ms: int) -> Event:
        """Report that somebody else uses the account."""
        return self._event(time_ms, "compromise_report")

    def beat(self, time_ms: int) -> Event:
        """Send a heartbeat: an open page's, whoever sits before it."""
        return self._event(time_ms, "heartbeat")

    def request(self, time_ms: int, path: str, status: int = 200) -> Event:
        """Ask for a path."""
        return self._event(time_ms, "request", method="GET", path=path, status=status)

    def pages(self, times_ms: Sequence[int], distinct: int | None = None) -> Iterator[Event]:
        """Ask for one page after another: all different ones, or `distinct` ones by turns."""
        for number, time_ms in enumerate(times_ms):
            yield self.request(time_ms, f"/material/{number % (distinct or len(times_ms))}")

    def shuffled(self, times_ms: Sequence[int]) -> Iterator[Event]:
        """Ask for different pages in no order: each number times a large prime, of as many as there are."""
        for number, time_ms in enumerate(times_ms):
            yield self.request(time_ms, f"/material/{number * number * 7919 % 1_000_003}/{number}/x")

    def parts(self, times_ms: Sequence[int], count: int) -> Iterator[Event]:
        """Ask for the `count` parts of a page, a tenth of a second apart, again and again."""
        for time_ms in times_ms:
            yield from self.pages([time_ms + 100 * part for part in range(count)])

    def assets(self, times_ms: Sequence[int]) -> Iterator[Event]:
        """Ask for pictures and scripts."""
        for number, time_ms in enumerate(times_ms):
            yield self.request(time_ms, f"/static/{number % 7}.js")

    def _event(self, time_ms: int, kind: str, number: int = 0, **more: Any) -> Event:
        event = {
            "event_id": f"{self.account}/{self.device}/{kind}/{time_ms}/{number:03d}/{more.get('path', '')}",
            "type": kind,
            "time": time_ms,
            "ip": self.network.ip,
            "user_agent": self.agent,
            "device_id": self.device,
            "session_id": self.session,
            "account_id": self.account,
            "org_id": self.org,
            "role": self.role,
            **more,
        }
        return {name: value for name, value in event.items() if value is not None}


LAPTOP = Hand()
PHONE = Hand(device="phone", agent=PHONE_APP)


def every(gap_ms: float, count: int, start_ms: int = NOON_MS) -> list[int]:
    """Return `count` moments, evenly spaced."""
    return [start_ms + round(number * gap_ms) for number in range(count)]


def unevenly(gap_ms: float, count: int, start_ms: int = NOON_MS) -> list[int]:
    """Return `count` moments with the mean gap, in bursts of four as people click."""
    return [start_ms + round((number - 0.9 * (number % 4)) * gap_ms) for number in range(count)]

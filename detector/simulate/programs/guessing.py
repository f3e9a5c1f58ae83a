"""What programs do that try passwords, and what they do with those that open."""

from dataclasses import dataclass
from random import Random

from detector.simulate.programs.pace import Pace
from detector.simulate.world import site
from detector.simulate.world.visits import Recorder, Visit

LOCKED_AFTER = 40
EXPORT_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class BruteForce:
    """Tries `tries` passwords on one account, from one address after the other of `sources`.

    The platform locks it for a while after some failures; the program goes on none the less.
    """

    account_id: str
    tries: int
    pace: Pace
    sources: tuple[str, ...]
    locked_after: int = LOCKED_AFTER

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        time_ms = float(visit.start_ms)
        for number in range(self.tries):
            if time_ms >= visit.end_ms:
                return
            reason = "bad_password" if number < self.locked_after else "locked"
            source = self.sources[number % len(self.sources)]
            record.add("login_failure", int(time_ms), ip=source, account_id=self.account_id, reason=reason)
            time_ms += self.pace.gap(rng)


@dataclass(frozen=True, slots=True)
class Stuffing:
    """Tries a list of leaked names, each with its own password, until the visit's end.

    `known` are the accounts of the list that exist, met in this order; the rest is unknown to the platform
    and has no account. Every try leaves from the next of `sources`.
    """

    known: tuple[str, ...]
    known_share: float
    pace: Pace
    sources: tuple[str, ...]

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        time_ms, number, waiting = float(visit.start_ms), rng.randrange(len(self.sources)), list(self.known)
        waiting.reverse()
        while time_ms < visit.end_ms:
            source = self.sources[number % len(self.sources)]
            number += 1
            if waiting and rng.random() < self.known_share:
                who = {"account_id": waiting.pop(), "reason": "bad_password"}
            else:
                who = {"reason": "unknown_account"}
            record.add("login_failure", int(time_ms), ip=source, **who)
            time_ms += self.pace.gap(rng)


@dataclass(frozen=True, slots=True)
class Spraying:
    """Tries the same common password on one account after the other, evenly spread over the visit."""

    accounts: tuple[str, ...]
    sources: tuple[str, ...]

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        gap_ms = (visit.end_ms - visit.start_ms) / (len(self.accounts) + 1)
        for number, account_id in enumerate(self.accounts):
            time_ms = visit.start_ms + int(gap_ms * (number + rng.random()))
            source = rng.choice(self.sources)
            record.add("login_failure", time_ms, ip=source, account_id=account_id, reason="bad_password")


@dataclass(frozen=True, slots=True)
class BreakIn:
    """A password that opens: what the account holds is looked through and taken out.

    `exports` in bulk among `pages`; with `new_password` the owner is locked out.
    """

    pages: int
    exports: int
    pace: Pace
    new_password: bool = False

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        time_ms = float(visit.start_ms)
        record.add("login_success", int(time_ms))
        if self.new_password:
            time_ms += rng.randrange(4_000, 60_000)
            record.add("password_change", int(time_ms))
        look = ["/api/v2/settings/profile", "/api/v2/settings/billing"]
        look += [site.export(rng) for _ in range(self.exports)]
        look += [f"/api/v2/materials/{rng.randrange(site.THINGS)}" for _ in range(self.pages)]
        for path in look:
            time_ms += self.pace.gap(rng)
            if time_ms >= visit.end_ms:
                return
            record.add("request", int(time_ms), method="GET", path=path, status=200, bytes=site.size(rng))


@dataclass(frozen=True, slots=True)
class Replay:
    """Uses a session of somebody else's: requests without a login, from one of `sources` after the other."""

    requests: int
    pace: Pace
    sources: tuple[str, ...]

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        time_ms = float(visit.start_ms)
        for number in range(self.requests):
            if time_ms >= visit.end_ms:
                return
            path = f"/api/v2/materials/{rng.randrange(site.THINGS)}"
            path = site.export(rng) if rng.random() < EXPORT_SHARE else path
            source = self.sources[number % len(self.sources)]
            record.add(
                "request", int(time_ms), ip=source, method="GET", path=path, status=200, bytes=site.size(rng)
            )
            time_ms += self.pace.gap(rng)

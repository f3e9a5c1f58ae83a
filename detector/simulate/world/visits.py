"""A visit: one stretch of use of the platform, planned first and unrolled into events when its time comes."""

from dataclasses import dataclass
from random import Random
from typing import Protocol, TypeAlias

from detector.simulate.world.devices import Device
from detector.simulate.world.holidays import FREE_DAYS, MADE_UP_DAYS
from detector.simulate.world.places import City

Event: TypeAlias = dict[str, object]
Dated: TypeAlias = tuple[int, str, Event]  # (time in Unix ms, event_id, event): sorts as events are judged

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
SHANGHAI_MS = 8 * HOUR_MS  # Asia/Shanghai, which has known no summer time since 1991
SATURDAY = 5
EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday


@dataclass(frozen=True, slots=True)
class Account:
    """Who the platform believes to see; `number` counts accounts from 0."""

    number: int
    account_id: str
    product: str = "youcloud"
    org_id: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A local calendar day: its number in the history and its midnight in Unix ms."""

    index: int
    start_ms: int

    @property
    def weekend(self) -> bool:
        """Saturday or Sunday, by the local calendar."""
        return ((self.start_ms + SHANGHAI_MS) // DAY_MS + EPOCH_WEEKDAY) % 7 >= SATURDAY

    @property
    def off(self) -> bool:
        """A day on which offices are closed: see `holidays`."""
        date = (self.start_ms + SHANGHAI_MS) // DAY_MS
        return date in FREE_DAYS or (self.weekend and date not in MADE_UP_DAYS)

    def at_ms(self, hour: float) -> int:
        """Return the moment `hour` hours after local midnight, in Unix ms."""
        return self.start_ms + int(hour * HOUR_MS)


class Script(Protocol):
    """What somebody does during a visit."""

    def unroll(self, visit: "Visit", record: "Recorder", rng: Random) -> None:
        """Record the visit's events; times need not ascend."""
        ...


@dataclass(frozen=True, slots=True)
class Visit:
    """One stretch of use: who (None: no account), with what, from where, when, doing what.

    `city` is where the device really is, whatever a database makes of `ip`. `affair` marks what a label is
    about: see `inhabitants.Charge`. The interval is [start_ms, end_ms).
    """

    account: Account | None
    device: Device
    city: City
    ip: str
    session_id: str | None
    start_ms: int
    end_ms: int
    script: Script
    seed: int
    affair: int | None = None

    def events(self) -> list[Dated]:
        """Unroll the visit into its events, in no order."""
        rng = Random(self.seed)
        recorder = Recorder(self, rng)
        self.script.unroll(self, recorder, rng)
        return recorder.dated


class Recorder:
    """Collects a visit's events; what they have in common is worked out once."""

    __slots__ = ("_common", "_rng", "dated")

    def __init__(self, visit: Visit, rng: Random) -> None:
        account, device = visit.account, visit.device
        common = {
            "account_id": account.account_id if account is not None else None,
            "org_id": account.org_id if account is not None else None,
            "role": account.role if account is not None else None,
            "product": account.product if account is not None else "youcloud",
            "session_id": visit.session_id,
            "device_id": device.device_id,
            "ip": visit.ip,
            "user_agent": device.user_agent,
            "tls_fingerprint": device.tls_fingerprint,
            "client": device.client,
        }
        self._common: Event = {key: value for key, value in common.items() if value is not None}
        self._rng = rng
        self.dated: list[Dated] = []

    def add(self, kind: str, time_ms: int, **fields: object) -> None:
        """One event of type `kind` with its own fields."""
        event_id = f"{self._rng.getrandbits(80):020x}"
        event = {"event_id": event_id, "type": kind, "time": time_ms, **self._common, **fields}
        self.dated.append((time_ms, event_id, event))

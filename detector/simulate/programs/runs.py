"""A run: one stretch of a program's work, as a visit."""

from collections.abc import Iterator
from random import Random

from detector.simulate.programs.hideouts import Spot
from detector.simulate.world.devices import Device
from detector.simulate.world.visits import DAY_MS, HOUR_MS, Account, Day, Script, Visit


def run(
    tool: Device,
    spot: Spot,
    span_ms: tuple[int, int],
    script: Script,
    rng: Random,
    *,
    account: Account | None = None,
    session_id: str | None = None,
    affair: int | None = 0,
) -> Visit:
    """Plan one program's work over [start, end) in Unix ms; an account's run without a session gets one."""
    if account is not None and session_id is None:
        session_id = new_session(rng)
    return Visit(
        account=account,
        device=tool,
        city=spot.city,
        ip=spot.ip,
        session_id=session_id,
        start_ms=span_ms[0],
        end_ms=max(span_ms[0] + 1, span_ms[1]),
        script=script,
        seed=rng.getrandbits(64),
        affair=affair,
    )


def new_session(rng: Random) -> str:
    """Draw a session's id."""
    return f"{rng.getrandbits(64):016x}"


def stretch(day: Day, start_h: float, minutes: float) -> tuple[int, int]:
    """Return [start, end) in Unix ms of some minutes from an hour of the day on."""
    start_ms = day.at_ms(start_h)
    return start_ms, start_ms + max(1, int(minutes * 60_000))


def hourly(span_ms: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Cut a long stretch into hours, so that no visit holds a day's events at once."""
    start_ms, end_ms = span_ms
    while start_ms < end_ms:
        cut_ms = min(start_ms + HOUR_MS, end_ms)
        yield start_ms, cut_ms
        start_ms = cut_ms


def whole_day(day: Day) -> tuple[int, int]:
    """Return a local day's 24 hours."""
    return day.start_ms, day.start_ms + DAY_MS

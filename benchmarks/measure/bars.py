"""The bars: what the detector has to reach on histories it was not tuned on, and whether it does."""

import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.measure.activity import Activity, worked_ms
from benchmarks.measure.worst import hit, missed, slow, wrong
from detector.scoring import Score
from detector.scoring.confidence import Rate, Share, share
from detector.scoring.ledger import Outcome
from detector.scoring.score import Level
from detector.scoring.tally import Row

UNITS_MS: Final = {"min": 60_000, "h": 3_600_000}
QUICK: Final = ("credential_attack", "flooding")
"""Categories that must be seen within a minute, whatever the profile."""
QUICK_PROFILES: Final = ("fast", "burst")
"""Words in the names of crawlers' and registrations' profiles that must be, too."""
SLOW: Final = ("account_sharing", "seat_sharing", "city_switching")
LEAST_WEEKS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what is measured, what it must be, what it is with its 95 % bounds, and whether it is met.

    `met` is None where nothing was measured; `where` names the headings that fall short of it most.
    """

    what: str
    target: str
    value: str
    bounds: str
    met: bool | None
    where: tuple[str, ...] = ()


def bars(score: Score, activity: Sequence[Activity]) -> list[Bar]:
    """Hold a score against all bars; `activity` by history."""
    return [
        *_precisions(score.warn),
        *_recalls(score),
        *_alarms(score),
        *_delays(score.warn.affairs, activity),
        _enough(score.account_weeks),
    ]


def _precisions(warn: Level) -> Iterator[Bar]:
    measured = [row for row in warn.by_category if row.precision.whole]
    worst = min(measured, key=lambda row: (row.precision.value or 0.0, row.name), default=None)
    where = wrong(warn.by_category)
    yield _least("precision of cases at `warn` or above", warn.overall.precision, 0.99, where)
    yield _least("the same, counted by affair", warn.overall.affair_precision, 0.97, where)
    precision = worst.precision if worst else share(0, 0)
    yield _least(f"precision in the worst category{_named(worst)}", precision, 0.95, where)


def _recalls(score: Score) -> Iterator[Bar]:
    warn, restrict = score.warn, score.restrict
    yield _least("recall over affairs", warn.overall.recall, 0.95, missed(warn.by_strength))
    for what, target, names in (
        ("recall, blatant and clear", 0.98, ("blatant", "clear")),
        ("recall, subtle (aim 0.90)", 0.80, ("subtle",)),
    ):
        where = missed(_of_strength(warn.by_strength, *names))
        yield _least(what, _strength(warn.by_difficulty, *names), target, where)
    yield _least(
        "recall of the blatant at `restrict` or above",
        _strength(restrict.by_difficulty, "blatant"),
        0.90,
        missed(_of_strength(restrict.by_strength, "blatant")),
    )


def _alarms(score: Score) -> Iterator[Bar]:
    warn, restrict = score.warn, score.restrict
    innocents = [row for row in warn.by_profile if row.hit.whole]
    hardest = max(innocents, key=lambda row: (row.hit.value or 0.0, row.name), default=None)
    yield _most(
        "false alarms per 1,000 innocent accounts and week (aim 0.2)",
        warn.overall.false_alarms,
        0.5,
        hit(warn.by_profile),
    )
    yield _most(
        f"share of the worst innocent profile hit{_named(hardest)}",
        hardest.hit if hardest else share(0, 0),
        0.005,
        hit(warn.by_profile),
    )
    yield _most(
        "false alarms at `restrict` or above", restrict.overall.false_alarms, 0.0, hit(restrict.by_profile)
    )


def _delays(affairs: Sequence[Outcome], activity: Sequence[Activity]) -> Iterator[Bar]:
    yield _delay(
        "median delay: attacks, floods, fast crawlers, bursts of registrations", 1, "min", _quick(affairs)
    )
    yield _delay("median activity before sharing and switching are seen", 1, "h", _worked(affairs, activity))


def _of_strength(rows: Iterable[Row], *names: str) -> list[Row]:
    return [row for row in rows if row.name.rpartition(", ")[2] in names]


def _strength(rows: Iterable[Row], *names: str) -> Share:
    chosen = [row.recall for row in rows if row.name in names]
    return share(sum(each.part for each in chosen), sum(each.whole for each in chosen))


def _named(row: Row | None) -> str:
    return "" if row is None else f", `{row.name}`"


def _least(what: str, measured: Share, target: float, where: tuple[str, ...] = ()) -> Bar:
    return _bar(what, f"≥ {target:.2f}", measured, 3, lambda value: value >= target, where)


def _most(what: str, measured: Share | Rate, target: float, where: tuple[str, ...] = ()) -> Bar:
    return _bar(what, f"≤ {target:g}" if target else "0", measured, 4, lambda value: value <= target, where)


def _bar(
    what: str,
    target: str,
    measured: Share | Rate,
    digits: int,
    met: Callable[[float], bool],
    where: tuple[str, ...],
) -> Bar:
    if measured.value is None:
        return Bar(what, target, "-", "-", None)
    bounds = f"{measured.low:.{digits}f} to {measured.high:.{digits}f}"
    return Bar(what, target, f"{measured.value:.{digits}f}", bounds, met(measured.value), where)


def _quick(affairs: Iterable[Outcome]) -> list[tuple[str, int]]:
    return [
        (each.profile, each.caught_ms - each.from_ms)
        for each in affairs
        if each.caught_ms is not None
        and (each.category in QUICK or any(word in each.profile for word in QUICK_PROFILES))
    ]


def _worked(affairs: Iterable[Outcome], activity: Sequence[Activity]) -> list[tuple[str, int]]:
    slow_ones = (each for each in affairs if each.category in SLOW)
    delays = ((each.profile, worked_ms(each, activity[each.history])) for each in slow_ones)
    return [(profile, delay_ms) for profile, delay_ms in delays if delay_ms is not None]


def _delay(what: str, number: int, unit: str, delays: Sequence[tuple[str, int]]) -> Bar:
    target = f"≤ {number} {unit}"
    if not delays:
        return Bar(what, target, "-", "-", None)
    unit_ms = UNITS_MS[unit]
    median = statistics.median(delay_ms for _, delay_ms in delays)
    return Bar(
        what,
        target,
        f"{median / unit_ms:.1f} {unit}",
        f"of {len(delays)}",
        median <= number * unit_ms,
        slow(delays, number * unit_ms, unit_ms, unit),
    )


def _enough(weeks: float) -> Bar:
    return Bar(
        "innocent account-weeks measured", f"≥ {LEAST_WEEKS:,}", f"{weeks:,.0f}", "-", weeks >= LEAST_WEEKS
    )

"""The bars: what the detector has to reach on histories it was not tuned on, and whether it does."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.measure.activity import Activity, worked_ms
from detector.scoring import Score
from detector.scoring.confidence import Rate, Share, share
from detector.scoring.ledger import Outcome
from detector.scoring.tally import Row

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
QUICK: Final = ("credential_attack", "flooding")
"""Categories that must be seen within a minute, whatever the profile."""
QUICK_PROFILES: Final = ("fast", "burst")
"""Words in the names of crawlers' and registrations' profiles that must be, too."""
SLOW: Final = ("account_sharing", "seat_sharing", "city_switching")
LEAST_WEEKS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what is measured, what it must be, what it is with its 95 % bounds, and whether it is met.

    `met` is None where nothing was measured.
    """

    what: str
    target: str
    value: str
    bounds: str
    met: bool | None


def bars(score: Score, activity: Sequence[Activity]) -> list[Bar]:
    """Hold a score against all bars; `activity` by history."""
    warn, restrict = score.warn, score.restrict
    strong = _strength(warn.by_difficulty, "blatant", "clear")
    categories = [row for row in warn.by_category if row.precision.whole]
    worst = min(categories, key=lambda row: (row.precision.value or 0.0, row.name), default=None)
    innocents = [row for row in warn.by_profile if row.hit.whole]
    hardest = max(innocents, key=lambda row: (row.hit.value or 0.0, row.name), default=None)
    none = share(0, 0)
    return [
        _least("precision of cases at `warn` or above", warn.overall.precision, 0.99),
        _least("the same, counted by affair", warn.overall.affair_precision, 0.97),
        _least(f"precision in the worst category{_named(worst)}", worst.precision if worst else none, 0.95),
        _least("recall over affairs", warn.overall.recall, 0.95),
        _least("recall, blatant and clear", strong, 0.98),
        _least("recall, subtle (aim 0.90)", _strength(warn.by_difficulty, "subtle"), 0.80),
        _most("false alarms per 1,000 innocent accounts and week (aim 0.2)", warn.overall.false_alarms, 0.5),
        _most("the same at `restrict` or above", restrict.overall.false_alarms, 0.0),
        _most(
            f"share of the worst innocent profile hit{_named(hardest)}",
            hardest.hit if hardest else none,
            0.005,
        ),
        _least(
            "recall of the blatant at `restrict` or above", _strength(restrict.by_difficulty, "blatant"), 0.90
        ),
        _delay(
            "median delay: attacks, floods, fast crawlers, bursts of registrations",
            1,
            MINUTE_MS,
            _quick(warn.affairs),
        ),
        _delay(
            "median activity before sharing and switching are seen",
            1,
            HOUR_MS,
            _worked(warn.affairs, activity),
        ),
        _enough(score.account_weeks),
    ]


def _strength(rows: Iterable[Row], *names: str) -> Share:
    chosen = [row.recall for row in rows if row.name in names]
    return share(sum(each.part for each in chosen), sum(each.whole for each in chosen))


def _named(row: Row | None) -> str:
    return "" if row is None else f", `{row.name}`"


def _least(what: str, measured: Share, target: float) -> Bar:
    return _bar(what, f"≥ {target:.2f}", measured, 3, lambda value: value >= target)


def _most(what: str, measured: Share | Rate, target: float) -> Bar:
    return _bar(what, f"≤ {target:g}" if target else "0", measured, 4, lambda value: value <= target)


def _bar(what: str, target: str, measured: Share | Rate, digits: int, met: Callable[[float], bool]) -> Bar:
    if measured.value is None:
        return Bar(what, target, "-", "-", None)
    bounds = f"{measured.low:.{digits}f} to {measured.high:.{digits}f}"
    return Bar(what, target, f"{measured.value:.{digits}f}", bounds, met(measured.value))


def _quick(affairs: Iterable[Outcome]) -> list[int]:
    return [
        each.caught_ms - each.from_ms
        for each in affairs
        if each.caught_ms is not None
        and (each.category in QUICK or any(word in each.profile for word in QUICK_PROFILES))
    ]


def _worked(affairs: Iterable[Outcome], activity: Sequence[Activity]) -> list[int]:
    delays = [worked_ms(each, activity[each.history]) for each in affairs if each.category in SLOW]
    return [each for each in delays if each is not None]


def _delay(what: str, number: int, unit_ms: int, delays_ms: Sequence[int]) -> Bar:
    unit = "min" if unit_ms == MINUTE_MS else "h"
    target = f"≤ {number} {unit}"
    if not delays_ms:
        return Bar(what, target, "-", "-", None)
    median = statistics.median(delays_ms)
    return Bar(
        what, target, f"{median / unit_ms:.1f} {unit}", f"of {len(delays_ms)}", median <= number * unit_ms
    )


def _enough(weeks: float) -> Bar:
    return Bar(
        "innocent account-weeks measured", f"≥ {LEAST_WEEKS:,}", f"{weeks:,.0f}", "-", weeks >= LEAST_WEEKS
    )

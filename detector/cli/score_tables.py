"""A score as tables of at most 100 columns on a terminal, and as plain columns in a pipe."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table

from detector.scoring import Score
from detector.scoring.confidence import Rate, Share
from detector.scoring.restate import Restated
from detector.scoring.score import Level
from detector.scoring.tally import Delay, Row

_UNITS: Final = ((172_800_000, 86_400_000, "d"), (3_600_000, 3_600_000, "h"), (60_000, 60_000, "m"))
"""From how many ms on, in what unit, by which letter."""
_ABUSE: Final = ("right", "prec.", "low", "caught", "recall", "low", "delay", "p90")


def show(result: Score, console: Console, *, details: bool = False) -> None:
    """Print a score; the details number histories from 1, in the order they were given."""
    console.print(
        f"{result.innocents:,} innocent accounts, {result.account_weeks:,.1f} account-weeks; "
        f"{result.overall.affairs:,} affairs of abuse",
        highlight=False,
    )
    tables = [_summary(result, console), _categories(result, console)]
    tables += [_difficulties(level, console) for level in (result.warn, result.restrict)]
    tables += [_abusers(result, console), _innocents(result, console)]
    for table in tables:
        if table.row_count:
            console.print()
            console.print(table)
    for line in particulars(result.warn) if details else ():
        console.print(line, soft_wrap=True, markup=False, highlight=False)


def _summary(result: Score, console: Console) -> Table:
    table = _table(console, "", "warn or above", "restrict or above")
    rows = (result.warn.overall, result.restrict.overall)
    restated = result.restated
    for what, cells in (
        ("right of all cases", (_parts(row.precision) for row in rows)),
        ("precision", (bounded(row.precision) for row in rows)),
        ("precision by affair", (bounded(row.affair_precision) for row in rows)),
        ("caught of all affairs", (_parts(row.recall) for row in rows)),
        ("recall", (bounded(row.recall) for row in rows)),
        ("F1", (_number(row.f1) for row in rows)),
        ("delay: median, p90", (f"{span(row.delay.median_ms)}, {span(row.delay.p90_ms)}" for row in rows)),
        ("innocent accounts hit", (_parts(row.hit) for row in rows)),
        ("false alarms", (str(row.false_alarms.count) for row in rows)),
        ("  per 1,000 accounts and week", (bounded(row.false_alarms) for row in rows)),
    ):
        table.add_row(what, *cells)
    table.add_row(f"precision, {restated.prevalence:.1%} abusive", bounded(restated), "")
    return table


def _categories(result: Score, console: Console) -> Table:
    headings = ("right", "prec.", "low", "caught", "recall", "low", "F1", "delay", "p90", "false", "rate")
    table = _table(console, "category", *headings)
    for row in (*result.warn.by_category, result.overall):
        table.add_row(
            row.name,
            _parts(row.precision),
            *_with_low(row.precision),
            *_caught(row),
            _number(row.f1),
            *_delay(row.delay),
            str(row.false_alarms.count),
            _number(row.false_alarms.value, 2),
        )
    return table


def _difficulties(level: Level, console: Console) -> Table:
    table = _table(console, f"difficulty, {level.name}", *_ABUSE)
    for row in level.by_difficulty:
        table.add_row(row.name, *_abuse(row))
    return table


def _abusers(result: Score, console: Console) -> Table:
    """Each profile at each of its strengths; those without a strength by profile alone."""
    table = _table(console, "abusers", *_ABUSE)
    weak = {each.profile for each in result.warn.affairs if each.difficulty is None}
    rows = [row for row in result.warn.by_profile if row.name in weak]
    for row in sorted((*rows, *result.warn.by_strength), key=lambda row: row.name):
        table.add_row(row.name, *_abuse(row))
    return table


def _innocents(result: Score, console: Console) -> Table:
    table = _table(console, "innocents", "accounts", "hit", "share", "high", "false", "rate", "high")
    for row in result.warn.by_profile:
        if row.hit.whole or row.false_alarms.count:
            table.add_row(
                row.name,
                str(row.hit.whole),
                str(row.hit.part),
                _number(row.hit.value, 4),
                _number(row.hit.high, 4),
                str(row.false_alarms.count),
                _number(row.false_alarms.value, 2),
                _number(row.false_alarms.high, 2),
            )
    return table


def particulars(level: Level) -> Iterable[str]:
    """Say in a line each what was wrong and what was missed; histories are numbered from 1."""
    for wrong in level.wrong:
        yield (
            f"wrong: {wrong.action} for {wrong.category}, {wrong.subject.type} {wrong.subject.id} "
            f"of history {wrong.history + 1} ({', '.join(wrong.profiles)}), {_moment(wrong.decided_time)}, "
            f"names {len(wrong.innocents)} innocent"
        )
    for missed in level.missed:
        yield (
            f"missed: {missed.difficulty or ''} {missed.category}, {missed.subject.type} {missed.subject.id} "
            f"of history {missed.history + 1} ({missed.profile}), from {_moment(missed.from_ms)}"
        )


def _abuse(row: Row) -> Iterable[str]:
    return (_parts(row.precision), *_with_low(row.precision), *_caught(row), *_delay(row.delay))


def _caught(row: Row) -> tuple[str, ...]:
    return (_parts(row.recall), *_with_low(row.recall))


def _table(console: Console, first: str, *others: str) -> Table:
    terminal = console.is_terminal
    padding = (0, 0 if terminal else 2, 0, 0)  # the box has a space of its own
    table = Table(box=box.SIMPLE_HEAD if terminal else None, pad_edge=False, padding=padding)
    table.add_column(first, no_wrap=True)
    for heading in others:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _parts(value: Share) -> str:
    return f"{value.part}/{value.whole}"


def _with_low(value: Share) -> tuple[str, str]:
    return _number(value.value), _number(value.low)


def bounded(value: Share | Rate | Restated, digits: int = 3) -> str:
    """Return a figure with its bounds, `0.5 (0.4 to 0.6)`; `-` where there is none."""
    if value.value is None:
        return "-"
    low, high = _number(value.low, digits), _number(value.high, digits)
    return f"{_number(value.value, digits)} ({low} to {high})"


def _number(value: float | None, digits: int = 3) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _delay(delay: Delay) -> tuple[str, str]:
    return span(delay.median_ms), span(delay.p90_ms)


def span(span_ms: float | None) -> str:
    """Return a time in a unit that suits it: `40 s`, `5.0 m`, `2.1 h`, `3.0 d`."""
    if span_ms is None:
        return "-"
    for since_ms, unit_ms, letter in _UNITS:
        if span_ms >= since_ms:
            return f"{span_ms / unit_ms:.1f} {letter}"
    return f"{span_ms / 1000:.0f} s"


def _moment(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")

"""docs/accuracy.md, made from what was measured."""

from collections.abc import Iterable, Iterator, Sequence

from benchmarks.measure.bars import Bar, bars
from benchmarks.measure.history import Measured, Size
from benchmarks.measure.prose import HEAD, HELD_OUT, RARE, RIVALS, SHORT, TRADE_OFF, TUNED_ON, WHY
from benchmarks.measure.reasons import reasons
from benchmarks.measure.rivals import Rival, rivals, together
from benchmarks.measure.seeds import TUNING
from benchmarks.measure.tradeoff import trade_off
from detector.cli import score_tables
from detector.cli.score_tables import bounded, span
from detector.cli.words import counted
from detector.scoring import Judged, Score, pooled
from detector.scoring.score import Level
from detector.scoring.tally import Row


def page(measured: Sequence[Measured], size: Size) -> str:
    """Return the page: the same histories and alerts give the same text."""
    histories = [Judged(each.alerts, each.labels) for each in measured]
    score = pooled(histories)
    parts = [
        _head(measured, size, score),
        *_bars(bars(score, [each.activity for each in measured])),
        *_why(score.warn),
        _summary(score),
        _categories(score),
        _difficulties(score),
        _abusers(score),
        _innocents(score),
        _rare(score),
        _trade_off(trade_off(histories)),
        _rivals(rivals(measured, score.warn), together(measured), score.overall),
    ]
    return "\n\n".join(parts) + "\n"


def particulars(measured: Sequence[Measured]) -> str:
    """Return what was wrong and what was missed, a line each; only for seeds that rules may be tuned on."""
    level = pooled([Judged(each.alerts, each.labels) for each in measured]).warn
    lines = "".join(f"    {line}\n" for line in score_tables.particulars(level))
    return f"\n## Wrong and missed\n\n{lines}"


def _head(measured: Sequence[Measured], size: Size, score: Score) -> str:
    seeds = [each.seed for each in measured]
    tuning = seeds[0] in TUNING
    options = (*size.options, "--seeds", str(len(seeds)), *(["--tuning"] if tuning else []))
    return HEAD.format(
        command=" ".join(("python -m benchmarks.accuracy", *options)),
        histories=counted(len(seeds), "history", "histories"),
        population=size.population,
        first=min(seeds),
        last=max(seeds),
        size=size.words,
        events=sum(each.events for each in measured),
        accounts=sum(len(_accounts(each)) for each in measured),
        innocents=score.innocents,
        weeks=score.account_weeks,
        affairs=score.overall.affairs,
        seeds=TUNED_ON if tuning else HELD_OUT,
    )


def _accounts(history: Measured) -> set[str]:
    """Return the accounts of a history; a visitor is labelled as an account named for the address."""
    subjects = (subject for label in history.labels for subject in label.subjects)
    return {
        subject.id for subject in subjects if subject.type == "account" and not subject.id.startswith("anon:")
    }


def _bars(held: Sequence[Bar]) -> Iterator[str]:
    said = {True: "yes", False: "**no**", None: "not measured"}
    rows = ((bar.what, bar.target, bar.value, bar.bounds, said[bar.met]) for bar in held)
    yield "## Bars\n\n" + _table(("what", "bar", "measured", "95 % bounds", "met"), rows)
    short = [(bar.what, "; ".join(bar.where)) for bar in held if bar.met is False and bar.where]
    if short:
        yield SHORT + _table(("bar", "most of what is missing"), short)


def _why(warn: Level) -> Iterator[str]:
    rows = list(reasons(warn))
    if rows:
        yield WHY + _table(("what", "how many", "what was seen"), rows)


def _summary(score: Score) -> str:
    levels = (score.warn.overall, score.restrict.overall)
    rows = [
        ("right of all cases", *(f"{row.precision.part} / {row.precision.whole}" for row in levels)),
        ("precision", *(bounded(row.precision) for row in levels)),
        ("precision by affair", *(bounded(row.affair_precision) for row in levels)),
        ("caught of all affairs", *(f"{row.caught} / {row.affairs}" for row in levels)),
        ("recall", *(bounded(row.recall) for row in levels)),
        ("F1", *(_number(row.f1) for row in levels)),
        (
            "delay, median and p90",
            *(f"{span(row.delay.median_ms)}, {span(row.delay.p90_ms)}" for row in levels),
        ),
        ("innocent accounts hit", *(f"{row.innocents_hit} / {row.hit.whole}" for row in levels)),
        ("false alarms", *(str(row.false_alarms.count) for row in levels)),
        ("per 1,000 innocent accounts and week", *(bounded(row.false_alarms) for row in levels)),
    ]
    return "## The whole\n\n" + _table(("", "`warn` or above", "`restrict` or above"), rows)


def _categories(score: Score) -> str:
    rows = (
        (
            f"`{row.name}`",
            f"{row.precision.part} / {row.precision.whole}",
            bounded(row.precision),
            f"{row.caught} / {row.affairs}",
            bounded(row.recall),
            _number(row.f1),
            span(row.delay.median_ms),
            span(row.delay.p90_ms),
            bounded(row.false_alarms),
        )
        for row in score.warn.by_category
    )
    headings = ("category", "right", "precision", "caught", "recall", "F1", "delay", "p90", "false alarms")
    return "## By category\n\nAt `warn` or above.\n\n" + _table(headings, rows)


def _difficulties(score: Score) -> str:
    rows = (
        (level.name, row.name, *_abuse(row))
        for level in (score.warn, score.restrict)
        for row in level.by_difficulty
    )
    return "## By difficulty\n\n" + _table(("at", "difficulty", *_ABUSE), rows)


def _abusers(score: Score) -> str:
    rows = ((row.name, *_abuse(row)) for row in score.warn.by_strength)
    return "## Abusers by profile and difficulty\n\nAt `warn` or above.\n\n" + _table(
        ("profile", *_ABUSE), rows
    )


def _innocents(score: Score) -> str:
    rows = (
        (
            row.name,
            str(row.hit.whole),
            str(row.innocents_hit),
            bounded(row.hit, 4),
            bounded(row.false_alarms, 2),
        )
        for row in score.warn.by_profile
        if row.hit.whole or row.false_alarms.count
    )
    headings = ("profile", "accounts", "hit", "share", "false alarms")
    return "## Innocents by profile\n\nAt `warn` or above.\n\n" + _table(headings, rows)


def _rare(score: Score) -> str:
    return RARE.format(share=score.restated.prevalence, precision=bounded(score.restated))


def _trade_off(levels: Iterable[tuple[float, Level]]) -> str:
    rows = (
        (
            f"{threshold:.2f}",
            bounded(level.overall.precision),
            bounded(level.overall.affair_precision),
            bounded(level.overall.recall),
            bounded(level.overall.false_alarms, 2),
        )
        for threshold, level in levels
    )
    return TRADE_OFF + _table(("score from", "precision", "by affair", "recall", "false alarms"), rows)


def _rivals(found: Iterable[Rival], theirs: Row, ours: Row) -> str:
    rows = [
        (
            each.baseline.rule,
            each.baseline.source,
            f"`{each.baseline.category}`",
            *_rival(each.theirs),
            *_rival(each.ours),
        )
        for each in found
    ]
    rows.append(("any of them", "", "all", *_rival(theirs), *_rival(ours)))
    headings = ("threshold", "of", "category", *_RIVAL, *(f"detector: {each}" for each in _RIVAL))
    return RIVALS + _table(headings, rows)


_ABUSE = ("right", "precision", "caught", "recall", "delay", "p90")
_RIVAL = ("precision", "recall", "false alarms")


def _abuse(row: Row) -> tuple[str, ...]:
    return (
        f"{row.precision.part} / {row.precision.whole}",
        bounded(row.precision),
        f"{row.caught} / {row.affairs}",
        bounded(row.recall),
        span(row.delay.median_ms),
        span(row.delay.p90_ms),
    )


def _rival(row: Row) -> tuple[str, str, str]:
    return _number(row.precision.value), _number(row.recall.value), _number(row.false_alarms.value, 2)


def _number(value: float | None, digits: int = 3) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)

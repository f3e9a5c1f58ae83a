"""`detector score`: how well alerts match labels."""

import dataclasses
import sys
from collections.abc import Sequence

import click
import msgspec
from rich import box
from rich.console import Console
from rich.table import Table

from detector.formats import open_lines
from detector.simulate import Score, read_alerts, read_labels
from detector.simulate import score as compare
from detector.simulate.tally import Row

PIPE_WIDTH = 200
HOUR_MS = 3_600_000
# Short, so that a table fits 80 columns.
HEADINGS = ("right", "prec.", "caught", "recall", "F1", "delay", "false", "rate")


@click.command(epilog="Example: detector score alerts.jsonl labels.jsonl")
@click.argument("alerts")
@click.argument("labels")
@click.option(
    "--events-weeks",
    type=click.FloatRange(min=0, min_open=True),
    help="How many weeks of events were judged; without it, the span of the labels.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def score(alerts: str, labels: str, *, events_weeks: float | None, as_json: bool) -> None:
    """Compare ALERTS with LABELS (JSON lines, plain or packed): precision, recall, delay and false alarms.

    Alerts below `warn` and releases accuse nobody and are left out. The columns: right alerts of all; affairs
    caught of all, where rows of one incident are one affair; the median delay from an affair's start to its
    first right alert; false alarms, that is how often innocents were accused, and their rate per 1,000
    innocent accounts and week.
    """
    truth = list(read_labels(open_lines(labels), labels))
    result = compare(read_alerts(open_lines(alerts), alerts), truth, events_weeks)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(dataclasses.asdict(result)), indent=2))
    else:
        show(result, Console(width=None if sys.stdout.isatty() else PIPE_WIDTH))


def show(result: Score, console: Console) -> None:
    """Print a score: tables on a terminal, the same as plain columns elsewhere."""
    console.print(f"{result.innocents} innocent accounts over {result.weeks:.2f} weeks", highlight=False)
    for title, rows in (
        ("category", (*result.by_category, result.overall)),
        ("profile", result.by_profile),
        ("difficulty", result.by_difficulty),
    ):
        if rows:
            console.print()
            console.print(_table(title, rows, terminal=console.is_terminal))


def _table(title: str, rows: Sequence[Row], *, terminal: bool) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD if terminal else None, pad_edge=False, padding=(0, 1 if terminal else 2, 0, 0)
    )
    table.add_column(title, no_wrap=True)
    for heading in HEADINGS:
        table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(row.name, *_cells(row))
    return table


def _cells(row: Row) -> tuple[str, ...]:
    return (
        f"{row.right}/{row.alerts}",
        _number(row.precision, 3),
        f"{row.caught}/{row.affairs}",
        _number(row.recall, 3),
        _number(row.f1, 3),
        "-" if row.median_delay_ms is None else f"{row.median_delay_ms / HOUR_MS:.1f} h",
        str(row.false_alarms),
        _number(row.false_alarm_rate, 1),
    )


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"

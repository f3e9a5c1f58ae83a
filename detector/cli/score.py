"""`detector score`: how well alerts match labels."""

import dataclasses
import sys

import click
import msgspec
from rich.console import Console

from detector.cli.score_tables import show
from detector.formats import open_lines
from detector.scoring import Judged, pooled, read_alerts, read_labels

PIPE_WIDTH = 200


@click.command(
    epilog="Examples: detector score alerts.jsonl labels.jsonl; "
    "detector score alerts-1.jsonl labels-1.jsonl alerts-2.jsonl labels-2.jsonl"
)
@click.argument("files", nargs=-1, required=True, metavar="ALERTS LABELS [ALERTS LABELS]...")
@click.option(
    "--events-weeks",
    type=click.FloatRange(min=0, min_open=True),
    help="How many weeks of events were judged in each history; without it, the span of its labels.",
)
@click.option("--details", is_flag=True, help="List every wrong alert and every affair that was missed.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def score(files: tuple[str, ...], *, events_weeks: float | None, details: bool, as_json: bool) -> None:
    """Compare ALERTS with LABELS (JSON lines, plain or packed): precision, recall, delay and false alarms.

    Several pairs count as one history. Alerts below `warn` and releases accuse nobody. A case is right if all
    its alerts are; rows of one incident are one affair, caught by its first right alert, and `delay` is the
    time from its start to that. Every innocent that an alert names is a false alarm; the rate is per 1,000
    innocent accounts and week. `low` and `high` are 95 % bounds: Wilson's for shares, Garwood's for rates.
    """
    if len(files) % 2:
        raise click.UsageError(f"ALERTS and LABELS come in pairs, {len(files)} files are given")
    pairs = zip(files[::2], files[1::2], strict=True)
    result = pooled([_judged(alerts, labels, events_weeks) for alerts, labels in pairs])
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(dataclasses.asdict(result)), indent=2))
    else:
        show(result, Console(width=None if sys.stdout.isatty() else PIPE_WIDTH), details=details)


def _judged(alerts: str, labels: str, weeks: float | None) -> Judged:
    truth = tuple(read_labels(open_lines(labels), labels))
    return Judged(tuple(read_alerts(open_lines(alerts), alerts)), truth, weeks)

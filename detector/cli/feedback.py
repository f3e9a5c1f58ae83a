"""`detector feedback`: what was said of alerts, as it counted."""

import asyncio

import click
import msgspec

from detector.cli.clients import hushed_clients
from detector.cli.entries_read import read_controls
from detector.cli.options import settings_options
from detector.settings import Settings


@click.group(epilog="Example: detector feedback export > feedback.jsonl")
def feedback() -> None:
    """Show what was said of alerts, and from which moments on it counted."""


@feedback.command(epilog="Example: detector feedback export > feedback.jsonl")
@settings_options("brokers", "group", "topic_detector_control")
def export(*, settings: Settings) -> None:
    """Write all feedback that the workers of the group were told, as `detector replay --feedback` reads it.

    Each line has the moment of event time from which it counts live. Who said it and in which words is not
    written: the workers keep neither.
    """
    with hushed_clients():
        _, known = asyncio.run(read_controls(settings))
    for said in sorted(known.since(0), key=lambda each: each.order):
        line = {"key": said.key, "value": said.feedback, "counts_from": said.counts_from}
        click.echo(msgspec.json.encode(line))

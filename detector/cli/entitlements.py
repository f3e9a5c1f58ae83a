"""`detector entitlements`: what platforms granted, and what their allow entries were used for."""

import asyncio
import sys

import click
import msgspec
from rich.console import Console

from detector.cli.clients import hushed_clients
from detector.cli.entitlements_table import show_entries, show_history
from detector.cli.entries_read import Granted, read_entitlements, read_granted, said_of
from detector.cli.options import settings_options
from detector.settings import Settings

PIPE_WIDTH = 200
_SETTINGS = ("brokers", "redis_url", "group", "topic_session_events", "topic_detector_control")


@click.group(epilog="Example: detector entitlements list")
def entitlements() -> None:
    """Show what is granted to accounts and organisations, and what for it was used.

    What counts is what the workers of the group were told, at the newest moment of event time that they have
    judged. Uses are those of the last checkpoints, a few seconds old at most; they take the workers'
    DETECTOR_PSEUDONYM_KEY (and DETECTOR_PSEUDONYM_KEY_OTHER while keys change).
    """


@entitlements.command("list", epilog="Example: detector entitlements list --doubtful")
@click.option(
    "--doubtful",
    is_flag=True,
    help="Only what needs a look: unused, used from somewhere new, wide, unexplained.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@settings_options(*_SETTINGS)
def list_(*, doubtful: bool, as_json: bool, settings: Settings) -> None:
    """List the allow entries that are valid: whose, what, and how often, when and from where used."""
    granted = _read(settings, None)
    entries = [said_of(entry, granted.moment) for entry in granted.entries]
    if doubtful:
        entries = [entry for entry in entries if entry.doubts]
    if as_json:
        _print({"moment": granted.moment, "entries": entries})
    else:
        show_entries(entries, granted.moment, _console())


@entitlements.command(epilog="Example: detector entitlements show org:acme")
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@settings_options(*_SETTINGS)
@click.pass_context
def show(ctx: click.Context, /, *, key: str, as_json: bool, settings: Settings) -> None:
    """Show what was said of KEY, an account or `org:` and an organisation; nothing is exit code 1."""
    granted = _read(settings, key)
    history = granted.entitlements.of(key)
    if not history:
        click.echo(f"nothing was ever said of {key} in group {settings.group}", err=True)
        ctx.exit(1)
    entries = [said_of(entry, granted.moment) for entry in granted.entries]
    if as_json:
        told = [{"since": since, "entitlement": value} for since, value in history]
        _print({"key": key, "moment": granted.moment, "history": told, "entries": entries})
    else:
        show_history(key, history, granted.moment, _console())
        show_entries(entries, granted.moment, _console())


@entitlements.command(epilog="Example: detector entitlements export > entitlements.jsonl")
@settings_options("brokers", "group", "topic_detector_control")
def export(*, settings: Settings) -> None:
    """Write all that the workers of the group were told, as `detector replay --entitlements` reads it.

    Each line has the moment of event time from which it counts live, those that came late and removals too.
    """
    with hushed_clients():
        known = asyncio.run(read_entitlements(settings))
    for said in known.stamped():
        line = {"key": said.key, "value": said.entitlement, "counts_from": said.counts_from}
        click.echo(msgspec.json.encode(line))


def _read(settings: Settings, key: str | None) -> Granted:
    with hushed_clients():
        return asyncio.run(read_granted(settings, key))


def _print(said: object) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(said), indent=2))


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)

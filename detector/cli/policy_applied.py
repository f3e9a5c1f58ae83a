"""`detector policy applied`: what was done to the policies of a group, and the texts."""

import asyncio
from pathlib import Path

import click
import msgspec

from detector.cli.clients import hushed_clients
from detector.cli.moment import here_and_utc
from detector.cli.options import settings_options
from detector.cli.policy_control import CONTROL_SETTINGS, Control, from_text
from detector.cli.replay_files import replacing
from detector.errors import InputError
from detector.policy.applied import Ended, PolicyRecord, Tried
from detector.policy.reading import PolicyError
from detector.policy.version import NEVER, Version
from detector.settings import Settings


@click.command(
    epilog="Examples: detector policy applied; detector policy applied --text 2 > policy.toml; "
    "detector policy applied --to applied.jsonl"
)
@click.option("--text", metavar="VERSION", help="Write the file of this version, as it was applied.")
@click.option(
    "--to",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="Write all of them, JSON lines, for detector replay --applied; - is standard output.",
)
@settings_options(*CONTROL_SETTINGS)
def applied(*, text: str | None, to: Path | None, settings: Settings) -> None:
    """List what was done with detector policy apply and end, in the order in which it was.

    --policy names the files with which the workers were started, as DETECTOR_POLICY does for them.
    """
    with hushed_clients():
        control = asyncio.run(Control.read(settings))
    if to is not None:
        with replacing(to) as out:
            out.writelines(msgspec.json.encode(record) + b"\n" for record, _ in control.records)
    if text is not None:
        click.echo(_text([record for record, _ in control.records], text), nl=False)
    if to is not None or text is not None:
        return
    for record, version in control.records:
        click.echo(_line(record, version, control))
    if not control.records:
        click.echo(
            "nothing was applied: workers go by their files (DETECTOR_POLICY), or by the shipped policy"
        )


def _text(records: list[PolicyRecord], version: str) -> str:
    """Return the text of a version as it was applied last; raises `InputError` where it never was."""
    for record in reversed(records):
        if record.version == version and not isinstance(record, Ended):
            return record.text
    raise InputError(f"version {version} was never applied; detector policy applied lists those that were")


def _line(record: PolicyRecord, version: Version | PolicyError | None, control: Control) -> str:
    parts = [
        f"version {record.version} {from_text(record.counts_from)}: {_standing(record, version, control)}"
    ]
    if record.author is not None:
        parts.append(f"by {record.author}")
    if record.note is not None:
        parts.append(record.note)
    if not isinstance(record, Ended):
        parts.append(f"policy_hash {record.hash}")
    return "; ".join(parts)


def _standing(record: PolicyRecord, version: Version | PolicyError | None, control: Control) -> str:
    book, frontier = control.book, control.frontier
    if isinstance(version, PolicyError):
        return f"cannot be used by this release ({version.problems[0]})"
    if isinstance(record, Ended) or version is None:
        return "no more in shadow" if record.counts_from <= frontier else "no more in shadow, to come"
    if isinstance(record, Tried):
        return _in_shadow(book.tried(record.version) or version, frontier)
    if book.versions[book.version_at(frontier)] is version:
        return "in force"
    if book.versions[book.version_at(version.since_ms)] is not version:
        return "replaced before it counted"
    return "to come" if version.since_ms > frontier else "was in force"


def _in_shadow(version: Version, frontier: int) -> str:
    until = "" if version.until_ms == NEVER else f", until {here_and_utc(version.until_ms)}"
    if version.until_ms <= frontier:
        return f"was in shadow{until}"
    return f"in shadow{', to come' if version.since_ms > frontier else ''}{until}"

"""`detector policy applied`: the policies that were applied to a group, and their texts."""

import asyncio
from pathlib import Path

import click
import msgspec

from detector.cli.clients import hushed_clients
from detector.cli.moment import here_and_utc
from detector.cli.options import settings_options
from detector.cli.replay_files import replacing
from detector.errors import InputError
from detector.policy import Book, load_book
from detector.policy.applied import Applied, put_all
from detector.policy.book import Version
from detector.policy.reading import PolicyError
from detector.settings import Settings
from detector.stream.kafka import KafkaClients
from detector.stream.policy_log import highest_frontier, read_policies


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
@settings_options("brokers", "group", "topic_session_events", "topic_detector_control", "policy")
def applied(*, text: str | None, to: Path | None, settings: Settings) -> None:
    """List what was applied with detector policy apply, in the order in which it was.

    --policy names the files with which the workers were started, as DETECTOR_POLICY does for them.
    """
    with hushed_clients():
        records, frontier = asyncio.run(_read(settings))
    if to is not None:
        with replacing(to) as out:
            out.writelines(msgspec.json.encode(record) + b"\n" for record in records)
    if text is not None:
        click.echo(_text(records, text), nl=False)
    if to is not None or text is not None:
        return
    book = load_book(settings.policy)
    for record, version in put_all(book, records):
        click.echo(_line(record, version, book, frontier))
    if not records:
        click.echo(
            "nothing was applied: workers go by their files (DETECTOR_POLICY), or by the shipped policy"
        )


async def _read(settings: Settings) -> tuple[list[Applied], int]:
    """Return what was applied, and how far the group has judged, Unix ms."""
    clients = KafkaClients(settings.brokers, settings.kafka_security(), check_crcs=settings.check_crcs)
    records = await read_policies(clients, settings.topics.control)
    return records, await highest_frontier(clients, settings.group, settings.topics.session_events)


def _text(records: list[Applied], version: str) -> str:
    """Return the text of a version as it was applied last; raises `InputError` where it never was."""
    for record in reversed(records):
        if record.version == version:
            return record.text
    raise InputError(f"version {version} was never applied; detector policy applied lists those that were")


def _line(record: Applied, version: Version | PolicyError, book: Book, frontier: int) -> str:
    since = f"from {here_and_utc(record.counts_from)} on" if record.counts_from > 0 else "from ever"
    parts = [f"version {record.version} {since}: {_standing(version, book, frontier)}"]
    if record.author is not None:
        parts.append(f"by {record.author}")
    if record.note is not None:
        parts.append(record.note)
    return "; ".join([*parts, f"policy_hash {record.hash}"])


def _standing(version: Version | PolicyError, book: Book, frontier: int) -> str:
    if isinstance(version, PolicyError):
        return f"cannot be used by this release ({version.problems[0]})"
    if book.versions[book.version_at(frontier)] is version:
        return "in force"
    if book.versions[book.version_at(version.since_ms)] is not version:
        return "replaced before it counted"
    return "to come" if version.since_ms > frontier else "was in force"
